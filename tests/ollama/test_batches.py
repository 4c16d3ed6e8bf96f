"""Chunks by the list, and waits that are given up and taken up again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest

from tests.ollama.watching import ASK, MODEL
from tutor.ollama import AsyncChatStream, AsyncClient, MalformedLine, ResponseError
from tutor.ollama.testing import Reply, ScriptedOllama, faults
from tutor.ollama.testing.received import PATIENCE_S, until
from tutor.ollama.testing.wire import last_line, line

HOLA = [line("Ho"), line("la"), last_line()]


def words(chunks: list[Any]) -> str:
    return "".join(chunk.message.content for chunk in chunks)


async def test_what_came_together_is_handed_over_together(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(Reply([b"".join(HOLA)]))
    async with await client.chat(MODEL, ASK, stream=True) as stream:
        batches = [batch async for batch in stream.in_batches()]
    assert [[chunk.message.content for chunk in batch] for batch in batches] == [["Ho", "la", ""]]
    assert batches[0][-1].done
    assert (await stream.final()).message.content == "Hola"


async def test_batches_and_chunks_may_take_turns(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(Reply([b"".join(HOLA)]))
    async with await client.chat(MODEL, ASK, stream=True) as stream:
        assert (await anext(stream)).message.content == "Ho"
        assert [words(batch) async for batch in stream.in_batches()] == ["la"]


async def test_a_first_batch_does_not_wait_for_a_second(server: ScriptedOllama, client: AsyncClient) -> None:
    server.say(["Ho", "la"], delay_s=30)
    async with await client.chat(MODEL, ASK, stream=True) as stream:
        async for batch in stream.in_batches(20.0):
            assert words(batch) == "Ho"
            break
    assert server.requests[0].chunks_sent == 1


@pytest.mark.parametrize("every_s", [0.3, lambda: 0.3])
async def test_what_comes_within_a_pause_is_one_batch(
    server: ScriptedOllama, client: AsyncClient, every_s: float | Callable[[], float]
) -> None:
    server.script(Reply([line("Ho"), 0.1, *(line(str(number)) for number in range(9)), last_line()]))
    began = time.monotonic()
    async with await client.chat(MODEL, ASK, stream=True) as stream:
        batches = [words(batch) async for batch in stream.in_batches(every_s)]
    assert batches[0] == "Ho"
    assert batches[-1].endswith("8")
    assert len(batches) == 2
    assert time.monotonic() - began >= 0.3


async def test_more_than_one_read_can_take_is_not_paused_for(server: ScriptedOllama, aio: AsyncClient) -> None:
    server.script(Reply([line("x" * 400_000), *HOLA]))
    async with asyncio.timeout(PATIENCE_S), await aio.chat(MODEL, ASK, stream=True) as stream:
        assert len("".join([words(batch) async for batch in stream.in_batches(0.01)])) == 400_004


async def test_a_pause_within_a_pause_is_the_first_one(server: ScriptedOllama, aio: AsyncClient) -> None:
    server.script(Reply([line("Ho"), 0.1, line("la"), last_line()]))
    async with await aio.chat(MODEL, ASK, stream=True) as stream:
        assert (await anext(stream)).message.content == "Ho"
        exchange = stream._exchange
        assert exchange is not None
        exchange.rest(0.3)
        exchange.rest(10 * PATIENCE_S)
        assert exchange._connection is not None
        exchange._connection._pause()  # as one that is full does
        assert (await stream.final()).message.content == "Hola"


async def test_what_is_wrong_comes_after_what_was_before_it(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(Reply([HOLA[0] + HOLA[1] + b"{\n" + HOLA[2]]))
    async with await client.chat(MODEL, ASK, stream=True) as stream:
        batches = stream.in_batches()
        assert words(await anext(batches)) == "Hola"
        with pytest.raises(MalformedLine):
            await anext(batches)


async def test_closing_ends_a_pause(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.stall_mid_stream(["Ho"]))
    stream = await client.chat(MODEL, ASK, stream=True)
    rest: list[str] = []
    begun = asyncio.Event()

    async def read() -> None:
        async for batch in stream.in_batches(10 * PATIENCE_S):
            rest.append(words(batch))
            begun.set()

    reading = asyncio.create_task(read())
    await begun.wait()
    await asyncio.sleep(0.05)
    await asyncio.wait_for(stream.aclose(), PATIENCE_S)
    await asyncio.wait_for(reading, PATIENCE_S)
    assert rest == ["Ho"]


async def test_over_httpx_batches_come_as_they_are_there(
    server: ScriptedOllama, make_client: Callable[..., AsyncClient], twin: str
) -> None:
    server.script(Reply(HOLA))
    transport = httpx.AsyncHTTPTransport() if twin == "aio" else httpx.HTTPTransport()
    async with (
        make_client(server.base_url, transport=transport) as client,
        await client.chat(MODEL, ASK, stream=True) as stream,
    ):
        assert "".join([words(batch) async for batch in stream.in_batches(60.0)]) == "Hola"


def by_anext(stream: AsyncChatStream) -> Awaitable[Any]:
    return anext(stream)


def by_text(stream: AsyncChatStream) -> Callable[[], Awaitable[Any]]:
    texts = stream.text_stream
    return lambda: anext(texts)


def by_batch(stream: AsyncChatStream) -> Callable[[], Awaitable[Any]]:
    batches = stream.in_batches()
    return lambda: anext(batches)


WAYS: dict[str, Callable[[AsyncChatStream], Callable[[], Awaitable[Any]]]] = {
    "anext": lambda stream: lambda: by_anext(stream),
    "text": by_text,
    "batch": by_batch,
    "final": lambda stream: stream.final,
}


async def wait_for(waiting: Awaitable[Any], limit_s: float) -> Any:
    return await asyncio.wait_for(waiting, limit_s)


async def by_timeout(waiting: Awaitable[Any], limit_s: float) -> Any:
    async with asyncio.timeout(limit_s):
        return await waiting


@pytest.mark.parametrize("give_up", [wait_for, by_timeout])
@pytest.mark.parametrize("transport", ["direct", "httpx"])
@pytest.mark.parametrize("way", WAYS)
async def test_a_wait_that_ran_out_is_taken_up_again(
    server: ScriptedOllama, way: str, transport: str, give_up: Callable[[Awaitable[Any], float], Awaitable[Any]]
) -> None:
    """Before the headers, before the first chunk and between two."""
    goes_on = asyncio.Event()
    server.script(Reply([0.2, line("Ho"), 0.2, line("la"), 0.2, last_line()], first_delay_s=0.2))
    settings: dict[str, Any] = {} if transport == "direct" else {"transport": httpx.AsyncHTTPTransport()}
    found: list[Any] = []
    async with (
        AsyncClient(server.base_url, trust_env=False, **settings) as client,
        await client.chat(MODEL, ASK, stream=True) as stream,
    ):
        take = WAYS[way](stream)
        ran_out = 0
        while not goes_on.is_set():
            try:
                found.append(await give_up(take(), 0.07))
            except TimeoutError:
                ran_out += 1
            except StopAsyncIteration:
                goes_on.set()
            if way == "final" and found:
                goes_on.set()
        assert stream.partial.message.content == "Hola"
        assert stream.partial.done
    assert ran_out >= 3
    assert len(server.requests) == 1


@pytest.mark.parametrize("transport", ["direct", "httpx"])
@pytest.mark.parametrize("fault", [faults.hang_before_headers, faults.stall_mid_stream])
async def test_whoever_gives_up_for_good_leaves_nothing(
    server: ScriptedOllama, transport: str, fault: Callable[[], Reply]
) -> None:
    server.script(fault())
    settings: dict[str, Any] = {} if transport == "direct" else {"transport": httpx.AsyncHTTPTransport()}
    async with AsyncClient(server.base_url, trust_env=False, **settings) as client:
        async with await client.chat(MODEL, ASK, stream=True) as stream:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(stream.final(), 0.1)
        await until(lambda: server.open_connections == 0)
        await until(lambda: len(asyncio.all_tasks()) == 1)


async def test_an_error_that_comes_when_nobody_waits_is_heard_of_later(server: ScriptedOllama) -> None:
    server.script(Reply([0.1], opening="rst", first_delay_s=0.1))
    async with AsyncClient(server.base_url, trust_env=False) as client:
        stream = await client.chat(MODEL, ASK, stream=True)
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(anext(stream), 0.02)
        await until(lambda: bool(server.requests) and server.open_connections == 0)
        await stream.aclose()


async def test_the_body_of_an_error_is_read_by_whoever_opens(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.server_error())
    async with asyncio.timeout(PATIENCE_S), await client.chat(MODEL, ASK, stream=True) as stream:
        with pytest.raises(ResponseError, match="CUDA"):
            await anext(aiter(stream.in_batches()))
