"""A fair place for the model: so many replies at once, and learners taken in turn, not messages."""

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

_SMOOTHING = 0.3


@dataclass(eq=False)
class Waiting:
    learner: int
    on_place: Callable[[int, int | None], None]
    free: asyncio.Event = field(default_factory=asyncio.Event)


class ModelQueue:
    """Places at one host, one a learner. ``on_place(place, seconds)`` is called as one's place changes; 1 is next."""

    def __init__(self, parallelism: int) -> None:
        self.parallelism = parallelism
        self._served: set[int] = set()
        self._rounds: dict[int, deque[Waiting]] = {}
        self._typical_s: float | None = None

    @asynccontextmanager
    async def slot(self, learner: int, on_place: Callable[[int, int | None], None]) -> AsyncIterator[None]:
        await self._take(learner, on_place)
        began = time.monotonic()
        try:
            yield
        finally:
            self._learn(time.monotonic() - began)
            self._leave_slot(learner)

    def resize(self, parallelism: int) -> None:
        """The host takes more, or fewer, at once from now on. Who sits stays."""
        if parallelism != self.parallelism:
            self.parallelism = parallelism
            self._next()

    @property
    def taken(self) -> int:
        return len(self._served)

    @property
    def waiting(self) -> int:
        return sum(len(line) for line in self._rounds.values())

    async def _take(self, learner: int, on_place: Callable[[int, int | None], None]) -> None:
        waiting = Waiting(learner, on_place)
        self._rounds.setdefault(learner, deque()).append(waiting)
        self._next()
        try:
            await waiting.free.wait()
        except asyncio.CancelledError:
            self._leave(waiting)
            raise

    def _leave(self, waiting: Waiting) -> None:
        if waiting.free.is_set():
            self._leave_slot(waiting.learner)
            return
        line = self._rounds[waiting.learner]
        line.remove(waiting)
        if not line:
            del self._rounds[waiting.learner]
        self._announce()

    def _leave_slot(self, learner: int) -> None:
        """Whoever has just been served goes behind all who wait now."""
        self._served.discard(learner)
        if learner in self._rounds:
            self._rounds[learner] = self._rounds.pop(learner)
        self._next()

    def _next(self) -> None:
        """Give free places to the learners at the head of the round; each then goes to its end."""
        while self.taken < self.parallelism:
            learner = next((one for one in self._rounds if one not in self._served), None)
            if learner is None:
                break
            line = self._rounds.pop(learner)
            self._served.add(learner)
            line.popleft().free.set()
            if line:
                self._rounds[learner] = line
        self._announce()

    def _in_order(self) -> list[Waiting]:
        lines = [list(line) for line in self._rounds.values()]
        longest = max(map(len, lines), default=0)
        return [line[turn] for turn in range(longest) for line in lines if turn < len(line)]

    def _announce(self) -> None:
        for index, waiting in enumerate(self._in_order(), start=1):
            waiting.on_place(index, self._wait_s(index))

    def _wait_s(self, place: int) -> int | None:
        if self._typical_s is None:
            return None
        return max(1, round(place * self._typical_s / max(1, self.parallelism)))

    def _learn(self, seconds: float) -> None:
        known = self._typical_s
        self._typical_s = seconds if known is None else known + _SMOOTHING * (seconds - known)
