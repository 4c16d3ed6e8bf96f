"""Long work under way: the list that every page about it shows, and its buttons."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tutor.console.guards import administrator, administrators_only
from tutor.jobs.messages import BUSY, NOT_HERE
from tutor.jobs.presenters import jobs_shown
from tutor.jobs.services import NotNow, steer_job
from tutor.jobs.store import Busy, find
from tutor.llm.weights_job import engine_starts

# The pages that show the list, and are come back to.
PAGES = {"console", "set-up-model"}


@never_cache
@login_required
@require_safe
@administrators_only
def listing(request: HttpRequest) -> HttpResponse:
    """The part of a page that changes, for the script that asks for it again and again."""
    return render(request, "jobs/list.html", {**jobs_shown(), "engine_starts": engine_starts()})


@login_required
@require_POST
@administrators_only
def steer(request: HttpRequest, job: UUID) -> HttpResponse:
    """``do``: pause, resume, cancel, discard, hide."""
    row = find(job)
    if row is None:
        raise Http404
    try:
        steer_job(row, request.POST.get("do", ""), by=administrator(request))
    except NotNow:
        messages.error(request, str(NOT_HERE))
    except Busy:
        messages.error(request, str(BUSY))
    page = request.POST.get("page", "")
    return redirect(page if page in PAGES else "console")
