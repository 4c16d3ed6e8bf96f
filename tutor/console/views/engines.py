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
from tutor.console.guards import (
    administrator,
    administrator_async,
    administrators_only,
    administrators_only_async,
    render_async,
)
from tutor.jobs.messages import BUSY
from tutor.jobs.registry import registry
from tutor.jobs.store import Busy
from tutor.llm import weights
from tutor.llm.presets import current_version
from tutor.llm.weights_job import WeightsJob


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
    """Ask where built-in models can be had, or begin to fetch one. Nothing comes before somebody says so here."""
    do, model = request.POST.get("do", ""), request.POST.get("model", "")
    if do == "look":
        weights.look()
    elif do == "start" and model in {offer.name for offer in weights.offers() if offer.fits and offer.source}:
        _begin(request, model)
    else:
        messages.error(request, _("That cannot be fetched just now."))
    return redirect("console")


def _begin(request: HttpRequest, model: str) -> None:
    try:
        registry.begin(WeightsJob(model), administrator(request))
    except Busy:
        messages.error(request, str(BUSY))
