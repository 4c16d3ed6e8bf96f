"""Who has read you."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tutor.accounts.services import signed_in
from tutor.conversations.selectors import readings_about
from tutor.learners.selectors import student_memberships
from tutor.profile.shown import shown_memberships


@login_required
@require_safe
def readers(request: HttpRequest) -> HttpResponse:
    person = signed_in(request.user)
    context = {
        "readings": readings_about(person),
        "memberships": shown_memberships(student_memberships(person)),
    }
    return render(request, "profile/readers.html", context)
