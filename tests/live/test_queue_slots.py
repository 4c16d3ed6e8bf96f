"""Places at the model: never more than there are, none lost, nobody passed over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.live.queue import GaveWay, ModelQueue, Rank

STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("want"), st.integers(0, 4)),
        st.tuples(st.just("leave"), st.integers(0, 30)),
        st.tuples(st.just("give up"), st.integers(0, 30)),
        st.tuples(st.just("resize"), st.integers(1, 4)),
    ),
    max_size=60,
)


class Room:
    """Some learners at one host, each wish a task of its own."""

    def __init__(self, parallelism: int) -> None:
        self.queue = ModelQueue(parallelism)
        self.wishes: list[Wish] = []
        self.served: list[int] = []

    def want(self, learner: int) -> None:
        self.wishes.append(Wish(self, learner))

    def sitting(self) -> list[Wish]:
        return [wish for wish in self.wishes if wish.sits]

    def waiting(self) -> list[Wish]:
        return [wish for wish in self.wishes if not wish.sits and not wish.task.done()]

    def check(self, most: int) -> None:
        served = [wish.learner for wish in self.sitting()]
        assert len(served) <= most
        assert len(served) == len(set(served)) == self.queue.taken
        assert len(self.waiting()) == self.queue.waiting
        # No slot stays empty while somebody who has none wants it.
        if len(served) < self.queue.parallelism:
            assert {wish.learner for wish in self.waiting()} <= set(served)


class Wish:
    def __init__(self, room: Room, learner: int) -> None:
        self.room = room
        self.learner = learner
        self.sits = False
        self.enough = asyncio.Event()
        self.positions: list[int] = []
        self.task = asyncio.create_task(self._sit())

    async def _sit(self) -> None:
        async with self.room.queue.slot(self.learner, Rank.REPLY, lambda position, _: self.positions.append(position)):
            self.sits = True
            self.room.served.append(self.learner)
            try:
                await self.enough.wait()
            finally:
                self.sits = False


async def settle() -> None:
    for _ in range(6):
        await asyncio.sleep(0)


async def play(parallelism: int, steps: Sequence[tuple[str, int]]) -> None:
    room, most = Room(parallelism), parallelism
    for what, number in steps:
        if what == "want":
            room.want(number)
        elif what == "resize":
            room.queue.resize(number)
            most = max(number, len(room.sitting()))
        elif what == "leave" and room.sitting():
            room.sitting()[number % len(room.sitting())].enough.set()
        elif what == "give up" and room.wishes:
            room.wishes[number % len(room.wishes)].task.cancel()
        await settle()
        room.check(max(most, room.queue.parallelism))
    while room.sitting():
        room.sitting()[0].enough.set()
        await settle()
        room.check(max(most, room.queue.parallelism))
    assert (room.queue.taken, room.queue.waiting) == (0, 0)


@given(st.integers(1, 3), STEPS)
@settings(max_examples=150, deadline=None)
def test_no_seat_is_lost_and_none_stays_empty(parallelism: int, steps: list[tuple[str, int]]) -> None:
    asyncio.run(play(parallelism, steps))


@given(st.lists(st.integers(0, 3), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_between_two_turns_of_one_everybody_who_waits_has_one(wishes: list[int]) -> None:
    async def serve() -> list[int]:
        room = Room(1)
        for learner in wishes:
            room.want(learner)
        await settle()
        while room.sitting():
            room.sitting()[0].enough.set()
            await settle()
        return room.served

    served = asyncio.run(serve())
    assert sorted(served) == sorted(wishes)
    for number, learner in enumerate(served):
        again = next((later for later in range(number + 1, len(served)) if served[later] == learner), None)
        if again is not None:
            assert set(served[again + 1 :]) - {learner} <= set(served[number + 1 : again])


@pytest.mark.parametrize("flood", [3, 12])
async def test_one_who_floods_delays_the_others_by_one_reply(flood: int) -> None:
    room = Room(1)
    for _ in range(flood):
        room.want(0)
    await settle()
    room.want(1)
    await settle()
    assert room.wishes[-1].positions[-1] <= 2
    room.sitting()[0].enough.set()
    await settle()
    assert room.served == [0, 1]
    for wish in room.wishes:
        wish.task.cancel()
    await settle()


class Caller:
    """One call of a rank; it ends when it is told to."""

    def __init__(
        self, queue: ModelQueue, learner: int, rank: Rank, about: object = None, *, returns: bool = False
    ) -> None:
        self.told: list[tuple[int, int | None]] = []
        self.asks = self.gave_way = False
        self.enough = asyncio.Event()
        self.slot = queue.slot(learner, rank, lambda *position: self.told.append(position), about, returns=returns)
        self.task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        try:
            async with self.slot:
                self.asks = True
                await self.enough.wait()
        except GaveWay:
            self.gave_way = True
        finally:
            self.asks = False

    async def end(self) -> None:
        await end(self)


async def callers(queue: ModelQueue, *wanted: tuple[int, Rank]) -> list[Caller]:
    made = [Caller(queue, learner, rank) for learner, rank in wanted]
    await settle()
    return made


async def end(*calls: Caller) -> None:
    for one in calls:
        one.enough.set()
    await asyncio.gather(*(one.task for one in calls))


async def test_ranks_are_served_in_order_across_people() -> None:
    queue = ModelQueue(1)
    (first,) = await callers(queue, (9, Rank.REPLY))
    ranks = [Rank.BENCH, Rank.REPORT, Rank.WARM_UP, Rank.CORRECTION, Rank.REPLY, Rank.TAP]
    waiting = await callers(queue, *enumerate(ranks))
    served = []
    current = first
    for _ in ranks:
        await current.end()
        await settle()
        current = next(one for one in waiting if one.asks)
        served.append(current.slot.rank)
    assert served == sorted(ranks)
    await current.end()


@pytest.mark.parametrize("rank", Rank)
async def test_only_the_background_gives_way(rank: Rank) -> None:
    queue = ModelQueue(1)
    (held,) = await callers(queue, (1, rank))
    (reply,) = await callers(queue, (2, Rank.REPLY))
    gives_way = rank >= Rank.CORRECTION
    assert (held.gave_way, reply.asks) == (gives_way, gives_way)
    await end(held, reply)
    assert (queue.taken, queue.waiting) == (0, 0)


async def test_no_rank_gives_way_to_its_own() -> None:
    queue = ModelQueue(1)
    warming, other = await callers(queue, (1, Rank.WARM_UP), (2, Rank.WARM_UP))
    assert (warming.asks, other.asks) == (True, False)
    (bench,) = await callers(queue, (3, Rank.BENCH))
    assert warming.asks
    await end(warming, other, bench)


async def test_whoever_gave_way_is_the_next_of_its_rank() -> None:
    """Not behind those who came later: in the order in which they were begun."""
    queue = ModelQueue(2)
    first, second, third = await callers(queue, *((learner, Rank.CORRECTION) for learner in (1, 2, 3)))
    replies = await callers(queue, (4, Rank.REPLY), (5, Rank.REPLY))
    assert [one.gave_way for one in (first, second, third)] == [True, True, False]
    second_again = Caller(queue, 2, Rank.CORRECTION, returns=True)
    first_again = Caller(queue, 1, Rank.CORRECTION, returns=True)
    await settle()
    assert [one.told[-1][0] for one in (first_again, second_again, third)] == [1, 2, 3]
    await end(*replies, first_again, second_again, third)


async def test_of_equals_what_began_last_gives_way_first() -> None:
    queue = ModelQueue(2)
    first, last = await callers(queue, (1, Rank.CORRECTION), (2, Rank.CORRECTION))
    (reply,) = await callers(queue, (3, Rank.TAP))
    assert [one.gave_way for one in (first, last)] == [False, True]
    await end(first, reply)


async def test_one_slot_is_taken_back_for_each_who_waits() -> None:
    queue = ModelQueue(3)
    background = await callers(queue, (1, Rank.WARM_UP), (2, Rank.BENCH), (3, Rank.WARM_UP))
    (reply,) = await callers(queue, (4, Rank.REPLY))
    assert [one.gave_way for one in background] == [False, True, False]
    # Nobody has two slots: their own warm-up is what is in the way.
    (own,) = await callers(queue, (3, Rank.REPLY))
    assert [one.gave_way for one in background] == [False, True, True]
    assert reply.asks
    assert own.asks
    await end(background[0], reply, own)


async def test_a_warm_up_that_its_own_reply_waits_for_gives_way_to_nobody() -> None:
    queue = ModelQueue(1)
    warming = Caller(queue, 1, Rank.WARM_UP, "talk")
    await settle()
    reply = Caller(queue, 1, Rank.REPLY, "talk")
    other = Caller(queue, 2, Rank.REPLY, "another talk")
    await settle()
    assert warming.asks
    assert [one.told[-1][0] for one in (reply, other)] == [0, 2]
    # It was the reply's: once the reply is given up it gives way like every other.
    reply.task.cancel()
    await settle()
    assert (warming.gave_way, other.asks) == (True, True)
    await other.end()


async def test_whoever_cancels_gets_a_cancellation() -> None:
    """Also in the moment in which the slot is taken back."""
    queue = ModelQueue(1)
    (warming,) = await callers(queue, (1, Rank.WARM_UP))
    reply = Caller(queue, 2, Rank.REPLY)
    await asyncio.sleep(0)
    warming.task.cancel()
    await settle()
    assert warming.task.cancelled()
    assert not warming.gave_way
    await reply.end()
    assert (queue.taken, queue.waiting) == (0, 0)


def experienced(parallelism: int, **typical_s: float) -> ModelQueue:
    queue = ModelQueue(parallelism)
    for rank, seconds in typical_s.items():
        queue.learn(Rank[rank], seconds)
    return queue


@pytest.mark.parametrize(("parallelism", "seconds"), [(1, [8, 16, 24]), (2, [4, 8, 12])])
async def test_positions_and_seconds_are_told(parallelism: int, seconds: list[int]) -> None:
    queue = experienced(parallelism, REPLY=8.0)
    running = await callers(queue, *((learner, Rank.REPLY) for learner in range(parallelism)))
    waiting = await callers(queue, *((10 + learner, Rank.REPLY) for learner in range(3)))
    assert [one.told for one in running] == [[]] * parallelism
    assert [one.told[-1] for one in waiting] == list(zip([1, 2, 3], seconds, strict=True))
    await end(*running, *waiting)


async def test_experience_is_of_one_kind() -> None:
    """One reply of two seconds, then five warm-ups of next to nothing: the next reply takes two seconds."""
    queue = experienced(1, REPLY=2.0)
    for _ in range(5):
        queue.learn(Rank.WARM_UP, 0.05)
    running, waiting = await callers(queue, (1, Rank.REPLY), (2, Rank.REPLY))
    assert waiting.told == [(1, 2)]
    await end(running, waiting)


async def test_others_ahead_count_as_what_they_are() -> None:
    queue = experienced(1, REPLY=10.0, CORRECTION=4.0)
    running, *waiting = await callers(queue, *enumerate([Rank.REPLY, Rank.CORRECTION, Rank.CORRECTION, Rank.REPLY]))
    assert [one.told[-1] for one in waiting] == [(2, 20), (3, 24), (1, 10)]
    await end(running, *waiting)


async def test_only_what_finished_is_experience() -> None:
    queue = ModelQueue(1)
    async with queue.slot(1, Rank.REPLY, lambda *_: None) as finished:
        finished.finished()
    with pytest.raises(ValueError, match="broken"):
        async with queue.slot(1, Rank.CORRECTION, lambda *_: None):
            raise ValueError("broken")
    running, reply, correction = await callers(queue, (1, Rank.REPLY), (2, Rank.REPLY), (3, Rank.CORRECTION))
    assert (reply.told[-1], correction.told[-1]) == ((1, 1), (2, None))
    await end(running, reply, correction)
