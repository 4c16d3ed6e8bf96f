"""What an administrator changes about one person."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from tutor import policy
from tutor.accounts.reset_code_context import reset_code_context
from tutor.accounts.services import make_reset_code
from tutor.console import selectors
from tutor.console.guards import administrator, administrators_only
from tutor.console.services import LastAdministrator, set_active, set_administrator


@login_required
@require_POST
@administrators_only
def active(request: HttpRequest, person: UUID) -> HttpResponse:
    """``on=1`` opens the account, anything else closes it."""
    actor, found, on = administrator(request), selectors.find_anybody(person), request.POST.get("on") == "1"
    if found is None:
        raise Http404
    if found == actor:
        messages.error(request, _("Somebody else has to close your account."))
        return redirect("console-people")
    try:
        set_active(found, active=on, actor=actor)
    except LastAdministrator:
        return _refused(request)
    words = _("%(name)s can sign in again.") if on else _("%(name)s is signed out and cannot sign in.")
    messages.success(request, words % {"name": found.shown_name})
    return redirect("console-people")


@login_required
@require_POST
@administrators_only
def administration(request: HttpRequest, person: UUID) -> HttpResponse:
    """``on=1`` gives the rights, anything else takes them."""
    actor, found, on = administrator(request), selectors.find_anybody(person), request.POST.get("on") == "1"
    if found is None:
        raise Http404
    try:
        set_administrator(found, administrator=on, actor=actor)
    except LastAdministrator:
        return _refused(request)
    words = _("%(name)s administers this house now.") if on else _("%(name)s no longer administers this house.")
    messages.success(request, words % {"name": found.shown_name})
    return redirect("home" if found == actor else "console-people")


@never_cache
@login_required
@require_POST
@administrators_only
def new_password(request: HttpRequest, person: UUID) -> HttpResponse:
    """A one-time code for somebody who forgot their password, shown this once."""
    actor, found = administrator(request), selectors.find_anybody(person)
    if found is None or not policy.may_help(actor, found):
        raise Http404
    context = {"person": found, "back": reverse("console-people"), **reset_code_context(make_reset_code(actor, found))}
    return render(request, "account/one_time_code.html", context)


def _refused(request: HttpRequest) -> HttpResponse:
    messages.error(request, _("Somebody has to stay who administers this house. Name another administrator first."))
    return redirect("console-people")
