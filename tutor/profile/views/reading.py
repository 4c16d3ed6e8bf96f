"""The page on which a learner sees who has read them."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tutor.accounts.services import signed_in
from tutor.classrooms.selectors import student_memberships
from tutor.conversations.selectors import receipts_about
from tutor.paging import page_of
from tutor.profile.presenters import earlier_rows, membership_rows

READINGS_A_PAGE = 100


@login_required
@require_safe
def readers(request: HttpRequest) -> HttpResponse:
    person = signed_in(request.user)
    context = {
        "page": page_of(receipts_about(person), request, READINGS_A_PAGE),
        "memberships": membership_rows(student_memberships(person)),
        "earlier": earlier_rows(person),
    }
    return render(request, "profile/readers.html", context)
