"""How long to wait for what."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

import httpx

from tutor.ollama.errors import Phase


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Budgets in seconds; None means no limit.

    `connect_s`: until connected. `first_s`: from the call to the first byte of a streamed reply (queueing, loading and
    reading the prompt all happen before it). `whole_s`: the same for a reply that is not streamed, which is generated
    whole before its first byte. `between_s`: from one chunk to the next. `total_s`: from the call to the end.
    """

    connect_s: float | None = 5.0
    first_s: float | None = 300.0
    whole_s: float | None = 600.0
    between_s: float | None = 60.0
    total_s: float | None = None
    # Made of what httpx takes: `first_s` and `whole_s` begin again with the headers, as its read timeout does.
    # An object to type checkers, because `Timeouts(**budgets)` gives nothing but numbers.
    is_renewed: object = field(default=False, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, value: TimeoutLike) -> Timeouts:
        """Timeouts as given; a number, None, a tuple or an httpx.Timeout keep the meaning they have for httpx."""
        if isinstance(value, Timeouts):
            return value
        if isinstance(value, tuple):
            value = httpx.Timeout(value)
        if isinstance(value, httpx.Timeout):
            made = cls(value.connect, value.read, value.read, value.read, None)
        else:
            made = cls(value, value, value, value, None)
        object.__setattr__(made, "is_renewed", True)
        return made


TimeoutLike = Timeouts | httpx.Timeout | tuple[float | None, float | None, float | None, float | None] | float | None

DEFAULT_TIMEOUTS = Timeouts()


class Limit(NamedTuple):
    """The next moment (of the clock in use) at which waiting ends, and in whose name."""

    at: float | None
    phase: Phase
    budget_s: float | None


class Deadlines:
    """The limits of one exchange, from the moment it starts."""

    def __init__(self, timeouts: Timeouts, *, streamed: bool, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._between_s = timeouts.between_s
        now = clock()
        first_s = timeouts.first_s if streamed else timeouts.whole_s
        self._total = Limit(_later(now, timeouts.total_s), "total", timeouts.total_s)
        self._first = Limit(_later(now, first_s), "first", first_s)
        self._is_renewed = timeouts.is_renewed
        self._begun = False

    def begun(self) -> None:
        """The first byte of the body has arrived."""
        self._begun = True

    def again(self) -> None:
        """Another attempt waits for its first byte; what came before was a refusal."""
        self._begun = False

    def heard(self) -> None:
        """The headers have arrived."""
        if self._is_renewed:
            self._first = Limit(_later(self._clock(), self._first.budget_s), "first", self._first.budget_s)

    def allows(self, pause_s: float) -> bool:
        """Whether a pause of so many seconds leaves any time."""
        at = self.next().at
        return at is None or self._clock() + pause_s < at

    def at(self) -> float | None:
        """The moment at which a wait that starts now ends, and no more: this is asked for every chunk."""
        if self._begun and self._total.at is None:
            return _later(self._clock(), self._between_s)
        return self.next().at

    def missed(self) -> Limit:
        """The limit that has just been reached."""
        total = self._total
        if total.at is not None and total.at <= self._clock():
            return total
        return Limit(None, "between", self._between_s) if self._begun else self._first

    def next(self) -> Limit:
        """The limit of a wait that starts now."""
        limit = self._first
        if self._begun:
            limit = Limit(_later(self._clock(), self._between_s), "between", self._between_s)
        total = self._total
        if total.at is not None and (limit.at is None or total.at <= limit.at):
            return total
        return limit


def _later(now: float, seconds: float | None) -> float | None:
    return None if seconds is None else now + seconds
