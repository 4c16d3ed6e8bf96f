"""The life of a stream: what is sent when, how it ends, and who notices."""

from __future__ import annotations

import asyncio
import time

import pytest

from tutor.ollama import AsyncChatStream, AsyncClient, Incomplete, ReadTimedOut, Timeouts
from tutor.ollama.testing import Reply, ScriptedOllama, faults
from tutor.ollama.testing.received import until

ASK = [{"role": "user", "content": "hola"}]
NOTICED_S = 0.1


async def opened(client: AsyncClient) -> AsyncChatStream:
    stream = await client.chat("qwen2.5:7b", ASK, stream=True)
    await anext(stream)
    return stream


async def noticed(server: ScriptedOllama, since: float) -> None:
    """The server sees the client leave, soon; time in which this machine ran nothing at all does not count."""
    lag_s = 0.0
    while not server.requests[-1].hung_up and time.monotonic() - since < 2:
        before = time.monotonic()
        await asyncio.sleep(0.002)
        lag_s = max(lag_s, time.monotonic() - before - 0.002)
    left_at = await server.requests[-1].wait_hung_up()
    assert left_at - since <= NOTICED_S + lag_s
    await until(lambda: server.open_connections == 0, 1)


async def test_words_arrive_in_pieces_and_add_up(server: ScriptedOllama, client: AsyncClient) -> None:
    server.say(["Ho", "la"], thinking=["Hm", "m"])
    async with await client.chat("qwen2.5:7b", ASK, stream=True, options={"num_predict": 64}) as stream:
        chunks = [chunk async for chunk in stream]
    assert [c.message.content for c in chunks] == ["", "", "Ho", "la", ""]
    assert chunks[-1].done
    whole = await stream.final()
    assert (whole.message.content, whole.message.thinking) == ("Hola", "Hmm")
    assert whole["eval_count"] == 5
    assert server.chats[0].body["options"] == {"num_predict": 64}
    assert server.chats[0].body["stream"] is True
    assert server.chats[0].headers["accept-encoding"] == "identity"


async def test_a_chunk_is_there_before_the_next_is_written(server: ScriptedOllama, client: AsyncClient) -> None:
    server.say(["Ho", "la"], delay_s=0.2)
    async with await client.chat("qwen2.5:7b", ASK, stream=True) as stream:
        began = time.monotonic()
        await anext(stream)
        assert time.monotonic() - began < 0.15


async def test_nothing_is_sent_before_the_first_read(server: ScriptedOllama, client: AsyncClient) -> None:
    async with await client.chat("qwen2.5:7b", ASK, stream=True):
        await asyncio.sleep(0.02)
    assert not server.requests


async def test_leaving_the_block_stops_the_server(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.stall_mid_stream())
    async with await client.chat("qwen2.5:7b", ASK, stream=True) as stream:
        await anext(stream)
    await noticed(server, time.monotonic())
    assert [chunk async for chunk in stream] == []


async def test_an_error_in_the_block_stops_the_server(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.endless())

    async def stumble() -> None:
        async with await client.chat("qwen2.5:7b", ASK, stream=True) as stream:
            async for _ in stream:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stumble()
    await noticed(server, time.monotonic())


@pytest.mark.parametrize(
    "fault", [faults.hang_before_headers, faults.hang_before_first_token, faults.stall_mid_stream, faults.drip]
)
@pytest.mark.parametrize("stream", [False, True])
async def test_cancelling_stops_the_server(
    server: ScriptedOllama, client: AsyncClient, fault: type[Reply], *, stream: bool
) -> None:
    server.script(fault())

    async def read() -> None:
        if stream:
            await (await client.chat("qwen2.5:7b", ASK, stream=True)).final()
        else:
            await client.chat("qwen2.5:7b", ASK)

    task = asyncio.create_task(read())
    await server.wait_requests(1)
    await asyncio.sleep(0.03)
    task.cancel()
    since = time.monotonic()
    with pytest.raises(asyncio.CancelledError):
        await task
    await noticed(server, since)


async def test_another_task_may_stop_a_stream_that_waits(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.stall_mid_stream())
    stream = await client.chat("qwen2.5:7b", ASK, stream=True)

    async def read() -> list[str]:
        return [chunk.message.content or "" async for chunk in stream]

    task = asyncio.create_task(read())
    await server.wait_requests(1)
    await asyncio.sleep(0.03)
    since = time.monotonic()
    await stream.aclose()
    await noticed(server, since)
    assert await task == ["Ho", "la"]
    assert stream.partial.message.content == "Hola"
    with pytest.raises(Incomplete):
        await stream.final()
    await stream.aclose()


