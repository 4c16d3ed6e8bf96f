"""The first minutes of a house."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_safe

from tutor import policy
from tutor.accounts.addresses import join_address
from tutor.accounts.login_as import login_as
from tutor.accounts.services import LinkEnded, signed_in
from tutor.classrooms.selectors import children_of
from tutor.qr import qr_image
from tutor.welcome.forms import SetUpForm
from tutor.welcome.services import Begun, check_set_up
from tutor.welcome.services import set_up as begin
from tutor.welcome.views.pages import link_ended

INVITATION = "set-up-invitation"


@never_cache
@sensitive_post_parameters("password1", "password2")
@require_http_methods(["GET", "HEAD", "POST"])
def set_up(request: HttpRequest, token: str) -> HttpResponse:
    """The one-time link from the terminal. Opening it spends nothing; the finished form does."""
    try:
        check_set_up(token)
        form = SetUpForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return render(request, "welcome/set_up.html", {"form": form})
        begun = begin(token, form)
    except LinkEnded:
        return link_ended(request)
    return _enter(request, begun)


def _enter(request: HttpRequest, begun: Begun) -> HttpResponse:
    login_as(request, begun.person)
    if begun.classroom is None:
        return redirect("set-up-model")
    if begun.invitation:
        # Shown on the next page, and forgotten with the step after it.
        request.session[INVITATION] = begun.invitation
    return redirect("set-up-people")


@never_cache
@login_required
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Show what was just founded: the invitation of the class, or the family's device and children."""
    classroom = policy.taught(signed_in(request.user)).order_by("-created").first()
    if classroom is None:
        return redirect("home")
    token = request.session.get(INVITATION)
    address = join_address(token) if token else ""
    context = {
        "classroom": classroom,
        "children": children_of(classroom),
        "address": address,
        "qr": qr_image(address) if address else "",
    }
    return render(request, "welcome/people.html", context)
