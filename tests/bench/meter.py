"""The processor time of a process while its streams are steady, read from outside."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass

from tests.bench.heard import Delays, Heard, last_first_word_s, steady_s, words_within
from tests.bench.house import cpu_s

_EVERY_S = 0.1


@dataclass(frozen=True)
class Run:
    """Replies that were heard, and (moment, processor seconds) of whoever brought them, ten times a second."""

    heard: Sequence[Heard]
    samples: Sequence[tuple[float, float]]

    @property
    def delays(self) -> Delays:
        return Delays.of(self.heard)

    @property
    def last_first_word_s(self) -> float:
        return last_first_word_s(self.heard)

    @property
    def cores(self) -> float:
        """Processor seconds a second, while all of them were growing."""
        began, ended = steady_s(self.heard)
        return (self._cpu_s(ended) - self._cpu_s(began)) / (ended - began)

    @property
    def word_us(self) -> float:
        """Processor microseconds for a word, while all of them were growing."""
        began, ended = steady_s(self.heard)
        return (self._cpu_s(ended) - self._cpu_s(began)) / words_within(self.heard, began, ended) * 1e6

    def _cpu_s(self, moment: float) -> float:
        """Between two samples in proportion."""
        pairs = zip(self.samples, self.samples[1:], strict=False)
        (before, used), (after, then) = next(pair for pair in pairs if pair[1][0] >= moment)
        return used + (then - used) * (moment - before) / (after - before)


async def watched(pid: int, work: Coroutine[None, None, list[Heard]]) -> Run:
    """Do ``work`` and look at the process meanwhile, and once more after it."""
    samples = [(time.monotonic(), cpu_s(pid))]

    async def sample() -> None:
        while True:
            await asyncio.sleep(_EVERY_S)
            samples.append((time.monotonic(), cpu_s(pid)))

    sampling = asyncio.create_task(sample())
    try:
        heard = await work
        await asyncio.sleep(2 * _EVERY_S)
    finally:
        sampling.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await sampling
    return Run(heard, samples)
