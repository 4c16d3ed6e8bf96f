"""Models: does it fit, does it answer, which one talks; and the weights of the built-in engine."""

from asgiref.sync import sync_to_async
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from tutor.console import asking, presenters
from tutor.console.guards import administrator_async, administrators_only, administrators_only_async, render_async
from tutor.llm import weights
from tutor.llm.presets import current_version


@never_cache
@login_required
@require_safe
@administrators_only
def overview(request: HttpRequest) -> HttpResponse:
    return render(request, "console/models.html", presenters.overview())


@login_required
@require_POST
@administrators_only_async
async def look_again(request: HttpRequest) -> HttpResponse:
    engines = asking.own_engines()
    if engines is not None:
        await engines.probe_now()
    return redirect("console")


@login_required
@require_POST
@administrators_only_async
async def test(request: HttpRequest) -> HttpResponse:
    """A test sentence, with the preset's options; at most 60 s."""
    version = await sync_to_async(current_version)()
    model, host = request.POST.get("model", "")[:200], request.POST.get("host", "")
    person = await administrator_async(request)
    tried = await asking.try_out(person, host, model, version.options, version.keep_alive)
    return await render_async(request, "console/tested.html", presenters.tested(tried))


@login_required
@require_POST
@administrators_only
def fetch(request: HttpRequest) -> HttpResponse:
    """Begin, pause, go on with or end the fetch of a built-in model. Nothing comes before somebody says so here."""
    do, model = request.POST.get("do", ""), request.POST.get("model", "")
    act = {"look": weights.look, "pause": weights.pause, "resume": weights.resume, "cancel": weights.cancel}.get(do)
    if act is not None:
        act()
    elif do == "start" and model in {offer.name for offer in weights.offers() if offer.fits and offer.source}:
        weights.start(model)
    else:
        messages.error(request, _("That cannot be fetched just now."))
    return redirect("console")


@never_cache
@login_required
@require_safe
@administrators_only
def progress(request: HttpRequest) -> HttpResponse:
    """The part of the row that changes, for the script that asks every second."""
    return render(request, "console/fetching.html", presenters.fetching())
