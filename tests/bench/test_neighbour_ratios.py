"""What holds on any machine beside the obvious consumer: in turns, and the first round that holds counts."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import pytest

from tests.bench.listening import streams
from tests.bench.neighbours import idle_kb, message_ms, run, sides
from tests.bench.sides import Side

STREAMS, WORDS, MESSAGES = 30, 90, 15
ROUNDS = 5
Both = tuple[Side, Side]


@pytest.fixture(scope="module")
def both() -> Iterator[Both]:
    with sides(STREAMS) as pair:
        for side in pair:
            asyncio.run(streams(side, STREAMS, 5))
        yield pair


def assert_at_most(most: float, both: Both, measure: Callable[[Side], float]) -> None:
    ratios: list[float] = []
    while len(ratios) < ROUNDS and not (ratios and ratios[-1] <= most):
        ours, beside = map(measure, both)
        ratios.append(ours / beside)
    assert min(ratios) <= most


def test_a_token_costs_less_than_there(both: Both) -> None:
    assert_at_most(0.9, both, lambda side: run(side, STREAMS, WORDS).word_us)


def test_a_message_costs_no_more_than_there(both: Both) -> None:
    assert_at_most(1.0, both, lambda side: asyncio.run(message_ms(side, MESSAGES)))


def test_thirty_at_once_begin_as_soon(both: Both) -> None:
    assert_at_most(1.5, both, lambda side: run(side, STREAMS, 20).last_first_word_s)


def test_an_idle_socket_is_small(both: Both) -> None:
    assert asyncio.run(idle_kb(both[0], 100)) <= 80
