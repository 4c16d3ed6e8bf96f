"""Lines at a pace, for several streams at once."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

INTERVAL_S = 0.0005


class Pace:
    """Waits for so many streams, then writes a line on each of them every half millisecond.

    A line that a busy machine made late is followed after a whole interval: two that travel together are cheaper to
    read, and no pace.
    """

    def __init__(self, streams: int) -> None:
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
        await _tick(joined)
        self._ended.set()
        self._ended = asyncio.Event()


async def _tick(joined: Sequence[tuple[Sequence[bytes], asyncio.StreamWriter]]) -> None:
    loop = asyncio.get_running_loop()
    due = loop.time()
    for number in range(len(joined[0][0])):
        for lines, writer in joined:
            writer.write(lines[number])
        due = max(due, loop.time() - INTERVAL_S / 2) + INTERVAL_S
        await asyncio.sleep(due - loop.time())
