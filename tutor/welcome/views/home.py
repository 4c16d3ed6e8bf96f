"""The way from ``/`` to the room that is this person's."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_safe

from tutor import policy
from tutor.accounts.services import signed_in, somebody_administers
from tutor.classrooms.devices import trusted_family
from tutor.classrooms.selectors import is_learner


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_room(request))
    if not somebody_administers():
        return render(request, "welcome/not_set_up.html")
    return redirect("switch" if trusted_family(request) else "account_login")


def _room(request: HttpRequest) -> str:
    person = signed_in(request.user)
    if is_learner(person):
        return "/talk/"
    if policy.teaches(person):
        return "/review/"
    return "/console/" if person.is_administrator else "/you/"
