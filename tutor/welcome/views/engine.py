"""The step after set-up: which engine answers, and, if none does, whether to fetch a model for the built-in one."""

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from tutor.accounts.services import signed_in
from tutor.welcome import fetching
from tutor.welcome.views.set_up import INVITATION


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def engine(request: HttpRequest) -> HttpResponse:
    """Nothing is fetched before the administrator says so here."""
    _administrators_only(request)
    request.session.pop(INVITATION, None)
    if request.method == "POST":
        if not fetching.command(request.POST.get("do", ""), request.POST.get("model", "")):
            raise Http404
        return redirect("set-up-model")
    return render(request, "welcome/engine.html", fetching.picture())


@never_cache
@login_required
@require_safe
def progress(request: HttpRequest) -> HttpResponse:
    """The part of the page that changes, for the script that asks every second."""
    _administrators_only(request)
    return render(request, "welcome/_fetch.html", fetching.picture())


def _administrators_only(request: HttpRequest) -> None:
    if not signed_in(request.user).is_administrator:
        raise Http404
