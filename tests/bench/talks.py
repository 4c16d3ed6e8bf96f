"""Words on their way: one stream, a hundred streams, each beside the relay."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

from tests.bench.heard import Delays
from tests.bench.house import crowded
from tests.bench.listening import streams
from tests.bench.meter import Run, watched
from tests.bench.ollama import RATE
from tests.bench.sides import Ours, Side, relay
from tests.bench.table import RUNS, Figure, middle, ms

WORDS = 240
MANY = 100


def one_stream() -> list[Figure]:
    with crowded(1) as crowd, relay(crowd.ollama) as bare:
        ours = [Delays.of(asyncio.run(streams(Ours(crowd), 1, WORDS))) for _ in range(RUNS)]
        relayed = [Delays.of(asyncio.run(streams(bare, 1, WORDS))) for _ in range(RUNS)]
    load = f"1 stream, {RATE:.0f} tokens/s"
    name = "from the engine's chunk to the browser's frame"
    return [
        _compared(f"{name}, median", load, "≤ 50 ms", lambda one: one.median_ms, ours, relayed),
        _compared(f"{name}, 95 of 100", load, "", lambda one: one.p95_ms, ours, relayed),
        _compared("from the first chunk to the first frame", load, "≤ 100 ms", lambda one: one.first_ms, ours, relayed),
    ]


def many_streams() -> list[Figure]:
    with crowded(MANY) as crowd, relay(crowd.ollama) as bare:
        ours, relayed = ([_run(side) for _ in range(RUNS)] for side in (Ours(crowd), bare))
    load = f"{MANY} streams at once, {RATE:.0f} tokens/s each"
    delays, beside = [run.delays for run in ours], [run.delays for run in relayed]
    stretch, relay_stretch = middle(one.stretch for one in delays), middle(one.stretch for one in beside)
    return [
        Figure(
            "the slowest stream's time, as a multiple of what its words need",
            load,
            "keeps up (≤ 1.10)",
            f"{stretch:.3f}",
            f"{relay_stretch:.3f}",
            f"{stretch / relay_stretch:.2f} ×",
        ),
        _compared("delay of a word, median", load, "", lambda one: one.median_ms, delays, beside),
        _compared("delay of a word, 95 of 100", load, "", lambda one: one.p95_ms, delays, beside),
        Figure(
            "from 100 messages at the same moment to the last one's first word",
            load,
            "",
            f"{middle(run.last_first_word_s for run in ours):.2f} s",
            f"{middle(run.last_first_word_s for run in relayed):.2f} s",
        ),
        Figure(
            "processor of the server while they write",
            load,
            "< 1 core",
            f"{middle(run.cores for run in ours):.2f} cores",
            f"{middle(run.cores for run in relayed):.2f} cores",
        ),
    ]


def _run(side: Side) -> Run:
    return asyncio.run(watched(side.pid, streams(side, MANY, WORDS)))


def _compared(
    name: str,
    load: str,
    goal: str,
    figure: Callable[[Delays], float],
    ours: Sequence[Delays],
    relayed: Sequence[Delays],
) -> Figure:
    own, beside = middle(map(figure, ours)), middle(map(figure, relayed))
    return Figure(name, load, goal, ms(own), ms(beside), f"+ {ms(own - beside)}")
