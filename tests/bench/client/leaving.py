"""A process that leaves replies that have no end; prints how long the server did not know it, in milliseconds.

    python -m tests.bench.client.leaving ours aio block http://127.0.0.1:1234 20

Both processes read one monotonic clock.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
import urllib.request
from collections.abc import Awaitable, Callable
from contextlib import aclosing, closing, suppress
from typing import Any

from tests.bench.client.names import client_class
from tests.bench.client.wire import MODEL

PATIENCE_S = 40.0
_READ_LINES = 3


async def leave_block(client: Any) -> float:
    """Read a little and leave the block; the moment of leaving."""
    # The published client's streams are generators, which `aclosing` makes blocks of.
    async with aclosing(await client.chat(MODEL, [], stream=True)) as stream:
        for _ in range(_READ_LINES):
            await anext(stream)
        return time.monotonic()


async def leave_cancelled(client: Any) -> float:
    """Cancel the task that waits for the next line; the moment of doing so."""
    read = asyncio.Semaphore(0)

    async def consume() -> None:
        async for _ in await client.chat(MODEL, [], stream=True):
            read.release()

    consuming = asyncio.create_task(consume())
    for _ in range(_READ_LINES):
        await read.acquire()
    left = time.monotonic()
    consuming.cancel()
    with suppress(asyncio.CancelledError):
        await consuming
    return left


def leave_block_sync(client: Any) -> float:
    """The same for a client without a loop."""
    with closing(client.chat(MODEL, [], stream=True)) as stream:
        for _ in range(_READ_LINES):
            next(stream)
        return time.monotonic()


async def _delays_ms(client: Any, leave: Callable[[Any], Awaitable[float]], base_url: str, times: int) -> list[float]:
    delays, before = [], len(_gone(base_url))
    for number in range(times):
        left = await leave(client)
        delays.append(await asyncio.to_thread(_delay_ms, base_url, before + number, left))
    return delays


def _delays_sync_ms(client: Any, base_url: str, times: int) -> list[float]:
    before = len(_gone(base_url))
    return [_delay_ms(base_url, before + number, leave_block_sync(client)) for number in range(times)]


def _delay_ms(base_url: str, number: int, left: float) -> float:
    """How long after `left` the server noticed the departure of this number. Raises `TimeoutError`."""
    while time.monotonic() < left + PATIENCE_S:
        if len(gone := _gone(base_url)) > number:
            return (gone[number] - left) * 1000
        time.sleep(0.01)
    raise TimeoutError(f"the server still wrote {PATIENCE_S} s after its reader had left")


def _gone(base_url: str) -> list[float]:
    with urllib.request.urlopen(f"{base_url}/gone", timeout=PATIENCE_S) as answer:
        found: list[float] = json.load(answer)
    return found


def main(library: str, twin: str, way: str, base_url: str, times: str) -> None:
    client = client_class(library, twin)(f"{base_url}/endless/1/1")
    if twin == "sync":
        delays = _delays_sync_ms(client, base_url, int(times))
    else:
        leave = {"block": leave_block, "cancelled": leave_cancelled}[way]
        delays = asyncio.run(_delays_ms(client, leave, base_url, int(times)))
    print(json.dumps({"delays_ms": delays}))


if __name__ == "__main__":
    main(*sys.argv[1:])
