"""What holds on any machine, busy or not: we cost little more than a relay, and nothing grows with a conversation."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pytest

from tests.bench.heard import Delays
from tests.bench.house import Crowd, crowded
from tests.bench.listening import streams
from tests.bench.pages import Browser, median, opening_ms, subscribing_ms, weight_bytes
from tests.bench.queries import statements_of_a_turn
from tests.bench.sides import Neighbour, Ours, relay
from tests.bench.writing_on import first_words_ms, houses

STREAMS = 20
# A machine that tests share may hold everybody up for this long, and longer now and then: the first round that holds
# is enough.
NOISE_MS = 150.0
ROUNDS = 5


class Scene(NamedTuple):
    crowd: Crowd
    relay: Neighbour

    async def compare(self, readers: int, words: int) -> tuple[Delays, Delays]:
        """Ours and the relay's, one right after the other."""
        ours = Delays.of(await streams(Ours(self.crowd), readers, words))
        return ours, Delays.of(await streams(self.relay, readers, words))


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with crowded(STREAMS) as crowd, relay(crowd.ollama) as beside:
        yield Scene(crowd, beside)


async def test_words_travel_hardly_longer_than_through_a_relay(scene: Scene) -> None:
    for left in reversed(range(ROUNDS)):
        ours, relayed = await scene.compare(1, 45)
        over_ms = ours.median_ms - relayed.median_ms - 50, ours.first_ms - relayed.first_ms - 100
        if max(over_ms) <= NOISE_MS:
            break
        assert left, over_ms


async def test_twenty_streams_keep_up(scene: Scene) -> None:
    for left in reversed(range(ROUNDS)):
        ours, relayed = await scene.compare(STREAMS, 60)
        over_ms = ours.median_ms - relayed.median_ms - 50
        if over_ms <= 2 * NOISE_MS and ours.stretch <= relayed.stretch * 1.5:
            break
        assert left, (ours, relayed)


async def test_a_correction_delays_no_first_word() -> None:
    """It is thought about for a minute; whoever writes on meanwhile has the next first word as without it."""
    with houses() as both:
        for left in reversed(range(ROUNDS)):
            corrected_ms, alone_ms = await first_words_ms(both, 4)
            if corrected_ms <= alone_ms + NOISE_MS:
                break
            assert left, (corrected_ms, alone_ms)


def test_a_turn_costs_the_same_questions_after_a_thousand_turns(scene: Scene) -> None:
    first, after_many = statements_of_a_turn(scene.crowd)
    assert first == after_many
    assert first <= 60


def test_a_long_conversation_opens_like_a_short_one(scene: Scene) -> None:
    crowd = scene.crowd
    with Browser(crowd, "ana") as browser:
        opening_ms(browser, crowd.short)
        assert_like(lambda talk: opening_ms(browser, talk), crowd)
    assert_like(lambda talk: subscribing_ms(crowd, "ana", talk), crowd)


def assert_like(measure_ms: Callable[[str], float], crowd: Crowd) -> None:
    for left in reversed(range(ROUNDS)):
        short = median([measure_ms(crowd.short) for _ in range(4)])
        long = median([measure_ms(crowd.long) for _ in range(4)])
        if long <= 3 * short + NOISE_MS:
            break
        assert left, (short, long)


def test_a_first_visit_transfers_two_hundred_kilobytes_at_most(scene: Scene) -> None:
    with Browser(scene.crowd, "ana") as browser:
        weights = weight_bytes(browser, scene.crowd.long)
    assert sum(weights.values()) <= 200_000, weights
