"""What the set-up page says about engines and weights, in plain values."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tutor.accounts.models import User
from tutor.jobs.messages import size_text, time_text
from tutor.jobs.presenters import jobs_shown
from tutor.jobs.registry import registry
from tutor.llm import weights
from tutor.llm.engine_status import engine_status
from tutor.llm.selection import current_model
from tutor.llm.weights_job import WeightsJob, engine_starts
from tutor.llm.weights_messages import SOURCES

# Why the built-in engine can't run here, whatever weights it has.
_UNFIT = {
    "off": _("The built-in engine is switched off in this house’s settings."),
    "no_wheel": _("The built-in engine isn’t available for this kind of computer. Ollama may be."),
    "no_libgomp": _("The built-in engine needs a system library. In a terminal: sudo apt-get install libgomp1"),
    "no_avx2": _("This computer’s processor is too old for the built-in engine."),
    "no_memory": _("Too little memory is free for the built-in engine."),
}


def picture() -> dict[str, Any]:
    """Everything the page shows."""
    now, jobs, waking = current_model(), jobs_shown(), engine_starts()
    needed = not now.available or now.host_kind == "builtin"
    builtin = next((engine.problem for engine in engine_status().engines if engine.kind == "builtin"), "")
    return {
        "now": now,
        "ollama_without_model": any(e.answers and e.kind == "ollama" and not e.models for e in engine_status().engines),
        "unfit": _UNFIT.get(builtin, "") if needed else "",
        "engine_starts": waking,
        "looking": weights.looking(),
        "looked": weights.looked(),
        "offers": _shown_offers() if needed and not jobs["jobs_open"] else [],
        **jobs,
    }


def _shown_offers() -> list[dict[str, object]]:
    """What could be fetched and is not here yet: the suggested one first, then what can be had, the best first."""
    shown = [offer for offer in weights.offers() if not offer.installed]
    return [
        {
            "row": offer,
            "size": size_text(offer.size_bytes),
            "time": time_text(offer.seconds) if offer.seconds else "",
            "source": SOURCES.get(offer.source, offer.source),
            "fetchable": offer.fits and offer.source,
        }
        for offer in sorted(shown, key=lambda offer: (not offer.best, not (offer.fits and offer.source)))
    ]


def command(do: str, model: str, by: User) -> bool:
    """Carry out one of the page's buttons. False for what is none. Raises Busy while another model is fetched."""
    if do == "look":
        weights.look()
        return True
    if do != "start" or model not in {offer.name for offer in weights.offers() if offer.fits}:
        return False
    registry.begin(WeightsJob(model), by)
    return True
