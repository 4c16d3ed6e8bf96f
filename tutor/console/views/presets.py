"""The preset: one form, its history, and a try before saving."""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tutor.console import asking, presenters
from tutor.console.guards import (
    administrator,
    administrator_async,
    administrators_only,
    administrators_only_async,
    render_async,
)
from tutor.console.preset_form import PresetForm
from tutor.llm.engine_status import engine_status
from tutor.llm.presets import Purpose, current_version, find_version, save_version, use_again, versions_of
from tutor.llm.selection import choose
from tutor.paging import page_of

VERSIONS_A_PAGE = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def preset(request: HttpRequest) -> HttpResponse:
    form = _form(request)
    if request.method != "POST" or not form.is_valid():
        return render(request, "console/preset.html", _context(request, form))
    purpose = _purpose(request)
    version = save_version(current_version(purpose).preset, administrator(request), **form.values())
    words = _("Version %(number)s. New conversations begin with it.")
    if purpose != Purpose.REPLY:
        words = _("Version %(number)s. It is used from now on.")
    messages.success(request, words % {"number": version.number})
    return _back_to(purpose)


@login_required
@require_POST
@administrators_only_async
async def try_it(request: HttpRequest) -> HttpResponse:
    """A test sentence with the values of the form, which is not saved."""
    form = await sync_to_async(_form)(request)
    context = await sync_to_async(_context)(request, form)
    if form.is_valid():
        values = form.values()
        model = values["model"] or choose(engine_status(), "", values["mode"]).model
        person = await administrator_async(request)
        tried = await asking.try_out(person, "", model, values["options"], values["keep_alive"])
        context |= presenters.tested(tried)
    return await render_async(request, "console/preset.html", context)


@login_required
@require_POST
@administrators_only
def again(request: HttpRequest, preset: UUID) -> HttpResponse:
    """An earlier version's values as a new version."""
    number = request.POST.get("number", "")
    if not number:
        return _back_to(_purpose(request))
    found = find_version(preset, int(number)) if number.isdecimal() and len(number) < 9 else None
    if found is None:
        raise Http404
    version = use_again(found, administrator(request))
    words = _("Version %(number)s has the values of version %(old)s.")
    messages.success(request, words % {"number": version.number, "old": found.number})
    return _back_to(found.preset.purpose)


def _purpose(request: HttpRequest) -> str:
    """What the address asks for; replies where it asks for nothing that there is."""
    asked = request.GET.get("purpose", "")
    return asked if asked in Purpose.values else Purpose.REPLY


def _back_to(purpose: str) -> HttpResponse:
    address = reverse("console-presets")
    return redirect(address if purpose == Purpose.REPLY else f"{address}?purpose={purpose}")


def _form(request: HttpRequest) -> PresetForm:
    return PresetForm(
        request.POST if request.method == "POST" else None,
        picture=engine_status(),
        current=current_version(_purpose(request)),
    )


def _context(request: HttpRequest, form: PresetForm) -> dict[str, object]:
    current = current_version(_purpose(request))
    return {
        "form": form,
        "current": current,
        "purpose": _purpose(request),
        "purposes": Purpose.choices,
        "page": page_of(versions_of(current.preset), request, VERSIONS_A_PAGE),
    }
