"""The step after set-up: which engine answers, and, if none does, whether to fetch a model for the built-in one."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from tutor.accounts.services import signed_in
from tutor.jobs.messages import BUSY
from tutor.jobs.store import Busy
from tutor.welcome import fetching
from tutor.welcome.views.set_up import INVITATION


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def engine(request: HttpRequest) -> HttpResponse:
    """Nothing is fetched before the administrator says so here."""
    person = signed_in(request.user)
    if not person.is_administrator:
        raise Http404
    request.session.pop(INVITATION, None)
    if request.method == "POST":
        try:
            if not fetching.command(request.POST.get("do", ""), request.POST.get("model", ""), person):
                raise Http404
        except Busy:
            messages.error(request, str(BUSY))
        return redirect("set-up-model")
    return render(request, "welcome/engine.html", fetching.picture())
