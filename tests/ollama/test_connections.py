"""Connections of either twin: when they serve again, what they survive, and what ends them."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from collections.abc import Callable, Iterator

import pytest

from tests.ollama.rawserver import HEAD, VERSION, answering, chunked, counted
from tests.ollama.watching import ASK, MODEL, connections
from tutor.ollama import (
    AsyncChatStream,
    AsyncClient,
    ConnectionFailed,
    ConnectionLost,
    OllamaError,
    ProtocolError,
    TimedOut,
    Timeouts,
    TruncatedBody,
)
from tutor.ollama.aio import transport as aio_direct
from tutor.ollama.sync import transport as sync_direct
from tutor.ollama.testing import Reply, ScriptedOllama, faults
from tutor.ollama.testing.received import PATIENCE_S, until
from tutor.ollama.testing.replies import Framing, Step

MakeClient = Callable[..., AsyncClient]

WELL = [
    counted(),
    counted(VERSION, b"Connection: keep-alive"),
    chunked(b"13\r\n" + VERSION + b"\r\n0\r\n\r\n"),
    chunked(b'13;name="value;"\r\n' + VERSION + b"\r\n0;last\r\nX-Sum: 7\r\nX-More: 8\r\n\r\n"),
    chunked(b"3\r\n" + VERSION[:3] + b"\r\n10\r\n" + VERSION[3:] + b"\r\n000\r\n\r\n"),
    b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + counted(),
]
CLOSING = [
    counted(VERSION, b"Connection: close"),
    HEAD + b"Connection: close\r\n\r\n" + VERSION,
    counted() + b"surplus",
    chunked(b"13\r\n" + VERSION + b"\r\n0\r\n\r\nHTTP/1.1 200 OK\r\n"),
]


@pytest.mark.parametrize("answer", WELL)
async def test_a_proper_answer_leaves_the_connection_for_the_next(make_client: MakeClient, answer: bytes) -> None:
    async with answering(answer) as raw, make_client(raw.base_url) as client:
        for _ in range(3):
            assert str(await client.version()) == "9.9.9"
        assert raw.connections == 1


@pytest.mark.parametrize("answer", CLOSING)
async def test_an_answer_that_ends_the_connection_counts(make_client: MakeClient, answer: bytes) -> None:
    async with answering(answer) as raw, make_client(raw.base_url) as client:
        for _ in range(2):
            assert str(await client.version()) == "9.9.9"
        assert raw.connections == 2


@pytest.mark.parametrize(
    ("answer", "kind"),
    [
        (b"", ConnectionLost),
        (b"SSH-2.0-OpenSSH_9.2\r\n\r\n", ProtocolError),
        (chunked(b"zz\r\n"), TruncatedBody),
        (chunked(b"2\r\nabc\r\n"), TruncatedBody),
        (counted(VERSION, b"Content-Length: 3"), ProtocolError),
    ],
)
async def test_what_is_no_http_is_said_so(make_client: MakeClient, answer: bytes, kind: type[OllamaError]) -> None:
    async with answering(answer) as raw, make_client(raw.base_url) as client:
        with pytest.raises(kind):
            await client.version()
        await until(lambda: raw.open == 0)
        assert len(raw.requests) == 1


@pytest.mark.usefixtures("_unhurried")
async def test_streams_read_to_the_end_share_one_connection(server: ScriptedOllama, client: AsyncClient) -> None:
    for _ in range(5):
        await (await client.chat(MODEL, ASK, stream=True)).final()
    await client.list()
    assert connections(server) == 1


@pytest.mark.usefixtures("_unhurried")
async def test_what_follows_the_end_is_read_away(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(Reply([*faults.done_early().each_step(), 0.01, b"\n", 0.01, b"\n"]))
    for _ in range(2):
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).message.content == "Hola"
    assert connections(server) == 1


async def test_a_connection_is_not_kept_for_long(
    server: ScriptedOllama, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (aio_direct, sync_direct):
        monkeypatch.setattr(module, "_IDLE_S", 0.0)
    await client.version()
    await client.version()
    assert connections(server) == 2


async def test_few_connections_are_kept(
    server: ScriptedOllama, client: AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (aio_direct, sync_direct):
        monkeypatch.setattr(module, "_MAX_IDLE", 2)

    def all_at_once() -> Iterator[Step]:
        while len(server.requests) < 5:
            yield 0.002
        yield b'{"version":"1"}'

    server.script(Reply(all_at_once), path="/api/version")
    await asyncio.gather(*(client.version() for _ in range(5)))
    assert connections(server) == 5
    await until(lambda: server.open_connections == 2)


async def test_a_server_that_closed_meanwhile_is_asked_anew(server: ScriptedOllama, client: AsyncClient) -> None:
    await client.version()
    for connection in server.open():
        connection.transport.close()
    await until(lambda: server.open_connections == 0)
    await asyncio.sleep(0.02)
    assert str(await client.version()) == server.version
    assert connections(server) == 2


async def test_a_server_that_speaks_unasked_is_left(server: ScriptedOllama, client: AsyncClient) -> None:
    await client.version()
    for connection in server.open():
        connection.transport.write(b"hello?")
    await asyncio.sleep(0.05)
    assert str(await client.version()) == server.version
    assert connections(server) == 2


async def test_a_stalled_answer_to_head_holds_nothing_up(
    make_client: MakeClient, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The length in an answer to HEAD is that of what GET would bring."""
    path = tmp_path_factory.mktemp("blob") / "x.gguf"
    path.write_bytes(b"gguf")
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n"
    async with answering(head) as raw, make_client(raw.base_url, timeout=PATIENCE_S) as client:
        for _ in range(2):
            await client.create_blob(path)
        assert raw.connections == 1
        assert raw.requests[0].startswith(b"HEAD /api/blobs/sha256:")


