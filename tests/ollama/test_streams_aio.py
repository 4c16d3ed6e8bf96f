"""What asyncio alone has: tasks that are cancelled, and several event loops."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import AsyncIterator, Callable

import httpx
import pytest

from tests.ollama.watching import ASK, MODEL, noticed, noticed_soon
from tutor.ollama import AsyncChatStream, AsyncClient
from tutor.ollama.testing import Reply, ScriptedOllama, faults
from tutor.ollama.testing.received import until, until_blocking


@pytest.mark.parametrize(
    "fault", [faults.hang_before_headers, faults.hang_before_first_token, faults.stall_mid_stream, faults.drip]
)
@pytest.mark.parametrize("stream", [False, True])
async def test_cancelling_stops_the_server(
    server: ScriptedOllama, aio: AsyncClient, fault: type[Reply], *, stream: bool
) -> None:
    server.script(fault())

    async def read() -> None:
        if stream:
            await (await aio.chat(MODEL, ASK, stream=True)).final()
        else:
            await aio.chat(MODEL, ASK)

    task = asyncio.create_task(read())
    await server.wait_requests(1)
    await asyncio.sleep(0.03)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await noticed(server)


async def test_the_server_learns_soon_of_a_cancelled_reader(server: ScriptedOllama, aio: AsyncClient) -> None:
    server.script(faults.stall_mid_stream())

    async def leave() -> float:
        task = asyncio.create_task((await aio.chat(MODEL, ASK, stream=True)).final())
        await asyncio.sleep(0.03)
        since = time.monotonic()
        task.cancel()
        await asyncio.wait([task])
        return since

    await noticed_soon(server, leave)


def test_one_client_in_several_loops() -> None:
    with ScriptedOllama.in_thread() as server:
        client = AsyncClient(server.base_url, trust_env=False)

        async def ask() -> str:
            reply = await client.chat(MODEL, ASK)
            return reply.message.content or ""

        async def ask_and_close() -> str:
            async with client:
                return await ask()

        assert len({asyncio.run(ask_and_close()) for _ in range(3)}) == 1


async def test_closing_reaches_connections_of_other_loops() -> None:
    with ScriptedOllama.in_thread() as server:
        client = AsyncClient(server.base_url, trust_env=False)
        server.call(client.version())  # in the loop of that thread
        await client.version()
        await until(lambda: server.open_connections == 2)
        await client.close()
        await until(lambda: server.open_connections == 0)


async def test_cancelling_at_any_moment_neither_hangs_nor_leaks(server: ScriptedOllama, aio: AsyncClient) -> None:
    server.script(faults.drip(0.001))
    for round_ in range(40):
        task = asyncio.create_task((await aio.chat(MODEL, ASK, stream=True)).final())
        await asyncio.sleep(0.0003 * round_)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
    await until(lambda: server.open_connections == 0)
    await until(lambda: len(asyncio.all_tasks()) == 1)


def test_a_stream_may_be_dropped_when_its_loop_stands_still() -> None:
    with ScriptedOllama.in_thread() as server:
        server.fault("stall_mid_stream")
        client = AsyncClient(server.base_url, trust_env=False)

        async def opened() -> AsyncChatStream:
            stream = await client.chat(MODEL, ASK, stream=True)
            await anext(stream)
            return stream

        loop = asyncio.new_event_loop()
        stream = loop.run_until_complete(opened())
        del stream
        gc.collect()
        loop.run_until_complete(client.close())
        loop.close()
        until_blocking(lambda: server.open_connections == 0)


class Halves(httpx.AsyncByteStream):
    """The first half of a line, just when somebody stops the stream; then nothing more."""

    def __init__(self, stop: Callable[[], None]) -> None:
        self._stop = stop

    async def __aiter__(self) -> AsyncIterator[bytes]:
        self._stop()
        await asyncio.sleep(0)
        yield b'{"message":'
        await asyncio.sleep(60)


async def test_stopping_just_when_something_arrived() -> None:
    """It completes nothing, and nothing more is waited for; here over a transport of the program's own."""
    stopping: list[asyncio.Task[None]] = []
    bodies = Halves(lambda: stopping.append(asyncio.create_task(stream.aclose())))
    transport = httpx.MockTransport(lambda _: httpx.Response(200, stream=bodies))
    async with AsyncClient("box.internal", transport=transport) as client:
        stream = await client.chat(MODEL, ASK, stream=True)
        assert [chunk async for chunk in stream] == []
        await stopping[0]


async def test_stopping_just_when_the_headers_arrived(server: ScriptedOllama) -> None:
    stopping: list[asyncio.Task[None]] = []

    async def stop(_: httpx.Response) -> None:
        stopping.append(asyncio.create_task(stream.aclose()))
        await asyncio.sleep(0)

    server.fault("stall_mid_stream")
    async with AsyncClient(server.base_url, trust_env=False, event_hooks={"response": [stop]}) as client:
        stream = await client.chat(MODEL, ASK, stream=True)
        assert [chunk async for chunk in stream] == []
        await stopping[0]
        await server.requests[0].wait_hung_up()
