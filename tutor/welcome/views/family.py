"""A family's device: a tap on a name is a child's way in. Parents always say their password."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from tutor.accounts.login_as import login_as
from tutor.accounts.services import LinkEnded, find_person
from tutor.classrooms.devices import mark_device, trusted_family
from tutor.classrooms.selectors import children_by_tap, children_of, teachers_of
from tutor.classrooms.services import trust_device
from tutor.welcome.services import family_of
from tutor.welcome.views.pages import link_ended
from tutor.welcome.way_back import way_back


@never_cache
@require_safe
def switch(request: HttpRequest) -> HttpResponse:
    """Ask who it is. On a stranger's device this is the sign-in page."""
    family = trusted_family(request)
    if family is None:
        return redirect("account_login")
    by_tap = children_by_tap(family)
    children = [(child, child in by_tap) for child in children_of(family)]
    context = {"family": family, "children": children, "parents": teachers_of(family)}
    context["next"] = request.GET.get("next", "")
    return render(request, "welcome/family.html", context)


@require_POST
def enter(request: HttpRequest, child: UUID) -> HttpResponse:
    """The tap. Nobody but a child of this device's family, who has no password, comes in here."""
    family, person = trusted_family(request), find_person(child)
    if family is None or person is None or person not in children_by_tap(family):
        raise Http404
    login_as(request, person)
    return redirect(way_back(person, request.POST.get("next", "")))


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def device(request: HttpRequest, token: str) -> HttpResponse:
    """A parent's one-time link, opened on another device, makes it the family's."""
    try:
        family = family_of(token)
        if request.method != "POST":
            return render(request, "welcome/device.html", {"family": family})
        family = trust_device(token)
    except LinkEnded:
        return link_ended(request)
    response = redirect("switch")
    mark_device(response, family)
    return response
