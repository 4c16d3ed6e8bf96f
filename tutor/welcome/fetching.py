"""What the set-up page says about engines and weights, in plain values."""

from typing import Any

from tutor.catalogue import weights
from tutor.catalogue.board import board
from tutor.catalogue.choice import answering
from tutor.catalogue.weights_words import SOURCES, fault_text, size_text, time_text

_ENDED = {"done", "failed", "cancelled"}


def picture() -> dict[str, Any]:
    """Everything the page and its changing part show."""
    now, fetch = answering(), weights.progress()
    running = fetch is not None and fetch.state not in _ENDED
    needed = not now.available or now.host_kind == "builtin"
    return {
        "now": now,
        "fetch": fetch,
        "running": running,
        "ollama_without_model": any(e.answers and e.kind == "ollama" and not e.models for e in board().engines),
        "starting": any(e.kind == "builtin" and e.problem == "starting" for e in board().engines),
        "offers": _shown_offers() if needed and not running else [],
        **(_words(fetch) if fetch else {}),
    }


def _words(fetch: weights.Progress) -> dict[str, object]:
    return {
        "problem": fault_text(fetch) if fetch.state == "failed" else "",
        "percent": min(100, round(100 * fetch.bytes_done / fetch.bytes_total)) if fetch.bytes_total else 0,
        "so_far": size_text(fetch.bytes_done),
        "whole": size_text(fetch.bytes_total),
        "left": time_text(fetch.seconds_left) if fetch.seconds_left is not None else "",
    }


def _shown_offers() -> list[dict[str, object]]:
    """The first that fits is the one suggested: the catalogue gives the best first."""
    offers = weights.offers()
    best = next((offer.name for offer in offers if offer.fits), "")
    return [
        {
            "row": offer,
            "first": offer.name == best,
            "size": size_text(offer.size_bytes),
            "time": time_text(offer.seconds) if offer.seconds else "",
            "source": SOURCES.get(offer.source, offer.source),
        }
        for offer in offers
    ]


def command(do: str, model: str) -> bool:
    """Carry out one of the page's buttons. False for what is none."""
    if do == "start":
        if model not in {offer.name for offer in weights.offers()}:
            return False
        weights.start(model)
        return True
    act = {"pause": weights.pause, "resume": weights.resume, "cancel": weights.cancel}.get(do)
    if act is not None:
        act()
    return act is not None