async def test_stopping_at_any_moment_neither_hangs_nor_leaks(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.drip(0.001))
    for round_ in range(40):
        stream = await client.chat("qwen2.5:7b", ASK, stream=True)
        task = asyncio.create_task(stream.final())
        await asyncio.sleep(0.0003 * round_)
        async with asyncio.timeout(1):
            await stream.aclose()
            with pytest.raises(Incomplete):
                await task
    await until(lambda: server.open_connections == 0, 1)
    assert len(asyncio.all_tasks()) == 1


async def test_a_closed_stream_is_empty(server: ScriptedOllama, client: AsyncClient) -> None:
    stream = await client.chat("qwen2.5:7b", ASK, stream=True)
    await stream.aclose()
    assert [chunk async for chunk in stream] == []
    assert not server.requests


async def test_stopping_while_nothing_has_been_answered(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.hang_before_headers())
    stream = await client.chat("qwen2.5:7b", ASK, stream=True)
    task = asyncio.create_task(anext(stream, None))
    await server.wait_requests(1)
    since = time.monotonic()
    await stream.aclose()
    await noticed(server, since)
    assert await task is None


async def test_a_stream_has_one_reader(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.hang_before_headers())
    stream = await client.chat("qwen2.5:7b", ASK, stream=True)
    task = asyncio.create_task(anext(stream, None))
    await server.wait_requests(1)
    with pytest.raises(RuntimeError, match="another task"):
        await anext(stream)
    await stream.aclose()
    await task


async def test_a_stream_that_is_dropped_stops_the_server(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.stall_mid_stream())
    stream = await opened(client)
    since = time.monotonic()
    del stream
    await noticed(server, since)


async def test_connection_serves_again_after_an_end_in_order(server: ScriptedOllama, client: AsyncClient) -> None:
    for _ in range(3):
        async with await client.chat("qwen2.5:7b", ASK, stream=True) as stream:
            async for chunk in stream:
                if chunk.done:
                    break
        await (await client.chat("qwen2.5:7b", ASK, stream=True)).final()
        await client.chat("qwen2.5:7b", ASK)
    assert len({r.client_port for r in server.requests}) == 1


async def test_a_server_that_goes_on_after_done_is_left(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(Reply([*faults.done_early().each_step()], ending="hang"))
    began = time.monotonic()
    reply = await (await client.chat("qwen2.5:7b", ASK, stream=True)).final()
    assert reply.message.content == "Hola"
    assert time.monotonic() - began < 0.5
    await server.requests[0].wait_hung_up()


async def test_budgets_of_one_call(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.hang_before_headers())
    quick = Timeouts(first_s=0.05, whole_s=0.05)
    with pytest.raises(ReadTimedOut):
        await (await client.chat("qwen2.5:7b", ASK, stream=True, timeout=quick)).final()
    with pytest.raises(TimeoutError):
        await client.chat("qwen2.5:7b", ASK, timeout=0.05)
    await server.requests[-1].wait_hung_up()


async def test_stream_flag_known_only_at_run_time(client: AsyncClient) -> None:
    for flag in (True, False):
        reply = await client.chat("qwen2.5:7b", ASK, stream=flag)
        whole = await reply.final() if isinstance(reply, AsyncChatStream) else reply
        assert whole.done


async def test_many_streams_at_once(server: ScriptedOllama, client: AsyncClient) -> None:
    server.tokens_per_second = 50
    server.say([f"p{i} " for i in range(20)])

    async def one() -> str:
        reply = await (await client.chat("qwen2.5:7b", ASK, stream=True)).final()
        return reply.message.content or ""

    began = time.monotonic()
    replies = await asyncio.gather(*(one() for _ in range(100)))
    took = time.monotonic() - began
    assert set(replies) == {"".join(f"p{i} " for i in range(20))}
    assert 0.35 < took < 5


def test_one_client_in_several_loops() -> None:
    with ScriptedOllama.in_thread() as server:
        client = AsyncClient(server.base_url, trust_env=False)

        async def ask() -> str:
            reply = await client.chat("qwen2.5:7b", ASK)
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
        await until(lambda: server.open_connections == 2, 1)
        await client.close()
        await until(lambda: server.open_connections == 0, 1)
