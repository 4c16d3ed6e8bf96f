"""Faults: replies that did not come about, in the words of the engine that they were asked of."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from tutor.console.guards import administrators_only
from tutor.conversations.selectors import faulty_replies
from tutor.paging import page_of

FAULTS_A_PAGE = 50


@login_required
@require_safe
@administrators_only
def faults(request: HttpRequest) -> HttpResponse:
    """The newest first; ``?reply=`` looks for one by its id."""
    wanted = request.GET.get("reply", "").strip()[:40]
    page = page_of(faulty_replies(wanted), request, FAULTS_A_PAGE)
    return render(request, "console/faults.html", {"page": page, "wanted": wanted})
