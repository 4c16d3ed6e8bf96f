"""Lines at a pace, for several streams at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

# Between two lines of one stream, by the shape's name. At `spoken` the streams do not write at the same moment.
INTERVALS_S = {"paced": 0.0005, "spoken": 1 / 30}

_Joined = Sequence[tuple[Sequence[bytes], asyncio.StreamWriter]]


class Pace:
    """Waits for so many streams, then writes a line on each of them in every interval.

    A line that a busy machine made late is followed after a whole interval: two that travel together are cheaper to
    read, and no pace.
    """

    def __init__(self, shape: str, streams: int) -> None:
        self._shape = shape
        self._streams = streams
        self._joined: list[tuple[Sequence[bytes], asyncio.StreamWriter]] = []
        self._ended = asyncio.Event()

    async def write(self, lines: Sequence[bytes], writer: asyncio.StreamWriter) -> None:
        """Take part, until all is written. All streams bring equally many lines."""
        self._joined.append((lines, writer))
        if len(self._joined) < self._streams:
            await self._ended.wait()
            return
        joined, self._joined = self._joined, []
        apart = 1 if self._shape == "spoken" else len(joined)
        await _tick(joined, INTERVALS_S[self._shape] * apart / len(joined), apart)
        self._ended.set()
        self._ended = asyncio.Event()


async def _tick(joined: _Joined, interval_s: float, together: int) -> None:
    """Write so many lines `together`, and pause, until each stream has all of its own."""
    loop = asyncio.get_running_loop()
    due = loop.time()
    for number in range(len(joined[0][0])):
        for first in range(0, len(joined), together):
            for lines, writer in joined[first : first + together]:
                writer.write(lines[number])
            due = max(due, loop.time() - interval_s / 2) + interval_s
            await asyncio.sleep(due - loop.time())
