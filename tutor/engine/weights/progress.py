"""How far a fetch is, as one frozen picture, and the meter that draws it."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from tutor.engine.weights.faults import Code

State = Literal["waiting", "checking", "downloading", "paused", "verifying", "done", "failed", "cancelled"]

_SMOOTHING_S = 4.0
_REPORT_S = 0.2
_MEASURE_S = 0.25


@dataclass(frozen=True, slots=True)
class Progress:
    """A picture of a fetch. `seconds_left` is None while nothing can be said."""

    model: str
    state: State = "waiting"
    source: str | None = None
    bytes_done: int = 0
    bytes_total: int = 0
    bytes_per_s: float = 0.0
    seconds_left: float | None = None
    error: Code | None = None
    bytes_missing: int = 0
    failures: tuple[tuple[str, Code], ...] = ()
    """Sources that were tried and left, each with its reason."""

    @property
    def ended(self) -> bool:
        """Nothing more will come."""
        return self.state in {"done", "failed", "cancelled"}


class Meter:
    """Keeps the picture. Written by the fetching thread, read by any."""

    def __init__(self, picture: Progress, on_progress: Callable[[Progress], None] | None) -> None:
        self._lock = threading.Lock()
        self._picture = picture
        self._on_progress = on_progress
        self._reported_at = 0.0
        self._measured = (time.monotonic(), 0)

    @property
    def picture(self) -> Progress:
        """The latest picture."""
        with self._lock:
            return self._picture

    def enter(self, state: State, **changes: object) -> None:
        """Change the state (and say so at once); the speed is measured anew."""
        with self._lock:
            self._picture = replace(self._picture, state=state, bytes_per_s=0.0, seconds_left=None, **changes)  # type: ignore[arg-type]
            self._measured = (time.monotonic(), self._picture.bytes_done)
        self._report()

    def note_failure(self, source: str, code: Code) -> None:
        """Remember why a source was left."""
        with self._lock:
            self._picture = replace(self._picture, failures=(*self._picture.failures, (source, code)))

    def reach(self, bytes_done: int) -> None:
        """Move to `bytes_done`; reported a few times a second."""
        with self._lock:
            self._picture = self._moved(min(bytes_done, self._picture.bytes_total))
        if time.monotonic() - self._reported_at >= _REPORT_S:
            self._report()

    def _moved(self, bytes_done: int) -> Progress:
        before_s, before_bytes = self._measured
        elapsed_s = time.monotonic() - before_s
        if elapsed_s < _MEASURE_S:
            return replace(self._picture, bytes_done=bytes_done)
        self._measured = (time.monotonic(), bytes_done)
        speed = self._smoothed(max(0, bytes_done - before_bytes) / elapsed_s, elapsed_s)
        left = (self._picture.bytes_total - bytes_done) / speed if speed > 1 else None
        return replace(self._picture, bytes_done=bytes_done, bytes_per_s=speed, seconds_left=left)

    def _smoothed(self, speed: float, elapsed_s: float) -> float:
        if not self._picture.bytes_per_s:
            return speed
        weight = 1 - math.exp(-elapsed_s / _SMOOTHING_S)
        return self._picture.bytes_per_s + weight * (speed - self._picture.bytes_per_s)

    def _report(self) -> None:
        self._reported_at = time.monotonic()
        if self._on_progress is not None:
            self._on_progress(self.picture)
