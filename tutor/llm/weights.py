"""The weights of the built-in engine: which are on offer, and who has them.

Sources lie outside the house, so they are asked only when an administrator says so (:func:`look`), in a thread of
their own; opening a page asks nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass

from django.conf import settings

from tutor.engine.weights import (
    Model,
    best_fit,
    default_sources,
    fits,
    free_memory_bytes,
    models,
    survey,
)
from tutor.engine.weights import model_named as model_named  # noqa: PLC0414 - pages reach the engine through here
from tutor.llm.builtin import in_order
from tutor.llm.weights_messages import TYPICAL_LINE_BYTES_PER_S

PATIENCE_S = 3.0
_LOCAL_BYTES_PER_S = 150_000_000


@dataclass(frozen=True, slots=True)
class Offer:
    """A model that could be fetched. ``source`` is a code, empty while nothing answers; ``seconds`` is a guess.

    ``next``: it is here, and the engine's next start would take it.
    """

    name: str
    title: str
    size_bytes: int
    licence: str
    source: str
    seconds: float | None
    fits: bool
    installed: bool
    best: bool
    next: bool


class _Answers:
    """What the sources said when they were last asked."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self.known = False
        self._found: Mapping[str, str | None] = {}
        self._asking: threading.Thread | None = None

    def seek(self, patience_s: float) -> None:
        """Ask anew, and wait for the answers at most ``patience_s``."""
        with self._lock:
            if not self.asking:
                self._asking = threading.Thread(target=self._ask, name="weight-sources", daemon=True)
                self._asking.start()
            thread = self._asking
        if thread is not None:
            thread.join(patience_s)

    @property
    def newest(self) -> Mapping[str, str | None]:
        return self._found

    @property
    def asking(self) -> bool:
        return self._asking is not None and self._asking.is_alive()

    def _ask(self) -> None:
        try:
            self._found = survey(models(), default_sources())
        finally:
            self.known = True


_answers = _Answers()


def look(patience_s: float = PATIENCE_S) -> None:
    """Ask the sources what can be had of them; beside a fetch the only thing that leaves the house."""
    _answers.seek(patience_s)


def looked() -> bool:
    """Whether the sources have been asked since this process began."""
    return _answers.known


def offers() -> list[Offer]:
    """Every model of the catalogue, the best first; none where the built-in engine is switched off.

    Until :func:`look` was called no source is known; the best is then the best that fits.
    """
    if settings.ENGINE == "off":
        return []
    found, free_bytes = _answers.newest, free_memory_bytes()
    here = in_order(settings.WEIGHTS_DIR, settings.ENGINE_MODEL)
    best = best_fit(free_bytes, lambda model: not looked() or bool(found.get(model.name)) or model in here)
    return [
        Offer(
            name=model.name,
            title=model.title,
            size_bytes=model.bytes,
            licence=model.licence,
            source=found.get(model.name) or "",
            seconds=_seconds(model, found.get(model.name) or ""),
            fits=fits(model, free_bytes),
            installed=model in here,
            best=model is best,
            next=here[:1] == [model],
        )
        for model in models()
    ]


def looking() -> bool:
    """Whether the sources are being asked just now."""
    return _answers.asking


def _seconds(model: Model, source: str) -> float | None:
    if not source:
        return None
    return model.bytes / (_LOCAL_BYTES_PER_S if source == "local" else TYPICAL_LINE_BYTES_PER_S)
