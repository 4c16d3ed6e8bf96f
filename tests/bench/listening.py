"""Browsers reduced to their sockets: they ask, and note when each stamped word came in."""

from __future__ import annotations

import asyncio
import json

from tests.bench.heard import Heard
from tests.bench.sides import Side

PATIENCE_S = 90.0


class Ready:
    """Lets all readers ask at the same moment, once the last of them is ready, or one after the other from then on."""

    def __init__(self, readers: int, over_s: float = 0.0) -> None:
        self._barrier = asyncio.Barrier(readers)
        self._each_s = over_s / readers

    async def wait(self, number: int) -> None:
        await self._barrier.wait()
        await asyncio.sleep(number * self._each_s)


async def read(side: Side, number: int, words: int, ready: Ready) -> Heard:
    """Ask for so many words and follow the reply to its end."""
    async with asyncio.timeout(PATIENCE_S), side.browser(number) as socket:
        await ready.wait(number)
        question = side.question(number, f"{words} words")
        heard = Heard()
        await socket.send(question)
        while not side.take(heard, json.loads(await socket.recv())):
            pass
    assert len(heard.written) == words, f"{len(heard.written)} of {words} words came"
    return heard


async def streams(side: Side, readers: int, words: int, over_s: float = 0.0) -> list[Heard]:
    """So many ask at once, or within ``over_s`` seconds."""
    ready = Ready(readers, over_s)
    return list(await asyncio.gather(*(read(side, number, words, ready) for number in range(readers))))
