"""The weights of the built-in engine as this process sees them: what is on offer, and the one fetch under way.

Sources lie outside the house, so they are asked only when an administrator says so (:func:`look`), in a thread of
their own; opening a page asks nobody.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from tutor.engine.weights import (
    Fetch,
    Model,
    Progress,
    Source,
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

__all__ = [
    "Offer",
    "Progress",
    "cancel",
    "look",
    "looked",
    "looking",
    "offers",
    "pause",
    "progress",
    "put_down",
    "resume",
    "start",
    "unwatch",
    "watch",
]


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


class _Fetching:
    """At most one fetch at a time: a second one would only share the same line."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._fetch: Fetch | None = None
        self._thread: threading.Thread | None = None
        self.listeners: set[Callable[[], None]] = set()

    @property
    def progress(self) -> Progress | None:
        return self._fetch.progress if self._fetch is not None else None

    @property
    def running(self) -> Fetch | None:
        return self._fetch if self._thread is not None and self._thread.is_alive() else None

    def start(self, model: Model, into: Path, sources: Sequence[Source] | None) -> None:
        with self._lock:
            if self.running is not None:
                return
            self._fetch = fetch = Fetch(model, into, sources)
            self._thread = threading.Thread(target=self._run, args=(fetch,), name="weights", daemon=True)
            self._thread.start()

    def end(self, *, keep_part: bool, patience_s: float) -> None:
        fetch, thread = self.running, self._thread
        if fetch is not None and thread is not None:
            fetch.cancel(keep_part=keep_part)
            thread.join(patience_s)

    def _run(self, fetch: Fetch) -> None:
        if fetch.run().state == "done":
            for tell in tuple(self.listeners):
                tell()


_answers = _Answers()
_fetching = _Fetching()


def look(patience_s: float = PATIENCE_S) -> None:
    """Ask the sources what can be had of them; the only thing here, beside a fetch, that leaves the house."""
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


def start(name: str) -> None:
    """Fetch this model in the background; nothing happens while another fetch runs. Raises LookupError."""
    model = model_named(name)
    if model is None:
        raise LookupError(name)
    _fetching.start(model, settings.WEIGHTS_DIR, None)


def pause() -> None:
    """Close the connection and wait; what has come stays."""
    if (fetch := _fetching.running) is not None:
        fetch.pause()


def resume() -> None:
    """Go on from the last byte."""
    if (fetch := _fetching.running) is not None:
        fetch.resume()


def cancel() -> None:
    """End the fetch and throw away what has come of it."""
    _fetching.end(keep_part=False, patience_s=2.0)


def put_down() -> None:
    """The process ends: what has come stays on disk, and the next fetch of the same model goes on from there."""
    _fetching.end(keep_part=True, patience_s=2.0)


def progress() -> Progress | None:
    """The fetch under way, or how the last one of this process ended; None where there was none."""
    return _fetching.progress


def watch(tell: Callable[[], None]) -> None:
    """Call ``tell``, from the fetching thread, whenever a model has come whole."""
    _fetching.listeners.add(tell)


def unwatch(tell: Callable[[], None]) -> None:
    _fetching.listeners.discard(tell)


def _seconds(model: Model, source: str) -> float | None:
    if not source:
        return None
    return model.bytes / (_LOCAL_BYTES_PER_S if source == "local" else TYPICAL_LINE_BYTES_PER_S)
