"""The life of a stream, of either twin: what is sent when, how it ends, and who notices."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import pytest

from tests.ollama.watching import ASK, MODEL, connections, noticed, noticed_soon
from tutor.ollama import (
    AsyncChatStream,
    AsyncClient,
    ChatResponse,
    Incomplete,
    MalformedLine,
    OllamaError,
    ReadTimedOut,
    Timeouts,
)
from tutor.ollama.testing import Reply, ScriptedOllama, faults
from tutor.ollama.testing.received import PATIENCE_S, until

MakeClient = Callable[..., AsyncClient]


async def opened(client: AsyncClient) -> AsyncChatStream:
    stream = await client.chat(MODEL, ASK, stream=True)
    await anext(stream)
    return stream


async def test_words_arrive_in_pieces_and_add_up(server: ScriptedOllama, client: AsyncClient) -> None:
    server.say(["Ho", "la"], thinking=["Hm", "m"])
    async with await client.chat(MODEL, ASK, stream=True, options={"num_predict": 64}) as stream:
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
    server.say(["Ho", "la"], delay_s=30)
    async with await client.chat(MODEL, ASK, stream=True) as stream:
        began = time.monotonic()
        await anext(stream)
        assert time.monotonic() - began < 25
    assert server.requests[0].chunks_sent == 1


async def test_nothing_is_sent_before_the_first_read(server: ScriptedOllama, client: AsyncClient) -> None:
    async with await client.chat(MODEL, ASK, stream=True):
        await asyncio.sleep(0.02)
    assert not server.requests


async def test_leaving_the_block_stops_the_server(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.stall_mid_stream())
    async with await client.chat(MODEL, ASK, stream=True) as stream:
        await anext(stream)
    await noticed(server)
    assert [chunk async for chunk in stream] == []


async def test_an_error_in_the_block_stops_the_server(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.endless())

    async def stumble() -> None:
        async with await client.chat(MODEL, ASK, stream=True) as stream:
            async for _ in stream:
                raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await stumble()
    await noticed(server)


async def test_another_task_may_stop_a_stream_that_waits(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.stall_mid_stream())
    stream = await client.chat(MODEL, ASK, stream=True)
    heard: list[str] = []

    async def read() -> None:
        async for chunk in stream:
            heard.append(chunk.message.content or "")  # noqa: PERF401 - looked at meanwhile

    task = asyncio.create_task(read())
    await until(lambda: heard == ["Ho", "la"])
    await asyncio.sleep(0.02)
    await stream.aclose()
    await noticed(server)
    await task
    assert heard == ["Ho", "la"]
    assert stream.partial.message.content == "Hola"
    with pytest.raises(Incomplete):
        await stream.final()
    await stream.aclose()


@pytest.mark.parametrize("way", ["another task", "the block", "the client"])
async def test_the_server_learns_soon_of_an_end(server: ScriptedOllama, make_client: MakeClient, way: str) -> None:
    server.script(faults.stall_mid_stream())

    async def leave() -> float:
        async with make_client(server.base_url) as client, await client.chat(MODEL, ASK, stream=True) as stream:
            await anext(stream)
            task = asyncio.create_task(stream.final())
            await asyncio.sleep(0.03)
            since = time.monotonic()
            if way == "another task":
                await stream.aclose()
            elif way == "the client":
                await client.close()
        with pytest.raises(OllamaError):
            await task
        return since

    await noticed_soon(server, leave)


async def test_stopping_at_any_moment_neither_hangs_nor_leaks(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.drip(0.001))
    for round_ in range(40):
        stream = await client.chat(MODEL, ASK, stream=True)
        task = asyncio.create_task(stream.final())
        await asyncio.sleep(0.0003 * round_)
        async with asyncio.timeout(PATIENCE_S):
            await stream.aclose()
            with pytest.raises(Incomplete):
                await task
    await until(lambda: server.open_connections == 0)
    await until(lambda: len(asyncio.all_tasks()) == 1)


async def test_a_closed_stream_is_empty(server: ScriptedOllama, client: AsyncClient) -> None:
    stream = await client.chat(MODEL, ASK, stream=True)
    await stream.aclose()
    assert [chunk async for chunk in stream] == []
    assert not server.requests


async def test_stopping_while_nothing_has_been_answered(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.hang_before_headers())
    stream = await client.chat(MODEL, ASK, stream=True)
    task = asyncio.create_task(anext(stream, None))
    await server.wait_requests(1)
    await stream.aclose()
    await noticed(server)
    assert await task is None


async def test_a_stream_has_one_reader(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.hang_before_headers())
    stream = await client.chat(MODEL, ASK, stream=True)
    task = asyncio.create_task(anext(stream, None))
    await server.wait_requests(1)
    with pytest.raises(RuntimeError, match="another t"):
        await anext(stream)
    await stream.aclose()
    await task


async def test_a_stream_that_is_dropped_stops_the_server(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.stall_mid_stream())
    stream = await opened(client)
    del stream
    await noticed(server)


@pytest.mark.usefixtures("_unhurried")
async def test_connection_serves_again_after_an_end_in_order(server: ScriptedOllama, client: AsyncClient) -> None:
    for _ in range(3):
        async with await client.chat(MODEL, ASK, stream=True) as stream:
            async for chunk in stream:
                if chunk.done:
                    break
        await (await client.chat(MODEL, ASK, stream=True)).final()
        await client.chat(MODEL, ASK)
    assert connections(server) == 1


async def test_a_server_that_goes_on_after_done_is_left(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(Reply([*faults.done_early().each_step()], ending="hang"))
    began = time.monotonic()
    reply = await (await client.chat(MODEL, ASK, stream=True)).final()
    assert reply.message.content == "Hola"
    assert time.monotonic() - began < 30  # another chunk would be waited for during a minute
    await server.requests[0].wait_hung_up()


async def test_budgets_of_one_call(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(faults.hang_before_headers())
    quick = Timeouts(first_s=0.05, whole_s=0.05)
    with pytest.raises(ReadTimedOut):
        await (await client.chat(MODEL, ASK, stream=True, timeout=quick)).final()
    await client.version()  # connected: the budget is for waiting alone
    with pytest.raises(TimeoutError):
        await client.chat(MODEL, ASK, timeout=0.2)
    await until(lambda: server.requests[-1].hung_up)


async def test_stream_flag_known_only_at_run_time(client: AsyncClient) -> None:
    for flag in (True, False):
        reply = await client.chat(MODEL, ASK, stream=flag)
        whole = reply if isinstance(reply, ChatResponse) else await reply.final()
        assert whole.done


async def test_many_streams_at_once(server: ScriptedOllama, client: AsyncClient) -> None:
    server.tokens_per_second = 50
    server.say([f"p{i} " for i in range(20)])

    async def one() -> str:
        reply = await (await client.chat(MODEL, ASK, stream=True)).final()
        return reply.message.content or ""

    began = time.monotonic()
    replies = await asyncio.gather(*(one() for _ in range(100)))
    took = time.monotonic() - began
    assert set(replies) == {"".join(f"p{i} " for i in range(20))}
    assert 0.35 < took < 25  # one after the other they take 40 s


async def test_words_alone(server: ScriptedOllama, client: AsyncClient) -> None:
    server.say(["Ho", "la"], thinking=["Hm"], tool_calls=[{"function": {"name": "f", "arguments": {}}}])
    async with await client.chat(MODEL, ASK, stream=True) as stream:
        assert [words async for words in stream.text_stream] == ["Ho", "la"]
    server.say(["Ho", "la"], thinking=["Hm"], path="/api/generate")
    async with await client.generate(MODEL, "hola", stream=True) as other:
        assert [words async for words in other.text_stream] == ["Ho", "la"]
    assert other.partial.response == "Hola"


async def test_an_error_is_met_by_whoever_asks_for_its_chunk(server: ScriptedOllama, client: AsyncClient) -> None:
    """The line before it, which came in the same piece, is handed out first; after it there is nothing."""
    whole = b"".join(step for step in faults.malformed_line().each_step() if isinstance(step, bytes))
    server.script(Reply([whole]))
    stream = await client.chat(MODEL, ASK, stream=True)
    assert [(await anext(stream)).message.content for _ in range(2)] == ["Ho", "la"]
    with pytest.raises(MalformedLine):
        await anext(stream)
    assert [chunk async for chunk in stream] == []
    with pytest.raises(Incomplete) as caught:
        await stream.final()
    assert caught.value.response is not None


async def test_closing_the_client_ends_what_is_under_way(server: ScriptedOllama, client: AsyncClient) -> None:
    server.fault("stall_mid_stream")
    stream = await opened(client)
    task = asyncio.create_task(stream.final())
    await asyncio.sleep(0.02)
    await client.close()
    await noticed(server)
    with pytest.raises(OllamaError):
        await task


async def test_closing_at_once_by_many(server: ScriptedOllama, client: AsyncClient) -> None:
    server.fault("stall_mid_stream")
    stream = await opened(client)
    task = asyncio.create_task(stream.final())
    await asyncio.sleep(0.01)
    await asyncio.gather(*(stream.aclose() for _ in range(5)))
    with pytest.raises(Incomplete):
        await task
