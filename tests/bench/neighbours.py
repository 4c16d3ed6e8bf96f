"""Ours beside the obvious consumer, in rounds that take turns: every figure is a ratio."""

from __future__ import annotations

import asyncio
import json
import re
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.heard import Heard
from tests.bench.house import cpu_s, crowded
from tests.bench.listening import PATIENCE_S, streams
from tests.bench.meter import Run, watched
from tests.bench.ollama import RATE
from tests.bench.sides import Ours, Side, obvious
from tests.bench.table import RUNS, Figure, middle, ms

MANY, CROWD, FEW = 100, 200, 30
SPREAD_S = 5.0
MESSAGES = 30
IDLE = 200
TRIES = 3


@dataclass(frozen=True)
class Round:
    """What one side did in one round."""

    many: Run
    crowd: Run
    few: Run
    message_ms: float


def neighbours() -> list[Figure]:
    with sides() as both:
        idle = [asyncio.run(idle_kb(side)) for side in both]
        for side in both:
            asyncio.run(streams(side, FEW, 10))
        rounds = [tuple(_round(side) for side in both) for _ in range(RUNS)]
    ours, beside = ([one[side] for one in rounds] for side in (0, 1))
    at_once, spread = f"{MANY} streams at once", f"{CROWD} streams begun within {SPREAD_S:.0f} s"
    pace = f", {RATE:.0f} tokens/s each"
    return [
        _cost("processor a token, steady", at_once + pace, "≤ 0.5 ×", _us, lambda one: one.many.word_us, ours, beside),
        _cost("processor a token, steady", spread + pace, "≤ 0.5 ×", _us, lambda one: one.crowd.word_us, ours, beside),
        _cost("delay of a word, 95 of 100", at_once + pace, "", ms, lambda one: one.many.delays.p95_ms, ours, beside),
        _cost(
            "delay of a word, 95 of 100",
            spread + pace,
            "≤ 120 ms",
            ms,
            lambda one: one.crowd.delays.p95_ms,
            ours,
            beside,
        ),
        _cost(
            "from the send to the last one's first word",
            f"{FEW} messages at once",
            "≤ 1 s, ≤ 1 ×",
            _s,
            lambda one: one.few.last_first_word_s,
            ours,
            beside,
        ),
        _cost(
            "from the send to the last one's first word",
            f"{MANY} messages at once",
            "≤ 2 s, ≤ 1 ×",
            _s,
            lambda one: one.many.last_first_word_s,
            ours,
            beside,
        ),
        _cost(
            "processor of a message, to its reply's first word",
            f"{MESSAGES} messages, one after the other",
            "≤ 12 ms",
            ms,
            lambda one: one.message_ms,
            ours,
            beside,
        ),
        Figure(
            "memory of an idle socket",
            f"{IDLE} sockets, one run",
            "≤ 40 KB",
            f"{idle[0]:.0f} KB",
            f"{idle[1]:.0f} KB",
            f"{idle[0] / idle[1]:.2f} ×",
        ),
    ]


@contextmanager
def sides(people: int = CROWD) -> Iterator[tuple[Side, Side]]:
    """A house and the obvious consumer, both asking the same scripted Ollama."""
    with crowded(people) as crowd, obvious(crowd.ollama) as beside:
        yield Ours(crowd), beside


def _round(side: Side) -> Round:
    return Round(
        many=run(side, MANY, 240),
        crowd=run(side, CROWD, 360, SPREAD_S),
        few=run(side, FEW, 20),
        message_ms=asyncio.run(message_ms(side, MESSAGES)),
    )


def run(side: Side, readers: int, words: int, over_s: float = 0.0) -> Run:
    """So many readers, watched. What a busy machine has spoilt (an engine "offline") is run again when all is quiet."""
    for left in reversed(range(TRIES)):
        try:
            return asyncio.run(watched(side.pid, streams(side, readers, words, over_s)))
        except (AssertionError, TimeoutError, ConnectionError):
            if not left:
                raise
            time.sleep(words / RATE + 5)
    raise AssertionError


async def message_ms(side: Side, messages: int) -> float:
    """Processor milliseconds of one message, from the frame that asks to the frame with the first word.

    Each is asked once the one before has its first word, and after that word all of them are silent.
    """
    async with asyncio.timeout(PATIENCE_S), AsyncExitStack() as open_sockets:
        browsers = [await open_sockets.enter_async_context(side.browser(number)) for number in range(messages)]
        replies = [Heard() for _ in browsers]
        before = cpu_s(side.pid)
        for number, (browser, heard) in enumerate(zip(browsers, replies, strict=True)):
            await browser.send(side.question(number, "1 words, then 5 s"))
            while not heard.here:
                side.take(heard, json.loads(await browser.recv()))
        used = cpu_s(side.pid) - before
        for browser, heard in zip(browsers, replies, strict=True):
            while not side.take(heard, json.loads(await browser.recv())):
                pass
    return used / messages * 1000


async def idle_kb(side: Side, sockets: int = IDLE) -> float:
    """What a socket takes that follows a conversation and on which nothing is said, in KB of resident memory."""
    async with AsyncExitStack() as warm:
        for number in range(sockets // 4):
            await warm.enter_async_context(side.browser(number))
    before = _resident_kb(side.pid)
    async with AsyncExitStack() as open_sockets:
        for number in range(sockets):
            await open_sockets.enter_async_context(side.browser(number))
        return (_resident_kb(side.pid) - before) / sockets


def _resident_kb(pid: int) -> int:
    found = re.search(r"VmRSS:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1])


def _us(value: float) -> str:
    return f"{value:.0f} µs"


def _s(value: float) -> str:
    return f"{value:.2f} s"


def _cost(
    name: str,
    load: str,
    goal: str,
    shown: Callable[[float], str],
    figure: Callable[[Round], float],
    ours: Sequence[Round],
    beside: Sequence[Round],
) -> Figure:
    """Medians of the rounds, and the median of their ratios."""
    own, other = list(map(figure, ours)), list(map(figure, beside))
    ratio = middle(mine / its for mine, its in zip(own, other, strict=True))
    return Figure(name, load, goal, shown(middle(own)), shown(middle(other)), f"{ratio:.2f} ×")
