"""What the set-up page says about engines and weights, in plain values."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from tutor.llm import weights
from tutor.llm.engine_status import engine_status
from tutor.llm.selection import current_model
from tutor.llm.weights_messages import SOURCES, fault_text, size_text, time_text

_ENDED = {"done", "failed", "cancelled"}
# Why the built-in engine can't run here, whatever weights it has.
_UNFIT = {
    "off": _("The built-in engine is switched off in this house’s settings."),
    "no_wheel": _("The built-in engine isn’t available for this kind of computer. Ollama may be."),
    "no_libgomp": _("The built-in engine needs a system library. In a terminal: sudo apt-get install libgomp1"),
    "no_avx2": _("This computer’s processor is too old for the built-in engine."),
    "no_memory": _("Too little memory is free for the built-in engine."),
}


def picture() -> dict[str, Any]:
    """Everything the page and its changing part show."""
    now, fetch = current_model(), weights.progress()
    running = fetch is not None and fetch.state not in _ENDED
    needed = not now.available or now.host_kind == "builtin"
    offers = _shown_offers() if needed and not running else []
    builtin = next((engine.problem for engine in engine_status().engines if engine.kind == "builtin"), "")
    return {
        "now": now,
        "fetch": fetch,
        "running": running,
        "ollama_without_model": any(e.answers and e.kind == "ollama" and not e.models for e in engine_status().engines),
        "unfit": _UNFIT.get(builtin, "") if needed else "",
        "waking": not now.available and (builtin == "starting" or _came_just_now(fetch, builtin)),
        "looking": weights.looking(),
        "looked": weights.looked(),
        "offers": offers,
        **(_words(fetch) if fetch else {}),
    }


def _came_just_now(fetch: weights.Progress | None, builtin: str) -> bool:
    """Whole weights have come, and the engine has not looked for them yet."""
    return fetch is not None and fetch.state == "done" and builtin in {"", "no_weights"}


def _words(fetch: weights.Progress) -> dict[str, object]:
    return {
        "problem": fault_text(fetch) if fetch.state == "failed" else "",
        "percent": min(100, round(100 * fetch.bytes_done / fetch.bytes_total)) if fetch.bytes_total else 0,
        "so_far": size_text(fetch.bytes_done),
        "whole": size_text(fetch.bytes_total),
        "left": time_text(fetch.seconds_left) if fetch.seconds_left is not None else "",
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


def command(do: str, model: str) -> bool:
    """Carry out one of the page's buttons. False for what is none."""
    if do == "start":
        if model not in {offer.name for offer in weights.offers() if offer.fits}:
            return False
        weights.start(model)
        return True
    act = {"look": weights.look, "pause": weights.pause, "resume": weights.resume, "cancel": weights.cancel}.get(do)
    if act is not None:
        act()
    return act is not None
