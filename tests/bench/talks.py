"""Words on their way: one stream, a hundred streams, each beside the relay."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Coroutine, Sequence

from tests.bench.house import Crowd, cpu_s, crowded
from tests.bench.listening import Delays, Heard, streams_of_ours, streams_of_relay
from tests.bench.ollama import RATE, serving
from tests.bench.table import RUNS, Figure, middle, ms

WORDS = 240
MANY = 100


def one_stream() -> list[Figure]:
    with crowded(1) as crowd, serving("tests.bench.relay", crowd.ollama) as (relay, _):
        ours = [_delays(streams_of_ours(crowd, crowd.learners, WORDS)) for _ in range(RUNS)]
        relayed = [_delays(streams_of_relay(relay, 1, WORDS)) for _ in range(RUNS)]
    load = f"1 stream, {RATE:.0f} tokens/s"
    name = "from the engine's chunk to the browser's frame"
    return [
        _compared(f"{name}, median", load, "≤ 50 ms", lambda one: one.median_ms, ours, relayed),
        _compared(f"{name}, 95 of 100", load, "", lambda one: one.p95_ms, ours, relayed),
        _compared("from the first chunk to the first frame", load, "≤ 100 ms", lambda one: one.first_ms, ours, relayed),
    ]


def many_streams() -> list[Figure]:
    with crowded(MANY) as crowd, serving("tests.bench.relay", crowd.ollama) as (relay, relay_pid):
        assert crowd.house.process is not None
        ours = [_watched(crowd.house.process.pid, lambda: _ours(crowd)) for _ in range(RUNS)]
        relayed = [_watched(relay_pid, lambda: streams_of_relay(relay, MANY, WORDS)) for _ in range(RUNS)]
    load = f"{MANY} streams at once, {RATE:.0f} tokens/s each"
    delays, beside = [run[0] for run in ours], [run[0] for run in relayed]
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
            f"{middle(run[1] for run in ours):.2f} s",
            f"{middle(run[1] for run in relayed):.2f} s",
        ),
        Figure(
            "processor of the server while they write",
            load,
            "< 1 core",
            f"{middle(run[2] for run in ours):.2f} cores",
            f"{middle(run[2] for run in relayed):.2f} cores",
        ),
    ]


def _ours(crowd: Crowd) -> Coroutine[None, None, list[Heard]]:
    return streams_of_ours(crowd, crowd.learners, WORDS)


def _delays(streams: Coroutine[None, None, list[Heard]]) -> Delays:
    return Delays.of(asyncio.run(streams))


def _watched(pid: int, begin: Callable[[], Coroutine[None, None, list[Heard]]]) -> tuple[Delays, float, float]:
    """The delays, the seconds until everybody's first word, and the cores used from then to the first one's last."""
    heard, used = asyncio.run(_sampled(pid, begin()))
    asked, begun = heard[0].asked, max(one.here[0] for one in heard)
    until = min(one.here[-1] for one in heard)
    within = [sample for sample in used if begun <= sample[0] <= until]
    cores = (within[-1][1] - within[0][1]) / (within[-1][0] - within[0][0]) if len(within) > 1 else 0.0
    return Delays.of(heard), begun - asked, cores


async def _sampled(pid: int, work: Coroutine[None, None, list[Heard]]) -> tuple[list[Heard], list[tuple[float, float]]]:
    samples: list[tuple[float, float]] = []

    async def sample() -> None:
        while True:
            samples.append((time.monotonic(), cpu_s(pid)))
            await asyncio.sleep(0.5)

    sampling = asyncio.create_task(sample())
    try:
        return await work, samples
    finally:
        sampling.cancel()


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
