"""What a browser heard of a reply, and what that says of whoever brought it."""

from __future__ import annotations

import statistics
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from tests.bench.ollama import RATE


@dataclass
class Heard:
    """One reply as it came in: for each word the moment it was written and the moment it was here."""

    asked: float = field(default_factory=time.monotonic)
    written: list[float] = field(default_factory=list)
    here: list[float] = field(default_factory=list)
    frames: int = 0

    def note(self, moments: Sequence[float]) -> None:
        self.frames += 1
        self.written += moments
        self.here += [time.monotonic()] * len(moments)

    @property
    def delays_ms(self) -> list[float]:
        return [(here - written) * 1000 for written, here in zip(self.written, self.here, strict=True)]

    @property
    def stretch(self) -> float:
        """How long it took, as a multiple of the time its words need at the engine's pace: 1.0 keeps up."""
        return (self.here[-1] - self.written[0]) / ((len(self.written) - 1) / RATE)


@dataclass(frozen=True)
class Delays:
    """Milliseconds from the engine's chunk to the frame that brings it."""

    median_ms: float
    p95_ms: float
    first_ms: float
    stretch: float

    @classmethod
    def of(cls, replies: Sequence[Heard]) -> Delays:
        """Over all words of all replies; ``first_ms`` is the slowest first word, ``stretch`` the slowest reply."""
        delays = sorted(delay for heard in replies for delay in heard.delays_ms)
        return cls(
            statistics.median(delays),
            delays[int(len(delays) * 0.95)],
            max(heard.delays_ms[0] for heard in replies),
            max(heard.stretch for heard in replies),
        )


def last_first_word_s(replies: Sequence[Heard]) -> float:
    """Seconds from the first question to the moment when everybody has a word."""
    return max(heard.here[0] for heard in replies) - min(heard.asked for heard in replies)


def steady_s(replies: Sequence[Heard]) -> tuple[float, float]:
    """The time in which all of them were growing: after the last one's first word, before the first one's last.

    Who falls so far behind that there is none is watched from the last question on.
    """
    ended = min(heard.here[-1] for heard in replies)
    begun = max(heard.here[0] for heard in replies)
    return (begun if begun < ended else max(heard.asked for heard in replies)), ended


def words_within(replies: Sequence[Heard], began: float, ended: float) -> int:
    return sum(began < moment <= ended for heard in replies for moment in heard.here)
