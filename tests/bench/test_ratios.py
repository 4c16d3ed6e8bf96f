"""What holds on any machine, busy or not: we cost little more than a relay, and nothing grows with a conversation."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

import pytest

from tests.bench.house import Crowd, crowded
from tests.bench.listening import Delays, streams_of_ours, streams_of_relay
from tests.bench.ollama import serving
from tests.bench.pages import Browser, median, opening_ms, subscribing_ms, weight_bytes
from tests.bench.queries import statements_of_a_turn

STREAMS = 20
# A machine that tests share may hold everybody up for this long.
NOISE_MS = 150.0


class Scene(NamedTuple):
    crowd: Crowd
    relay: str


@pytest.fixture(scope="module")
def scene() -> Iterator[Scene]:
    with crowded(STREAMS) as crowd, serving("tests.bench.relay", crowd.ollama) as (relay, _):
        yield Scene(crowd, relay)


async def test_words_travel_hardly_longer_than_through_a_relay(scene: Scene) -> None:
    ours = Delays.of(await streams_of_ours(scene.crowd, scene.crowd.learners[:1], 45))
    relayed = Delays.of(await streams_of_relay(scene.relay, 1, 45))
    assert ours.median_ms <= relayed.median_ms + 50 + NOISE_MS
    assert ours.first_ms <= relayed.first_ms + 100 + NOISE_MS


async def test_twenty_streams_keep_up(scene: Scene) -> None:
    ours = Delays.of(await streams_of_ours(scene.crowd, scene.crowd.learners, 60))
    relayed = Delays.of(await streams_of_relay(scene.relay, STREAMS, 60))
    assert ours.stretch <= relayed.stretch * 1.5
    assert ours.median_ms <= relayed.median_ms + 50 + 2 * NOISE_MS


def test_a_turn_costs_the_same_questions_after_a_thousand_turns(scene: Scene) -> None:
    first, after_many = statements_of_a_turn(scene.crowd)
    assert first == after_many
    assert first <= 60


def test_a_long_conversation_opens_like_a_short_one(scene: Scene) -> None:
    crowd = scene.crowd
    with Browser(crowd, "ana") as browser:
        opening_ms(browser, crowd.short)
        short = median([opening_ms(browser, crowd.short) for _ in range(5)])
        long = median([opening_ms(browser, crowd.long) for _ in range(5)])
    assert long <= 3 * short + NOISE_MS
    shorter = median([subscribing_ms(crowd, "ana", crowd.short) for _ in range(3)])
    longer = median([subscribing_ms(crowd, "ana", crowd.long) for _ in range(3)])
    assert longer <= 3 * shorter + NOISE_MS


def test_a_first_visit_transfers_two_hundred_kilobytes_at_most(scene: Scene) -> None:
    with Browser(scene.crowd, "ana") as browser:
        weights = weight_bytes(browser, scene.crowd.long)
    assert sum(weights.values()) <= 200_000, weights
