"""A fair slot at a host: so many calls at once, by rank, and within a rank learners taken in turn, not calls.

Rank comes first, across people: whatever nobody waits for is asked only while nobody waits, and gives its slot up at
once when somebody does. Within a rank each learner has one call a round, so that whoever wants many is behind whoever
wants one. A learner has one slot at most.
"""

import asyncio
import time
from collections import Counter, deque
from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import IntEnum
from types import TracebackType
from typing import Self

_SMOOTHING = 0.3
# ``on_position(position, seconds)``: 1 is next; 0 says that the slot is held by work about the same thing, which is
# therefore under way. ``seconds`` is None without experience.
OnPosition = Callable[[int, int | None], None]


class Rank(IntEnum):
    """What a call is for. Lower is served first."""

    REPLY = 0
    TAP = 1
    CORRECTION = 2
    REPORT = 3
    WARM_UP = 4
    BENCH = 5


# From here on nobody sits and waits for it: it gives way to every higher rank.
_BACKGROUND = Rank.CORRECTION


class GaveWay(Exception):
    """The slot was given up to somebody who waits: what was asked in it can be asked again."""


@dataclass(eq=False)
class Slot:
    """The right to ask this host now: ``async with queue.slot(...) as slot``. Raises :class:`GaveWay` out of the block
    when it is taken back."""

    queue: "ModelQueue"
    learner: int
    rank: Rank
    on_position: OnPosition
    about: Hashable
    # The same work had a slot before, and gave way or has more to ask: it is not behind all who came later.
    returns: bool = False
    _free: asyncio.Event = field(default_factory=asyncio.Event)
    _task: asyncio.Task[object] | None = None
    _cancelling: int = 0
    _taken_back: bool = False
    _began: float = 0.0
    _told: tuple[int, int | None] | None = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.current_task()
        self._cancelling = self._task.cancelling() if self._task else 0
        self.queue.join(self)
        try:
            await self._free.wait()
        except asyncio.CancelledError:
            self.queue.leave(self)
            if self._is_own_cancellation():
                raise GaveWay from None
            raise
        return self

    async def __aexit__(self, kind: type[BaseException] | None, _: object, __: TracebackType | None) -> None:
        self.queue.leave(self)
        if self._is_own_cancellation() and kind is asyncio.CancelledError:
            raise GaveWay

    def finished(self) -> None:
        """The call came to its own end: how long it took is experience. What was stopped or failed teaches nothing."""
        self.queue.learn(self.rank, time.monotonic() - self._began)

    def give(self) -> None:
        self._began = time.monotonic()
        self._free.set()

    def tell(self, position: int, seconds: int | None) -> None:
        """Pass on where this stands in the queue, if that is new."""
        if self._told != (position, seconds):
            self._told = position, seconds
            self.on_position(position, seconds)

    @property
    def given(self) -> bool:
        return self._free.is_set()

    def take_back(self) -> None:
        """Cancel what runs in the block, once. As ``asyncio.timeout`` does it, so that others may cancel as well."""
        if not self._taken_back and self._task is not None:
            self._taken_back = True
            self._task.cancel()

    def _is_own_cancellation(self) -> bool:
        return self._taken_back and self._task is not None and self._task.uncancel() <= self._cancelling


