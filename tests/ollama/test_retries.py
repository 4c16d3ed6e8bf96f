"""When either twin sends a request again, how often, and for how long at most."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.ollama.watching import ASK, MODEL, connections
from tutor.ollama import (
    NO_RETRIES,
    AsyncClient,
    ChatResponse,
    ConnectionFailed,
    ConnectTimedOut,
    OllamaError,
    ReadTimedOut,
    ResponseError,
    Retries,
    Timeouts,
)
from tutor.ollama.testing import Reply, ScriptedOllama, faults
from tutor.ollama.testing.received import PATIENCE_S
from tutor.ollama.testing.wire import last_line, line

MakeClient = Callable[..., AsyncClient]

SOON = Retries(first_delay_s=0.01)


async def asked(client: AsyncClient, *, stream: bool, **settings: Any) -> ChatResponse:
    reply = await client.chat(MODEL, ASK, stream=stream, **settings)
    return reply if isinstance(reply, ChatResponse) else await reply.final()


@pytest.mark.parametrize("name", ["rate_limited", "bad_gateway", "busy", "bad_gateway_page"])
@pytest.mark.parametrize("stream", [False, True])
async def test_a_refusal_that_passes(server: ScriptedOllama, make_client: MakeClient, name: str, stream: bool) -> None:
    for _ in range(2):
        server.fault(name, once=True)
    async with make_client(server.base_url, retries=Retries(first_delay_s=0.01, max_delay_s=1)) as client:
        assert (await asked(client, stream=stream)).done
    assert len(server.chats) == 3


async def test_a_refusal_that_stays(server: ScriptedOllama, make_client: MakeClient) -> None:
    server.fault("busy")
    for retries, count in ((SOON, 3), (1, 2), (0, 1), (NO_RETRIES, 1)):
        server.requests.clear()
        async with make_client(server.base_url, retries=retries) as client:
            with pytest.raises(ResponseError) as caught:
                await client.chat(MODEL, ASK)
        assert caught.value.status_code == 503
        assert len(server.requests) == count


@pytest.mark.parametrize(
    "name", ["server_error", "model_missing", "close_before_headers", "reset_before_headers", "reset_mid_stream"]
)
async def test_what_may_have_begun_is_not_begun_again(
    server: ScriptedOllama, make_client: MakeClient, name: str
) -> None:
    server.fault(name, once=True)
    async with make_client(server.base_url, retries=SOON) as client:
        with pytest.raises(OllamaError):
            await client.chat(MODEL, ASK)
    assert len(server.requests) == 1


async def test_the_server_says_how_long_to_wait(server: ScriptedOllama, make_client: MakeClient) -> None:
    server.script(faults.rate_limited(retry_after="0"), once=True)
    server.script(faults.rate_limited(retry_after="Wed, 21 Oct 2015 07:28:00 GMT"), once=True)
    patient = Retries(first_delay_s=0.1, max_delay_s=0.1)
    async with make_client(server.base_url, retries=patient) as client:
        assert (await client.chat(MODEL, ASK)).done
    _, second, third = (received.at for received in server.requests)
    assert third - second >= 0.05  # a date is not believed


async def test_a_server_is_not_asked_sooner_than_it_said(server: ScriptedOllama, make_client: MakeClient) -> None:
    server.script(faults.rate_limited(retry_after="60"))
    async with make_client(server.base_url) as client:
        with pytest.raises(ResponseError) as caught:
            await client.chat(MODEL, ASK)
    assert caught.value.retry_after_s == 60
    assert len(server.requests) == 1


async def test_nobody_there_at_first(server: ScriptedOllama, make_client: MakeClient) -> None:
    await server.refuse()
    async with make_client(
        server.base_url, retries=Retries(attempts=300, first_delay_s=0.05, max_delay_s=0.05)
    ) as client:
        task = asyncio.ensure_future(client.chat(MODEL, ASK))
        await asyncio.sleep(0.1)
        await server.start()
        assert (await task).done
        await server.refuse()
    async with make_client(server.base_url, retries=0) as client:
        with pytest.raises(ConnectionFailed):
            await client.chat(MODEL, ASK)
    assert len(server.requests) == 1


async def test_all_attempts_share_the_budget_of_the_first_byte(server: ScriptedOllama, make_client: MakeClient) -> None:
    server.fault("busy")
    never = Retries(attempts=1000, first_delay_s=0.05, max_delay_s=0.05)
    for budget in (Timeouts(first_s=0.2), Timeouts(total_s=0.2)):
        async with make_client(server.base_url, retries=never, timeout=budget) as client:
            await client.version(timeout=PATIENCE_S)
            began = time.monotonic()
            with pytest.raises((ResponseError, ReadTimedOut)):  # the latter if the machine is slow
                await (await client.chat(MODEL, ASK, stream=True)).final()
            assert time.monotonic() - began < 20  # a thousand attempts take longer
    assert 2 <= len(server.chats) <= 16


async def test_a_refusal_does_not_count_as_the_first_byte(server: ScriptedOllama, make_client: MakeClient) -> None:
    """After one with a body, the next attempt waits as long as a first byte may take, not as one between two."""
    server.fault("busy", once=True)
    server.script(Reply([line("hola") + last_line()], first_delay_s=0.7))
    budgets = Timeouts(first_s=20, between_s=0.6)
    async with make_client(server.base_url, retries=SOON, timeout=budgets) as client:
        stream = await client.chat(MODEL, ASK, stream=True)
        assert (await stream.final()).message.content == "hola"
    server.fault("busy", once=True)
    server.fault("hang_before_headers")
    async with make_client(server.base_url, retries=SOON, timeout=Timeouts(first_s=0.2, between_s=9)) as client:
        with pytest.raises(ReadTimedOut) as caught:
            await (await client.chat(MODEL, ASK, stream=True)).final()
        assert (caught.value.phase, caught.value.limit_s) == ("first", 0.2)


async def test_stopping_during_a_pause(server: ScriptedOllama, make_client: MakeClient) -> None:
    server.fault("busy")
    async with make_client(server.base_url, retries=Retries(first_delay_s=60, max_delay_s=60)) as client:
        stream = await client.chat(MODEL, ASK, stream=True)
        task = asyncio.ensure_future(anext(stream, None))
        await server.wait_requests(1)
        await server.requests[0].wait_over()
        await asyncio.sleep(0.05)
        await stream.aclose()
        assert await task is None
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("timeout", "phase", "limit_s"),
    [
        (0.1, "first", 0.1),
        (httpx.Timeout(0.1), "first", 0.1),
        (httpx.Timeout(9, read=0.1), "first", 0.1),
        (Timeouts(first_s=0.1, whole_s=0.1), "first", 0.1),
        (Timeouts(total_s=0.1), "total", 0.1),
    ],
)
async def test_budgets_of_the_client_and_of_a_call(
    server: ScriptedOllama,
    make_client: MakeClient,
    timeout: float | httpx.Timeout | Timeouts,
    phase: str,
    limit_s: float,
) -> None:
    server.fault("hang_before_headers")
    async with make_client(server.base_url, timeout=timeout) as client, make_client(server.base_url) as other:
        for one, settings in ((client, {}), (other, {"timeout": timeout})):
            for stream in (True, False):
                await one.version(timeout=PATIENCE_S)  # connected: that has a budget, too
                with pytest.raises(ReadTimedOut) as caught:
                    await asked(one, stream=stream, **settings)
                assert (caught.value.phase, caught.value.limit_s) == (phase, limit_s)
                assert caught.value.request.url.path == "/api/chat"


async def test_none_means_no_limit(server: ScriptedOllama, make_client: MakeClient) -> None:
    server.say("hola", first_delay_s=0.15)
    async with make_client(server.base_url, timeout=0.05) as client:
        assert (await client.chat(MODEL, ASK, timeout=None)).done
        assert (await (await client.chat(MODEL, ASK, stream=True, timeout=None)).final()).done


async def test_a_whole_reply_may_take_longer_than_a_first_byte(server: ScriptedOllama, make_client: MakeClient) -> None:
    server.say("hola", first_delay_s=0.15)
    async with make_client(server.base_url, timeout=Timeouts(first_s=0.05, whole_s=20)) as client:
        assert (await client.chat(MODEL, ASK)).done
        server.fault("hang_before_headers")
        with pytest.raises(ReadTimedOut):
            await (await client.chat(MODEL, ASK, stream=True)).final()


async def test_an_address_that_takes_no_connections(make_client: MakeClient) -> None:
    # A listener whose queue is full does not answer a further SYN.
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        port = listener.getsockname()[1]
        fillers = [socket.socket() for _ in range(4)]
        for filler in fillers:
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", port))
        async with make_client(f"127.0.0.1:{port}", timeout=Timeouts(connect_s=0.1), retries=1) as client:
            with pytest.raises(ConnectTimedOut) as caught:
                await client.version()
        assert (caught.value.phase, caught.value.limit_s) == ("connect", 0.1)
        for filler in fillers:
            filler.close()


@pytest.mark.usefixtures("_unhurried")
async def test_budgets_move_on_with_each_chunk(server: ScriptedOllama, make_client: MakeClient) -> None:
    """A reply may take longer than the time between two of its chunks; and the next call has budgets of its own."""
    server.say(["la "] * 17, delay_s=0.1)
    async with make_client(server.base_url, timeout=Timeouts(between_s=1.5)) as client:
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).done
    async with make_client(server.base_url) as client:
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).done
        server.fault("hang_before_first_token")
        with pytest.raises(ReadTimedOut):
            await (await client.chat(MODEL, ASK, stream=True, timeout=0.1)).final()
    assert connections(server) == 2


async def test_a_reader_may_take_longer_than_the_server(server: ScriptedOllama, make_client: MakeClient) -> None:
    """Budgets are for waiting: what the reader does between two chunks is not held against anybody."""
    server.say(["la "] * 6, delay_s=0.03)
    async with make_client(server.base_url, timeout=Timeouts(between_s=1.2)) as client:
        stream = await client.chat(MODEL, ASK, stream=True)
        for _ in range(3):
            await anext(stream)
        await asyncio.sleep(1.4)
        assert (await stream.final()).message.content == "la " * 6
