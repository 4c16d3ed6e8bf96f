"""Streams that are left at any moment leave nothing behind."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import random
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from tutor.ollama import AsyncChatStream, AsyncClient, ChatStream, Client, OllamaError, Timeouts
from tutor.ollama.testing import Reply, ScriptedOllama, faults
from tutor.ollama.testing.received import PATIENCE_S, until, until_blocking
from tutor.ollama.testing.wire import chunk, encode

ASK = [{"role": "user", "content": "hola"}]
STREAMS = 300
AT_ONCE = 12
MOMENTS = 40
WAYS = ("break", "raise", "cancel", "close", "drop", "total")


class Raised(Exception):
    """What a consumer's own code raises."""


@pytest.fixture
def endless() -> Iterator[ScriptedOllama]:
    """Its replies have no end: the words go on for ever, or stop while it thinks for ever."""
    falling_silent = Reply([encode(chunk("m", "la ")) + b"\n"] * (MOMENTS + 1), ending="hang")
    with ScriptedOllama.in_thread() as server:
        server.script(lambda body: falling_silent if body["model"] == "silent" else faults.endless())
        yield server


def descriptors() -> int:
    """How many files and sockets are open; what is to be closed by collecting is the caller's."""
    return len(list(Path("/proc/self/fd").iterdir()))


def moments(seed: int, count: int) -> list[tuple[str, int, str]]:
    """In which way each stream is left, after how many chunks or milliseconds, and whose it is."""
    rng = random.Random(seed)
    return [(WAYS[n % len(WAYS)], rng.randrange(MOMENTS), rng.choice(["silent", "talkative"])) for n in range(count)]


def timeouts(way: str, moment: int) -> Timeouts:
    return Timeouts(total_s=0.005 + moment / 1000 if way == "total" else 30)


async def leave_async(client: AsyncClient, way: str, moment: int, model: str) -> None:
    stream = await client.chat(model, ASK, stream=True, timeout=timeouts(way, moment))
    if way == "drop":
        for _ in range(moment):
            await anext(stream)
    elif way in ("cancel", "close"):
        reading = asyncio.create_task(read_async(stream))
        await asyncio.sleep(moment / 2000)
        await stream.aclose() if way == "close" else reading.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await reading
    else:
        await read_async(stream, None if way == "total" else moment, raises=way == "raise")


async def read_async(stream: AsyncChatStream, chunks: int | None = None, *, raises: bool = False) -> None:
    async with stream:
        async for _ in stream:
            if chunks is not None and (chunks := chunks - 1) < 0:
                break
        if raises:
            raise Raised


def leave_sync(client: Client, way: str, moment: int, model: str) -> None:
    """The same in threads; where a task is cancelled there, another thread closes the stream here."""
    stream = client.chat(model, ASK, stream=True, timeout=timeouts(way, moment))
    if way == "drop":
        for _ in range(moment):
            next(stream)
    elif way in ("cancel", "close"):
        reading = threading.Thread(target=read_sync, args=(stream,))
        reading.start()
        time.sleep(moment / 2000)
        stream.close()
        reading.join(PATIENCE_S)
        assert not reading.is_alive()
    else:
        read_sync(stream, None if way == "total" else moment, raises=way == "raise")


def read_sync(stream: ChatStream, chunks: int | None = None, *, raises: bool = False) -> None:
    with stream:
        for _ in stream:
            if chunks is not None and (chunks := chunks - 1) < 0:
                break
        if raises:
            raise Raised


async def many_async(client: AsyncClient, left: list[tuple[str, int, str]]) -> None:
    gate = asyncio.Semaphore(AT_ONCE)

    async def one(each: tuple[str, int, str]) -> None:
        async with gate:
            with contextlib.suppress(Raised, OllamaError):
                await leave_async(client, *each)

    await asyncio.gather(*map(one, left))


def many_sync(client: Client, left: list[tuple[str, int, str]]) -> None:
    def one(each: tuple[str, int, str]) -> None:
        with contextlib.suppress(Raised, OllamaError):
            leave_sync(client, *each)

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(one, left))


async def all_over_async(endless: ScriptedOllama) -> None:
    """What was dropped is closed by the loop."""
    gc.collect()
    await until(lambda: endless.open_connections == 0)


async def test_streams_left_at_any_moment_leave_nothing(endless: ScriptedOllama) -> None:
    async with AsyncClient(endless.base_url, trust_env=False) as client:
        await many_async(client, moments(1, AT_ONCE * 2))
        await all_over_async(endless)
        before, threads = descriptors(), set(threading.enumerate())
        await many_async(client, moments(2, STREAMS))
        await all_over_async(endless)
        await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})
    # Names are looked up in asyncio's own pool, which the loop closes.
    assert {t for t in set(threading.enumerate()) - threads if not t.name.startswith("asyncio_")} == set()
    # The server's thread notes a connection's end a moment before it closes the socket.
    until_blocking(lambda: descriptors() <= before)


def all_over(endless: ScriptedOllama) -> None:
    gc.collect()
    until_blocking(lambda: endless.open_connections == 0)


def test_blocking_streams_left_at_any_moment_leave_nothing(endless: ScriptedOllama) -> None:
    with Client(endless.base_url, trust_env=False) as client:
        many_sync(client, moments(1, AT_ONCE * 2))
        all_over(endless)
        before, threads = descriptors(), set(threading.enumerate())
        many_sync(client, moments(2, STREAMS))
        all_over(endless)
    assert set(threading.enumerate()) <= threads
    # The server's thread notes a connection's end a moment before it closes the socket.
    until_blocking(lambda: descriptors() <= before)
