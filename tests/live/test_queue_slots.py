"""Places at the model: never more than there are, none lost, nobody passed over."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tutor.live.queue import ModelQueue

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
        self.places: list[int] = []
        self.task = asyncio.create_task(self._sit())

    async def _sit(self) -> None:
        async with self.room.queue.slot(self.learner, lambda place, _: self.places.append(place)):
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
    assert room.wishes[-1].places[-1] <= 2
    room.sitting()[0].enough.set()
    await settle()
    assert room.served == [0, 1]
    for wish in room.wishes:
        wish.task.cancel()
    await settle()


async def test_places_and_seconds_are_told() -> None:
    queue, told = ModelQueue(1), list[tuple[int, int | None]]()
    async with queue.slot(1, lambda *place: told.append(place)):
        await settle()
    assert told == []
    async with queue.slot(1, lambda *place: told.append(place)):
        waiting = asyncio.create_task(queue._take(2, lambda *place: told.append(place)))
        await settle()
        assert told == [(1, 1)]
    await waiting