class ModelQueue:
    """Slots at one host."""

    def __init__(self, parallelism: int) -> None:
        self.parallelism = parallelism
        self._held: dict[int, Slot] = {}
        self._rounds: dict[Rank, dict[int, deque[Slot]]] = {rank: {} for rank in Rank}
        self._typical_s: dict[Rank, float] = {}

    def slot(
        self, learner: int, rank: Rank, on_position: OnPosition, about: Hashable = None, *, returns: bool = False
    ) -> Slot:
        """A slot to wait for and to hold. Work ``about`` the same thing inherits the rank of what waits for it; what
        ``returns`` is the next of its rank."""
        return Slot(self, learner, rank, on_position, about, returns)

    def resize(self, parallelism: int) -> None:
        """The host takes more, or fewer, at once from now on. Who has a slot keeps it."""
        if parallelism != self.parallelism:
            self.parallelism = parallelism
            self._next()

    @property
    def taken(self) -> int:
        return len(self._held)

    @property
    def waiting(self) -> int:
        return sum(1 for _ in self._in_order())

    def join(self, slot: Slot) -> None:
        learners = self._rounds[slot.rank]
        if slot.returns:
            line = learners.pop(slot.learner, deque())
            line.appendleft(slot)
            self._rounds[slot.rank] = {slot.learner: line, **learners}
        else:
            learners.setdefault(slot.learner, deque()).append(slot)
        self._next()

    def leave(self, slot: Slot) -> None:
        """Whoever has just been served goes behind all who wait now in the same rank."""
        learners = self._rounds[slot.rank]
        if slot.given:
            del self._held[slot.learner]
            if slot.learner in learners:
                learners[slot.learner] = learners.pop(slot.learner)
        else:
            learners[slot.learner].remove(slot)
            if not learners[slot.learner]:
                del learners[slot.learner]
        self._next()

    def learn(self, rank: Rank, seconds: float) -> None:
        known = self._typical_s.get(rank)
        self._typical_s[rank] = seconds if known is None else known + _SMOOTHING * (seconds - known)

    def _next(self) -> None:
        """Give free slots to those at the head; take slots back from the background for those who still wait."""
        while self.taken < self.parallelism:
            slot = next((one for one in self._in_order() if one.learner not in self._held), None)
            if slot is None:
                break
            self._give(slot)
        waiting = list(self._in_order())
        ranks = {held: _inherited(held, waiting) for held in self._held.values()}
        self._make_room(waiting, ranks)
        self._announce(waiting, ranks)

    def _give(self, slot: Slot) -> None:
        """The learner's next call goes to the end of the round."""
        learners = self._rounds[slot.rank]
        line = learners.pop(slot.learner)
        line.popleft()
        if line:
            learners[slot.learner] = line
        self._held[slot.learner] = slot
        slot.give()

    def _in_order(self) -> Iterator[Slot]:
        """All who wait, as they would be served: rank by rank, in each one call a learner and round."""
        for learners in self._rounds.values():
            lines = list(learners.values())
            for turn in range(max(map(len, lines), default=0)):
                yield from (line[turn] for line in lines if turn < len(line))

    def _make_room(self, waiting: Sequence[Slot], ranks: dict[Slot, Rank]) -> None:
        """One slot of the background for each who waits: their own one, if that is in their way, or else the least, and
        of equals what began last."""
        background = [held for held in reversed(ranks) if ranks[held] >= _BACKGROUND]
        background.sort(key=lambda held: -ranks[held])
        for slot in waiting if background else ():
            own = self._held.get(slot.learner)
            found = next((held for held in background if own in {None, held} and slot.rank < ranks[held]), None)
            if found is not None:
                background.remove(found)
                found.take_back()

    def _announce(self, waiting: Sequence[Slot], ranks: Mapping[Slot, Rank]) -> None:
        ahead: Counter[Rank] = Counter()
        for position, slot in enumerate(waiting, start=1):
            own = self._held.get(slot.learner)
            under_way = own is not None and own.about is not None and own.about == slot.about
            running = Counter(rank for rank in ranks.values() if rank < _BACKGROUND or rank <= slot.rank)
            slot.tell(0 if under_way else position, self._wait_s(slot.rank, running, ahead))
            ahead[slot.rank] += 1

    def _wait_s(self, rank: Rank, running: Counter[Rank], ahead: Counter[Rank]) -> int | None:
        """For one of the running calls to end, and those ahead to be served. What gives way costs nothing; a kind
        without experience counts as one's own."""
        if rank not in self._typical_s:
            return None
        first_s = self._sum_s(running, rank) / max(1, running.total())
        return max(1, round((first_s + self._sum_s(ahead, rank)) / max(1, self.parallelism)))

    def _sum_s(self, calls: Counter[Rank], own: Rank) -> float:
        return sum(count * self._typical_s.get(rank, self._typical_s[own]) for rank, count in calls.items())


def _inherited(held: Slot, waiting: Sequence[Slot]) -> Rank:
    """Work that somebody waits for has their rank: it is theirs already."""
    if held.about is None or held.rank < _BACKGROUND:
        return held.rank
    return min((held.rank, *(slot.rank for slot in waiting if slot.about == held.about)))