async def at_rest(server: ScriptedOllama) -> None:
    """Until the server can write no more."""
    seen = -1
    while seen != server.requests[0].chunks_sent:
        seen = server.requests[0].chunks_sent
        await asyncio.sleep(0.15)


async def test_a_slow_reader_holds_a_fast_server_back(server: ScriptedOllama, client: AsyncClient) -> None:
    """No more than a part of the reply lies in memory, and all of it arrives."""
    words = "la " * 2000
    server.say([words] * 4000)
    async with await client.chat(MODEL, ASK, stream=True) as stream:
        await anext(stream)
        await at_rest(server)
        assert server.requests[0].chunks_sent < 3000
        count = 1
        async for _ in stream:
            count += 1
    assert count == 4001


async def read_slowly(stream: AsyncChatStream) -> None:
    await anext(stream)
    await asyncio.sleep(0.5)
    await stream.final()


async def test_an_endless_reply_to_a_slow_reader_runs_into_the_total(
    server: ScriptedOllama, make_client: MakeClient
) -> None:
    server.fault("endless")
    async with make_client(server.base_url, timeout=Timeouts(total_s=0.5)) as client:
        await client.version(timeout=PATIENCE_S)
        with pytest.raises(TimedOut) as caught:
            await read_slowly(await client.chat(MODEL, ASK, stream=True))
        assert (caught.value.phase, caught.value.limit_s) == ("total", 0.5)
        await until(lambda: server.requests[-1].hung_up)


async def test_localhost_has_two_addresses_of_which_one_may_be_dead(
    server: ScriptedOllama, make_client: MakeClient
) -> None:
    """The server listens on 127.0.0.1 alone; the name may lead to ::1 first."""
    async with make_client(f"localhost:{server.port}", timeout=Timeouts(connect_s=60)) as client:
        began = time.monotonic()
        assert str(await client.version()) == server.version
        assert time.monotonic() - began < 25  # the dead one may have half of the budget


async def test_a_connection_that_was_reset_while_it_was_idle(server: ScriptedOllama, client: AsyncClient) -> None:
    await client.version()
    for connection in server.open():
        sock = connection.transport.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        connection.transport.abort()
    await until(lambda: server.open_connections == 0)
    await asyncio.sleep(0.02)
    assert str(await client.version()) == server.version
    assert connections(server) == 2


async def test_what_has_arrived_is_handed_out_before_the_end(server: ScriptedOllama, client: AsyncClient) -> None:
    server.say(["la " * 20_000] * 400)
    stream = await client.chat(MODEL, ASK, stream=True)
    await anext(stream)
    await at_rest(server)
    await client.close()
    with pytest.raises(OllamaError):
        await stream.final()
    assert len(stream.partial.message.content or "") > len("la ")


@pytest.mark.parametrize("framing", ["chunked", "close"])
async def test_the_page_of_a_redirect_may_not_be_endless(
    server: ScriptedOllama, client: AsyncClient, monkeypatch: pytest.MonkeyPatch, framing: Framing
) -> None:
    for module in (aio_direct, sync_direct):
        monkeypatch.setattr(module, "MAX_BODY_BYTES", 100_000)
    page = faults.endless_line().steps
    server.script(Reply(page, status=302, headers={"Location": "/api/version"}, framing=framing))
    with pytest.raises(ProtocolError):
        await client.chat(MODEL, ASK)
    server.script(
        Reply([b"moved"], status=302, headers={"Location": "/api/version"}, framing=framing), path="/api/tags"
    )
    assert (await client.list()).get("version") == server.version


@pytest.mark.parametrize("connect_s", [0.05, 5.0])
async def test_names_take_their_time(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, connect_s: float
) -> None:
    """They are looked up within the connect budget, where a lookup can be left to itself."""
    looked_up = socket.getaddrinfo

    def slowly(*args: object, **kwargs: object) -> object:
        time.sleep(0.15)
        return looked_up(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    async with make_client("127.0.0.1:1", timeout=Timeouts(connect_s=connect_s), retries=0) as client:
        with pytest.raises(ConnectionFailed):
            await client.version()
