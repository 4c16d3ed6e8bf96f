"""Hosts: where Ollama runs, how many replies it takes at once, and what answers there."""

from uuid import UUID

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from tutor.console import asking, presenters
from tutor.console import messages as sentences
from tutor.console.forms import HostForm
from tutor.console.guards import administrator, administrators_only, administrators_only_async, render_async
from tutor.llm.engine_status import engine_status
from tutor.llm.hosts import every_host, find_host, place_of, save_host


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def hosts(request: HttpRequest) -> HttpResponse:
    """All of them, and a form for one more."""
    form = HostForm(request.POST or None)
    if request.method != "POST" or not form.is_valid():
        return render(request, "console/hosts.html", _context(form))
    save_host(None, **form.cleaned_data, by=administrator(request))
    return _saved(request, form)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@administrators_only
def host(request: HttpRequest, host: UUID) -> HttpResponse:
    found = find_host(host)
    if found is None:
        raise Http404
    kept = {"base_url": found.base_url, "parallelism": found.parallelism, "enabled": found.enabled}
    form = HostForm(request.POST if request.method == "POST" else None, initial=kept)
    if request.method != "POST" or not form.is_valid():
        return render(request, "console/hosts.html", _context(form, str(found.public_id)))
    save_host(found, **form.cleaned_data, by=administrator(request))
    return _saved(request, form)


@login_required
@require_POST
@administrators_only_async
async def ask(request: HttpRequest) -> HttpResponse:
    """What answers at the address in the form, before it is saved."""
    form = HostForm(request.POST)
    context = await sync_to_async(_context)(form, request.POST.get("host", ""))
    engines = asking.own_engines()
    if form.is_valid():
        address = form.cleaned_data["base_url"]
        context |= {"asked_address": address, "asked_place": sentences.PLACES[place_of(address)]}
        if engines is None:
            context["asked_words"] = sentences.TEST_PROBLEMS["no_supervisor"]
        else:
            state = await engines.ask(address)
            context |= {"asked_words": presenters.engine_words(state), "asked_answers": state.answers}
    return await render_async(request, "console/hosts.html", context)


def _context(form: HostForm, editing: str = "") -> dict[str, object]:
    states = {one.state.host: one for one in presenters.engines(engine_status())}
    rows = [(row, states.get(str(row.public_id)), sentences.PLACES[place_of(row.base_url)]) for row in every_host()]
    known = any(str(row.public_id) == editing for row, _state, _place in rows)
    return {"rows": rows, "form": form, "editing": editing if known else ""}


def _saved(request: HttpRequest, form: HostForm) -> HttpResponse:
    asking.look_again_soon()
    messages.success(request, _("Saved. It is being asked."))
    if place_of(form.cleaned_data["base_url"]) == "outside":
        messages.warning(request, sentences.OUTSIDE)
    return redirect("console-hosts")
