"""What holds of the Ollama client on any machine: a line is cheap beside the published one, nothing stays."""

from __future__ import annotations

import statistics
from collections.abc import Iterator

import pytest

from tests.bench.client.rounds import Compared, Shape, compare
from tests.bench.client.rows import departures_ms, upload
from tests.bench.ollama import serving

# A machine that tests share may hold everybody up for this long, and longer now and then: the first round that holds
# is enough.
NOISE_MS = 150.0
ROUNDS = 5
SHAPE = Shape("back-to-back", 10_000)


@pytest.fixture(scope="module")
def base_url() -> Iterator[str]:
    with serving("tests.bench.client.server") as (address, _):
        yield address


@pytest.mark.parametrize(("twin", "most"), [("aio", 0.7), ("sync", 1.0)])
def test_a_line_costs_less_than_with_the_published_client(base_url: str, twin: str, most: float) -> None:
    rounds: list[Compared] = []
    while len(rounds) < ROUNDS and not (rounds and rounds[-1].ratio <= most):
        rounds.append(compare(base_url, twin, SHAPE, rounds=1))
    assert min(one.ratio for one in rounds) <= most
    assert min(cost.grown_kib for one in rounds for cost in one.ours) <= 5_000


def test_a_line_costs_half_where_many_streams_are_read_in_batches(base_url: str) -> None:
    """As the application reads them: 30 lines a second on each, which come one by one."""
    shape = Shape("spoken", 45, streams=60, every_s=0.1)
    rounds: list[Compared] = []
    while len(rounds) < ROUNDS and not (rounds and rounds[-1].ratio <= 0.5):
        rounds.append(compare(base_url, "aio", shape, rounds=1))
    assert min(one.ratio for one in rounds) <= 0.5


@pytest.mark.parametrize(("twin", "way"), [("aio", "block"), ("aio", "cancelled"), ("sync", "block")])
def test_the_server_sees_at_once_that_nobody_reads(base_url: str, twin: str, way: str) -> None:
    middles: list[float] = []
    while len(middles) < ROUNDS and not (middles and middles[-1] <= 100 + NOISE_MS):
        middles.append(statistics.median(departures_ms(base_url, "ours", twin, way, 5)))
    assert min(middles) <= 100 + NOISE_MS


@pytest.mark.parametrize("twin", ["aio", "sync"])
def test_a_large_file_is_never_whole_in_memory(base_url: str, twin: str) -> None:
    assert upload(base_url, "ours", twin, 100_000_000).grown_kib <= 20_000
