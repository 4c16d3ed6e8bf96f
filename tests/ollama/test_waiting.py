"""Budgets, and the end of a client, where they are hardest to keep: over either way to the server, with either twin."""

from __future__ import annotations

import asyncio
import contextlib
import hashlib
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, NoReturn

import httpcore
import httpx
import pytest

from tests.ollama import twins
from tests.ollama.watching import ASK, MODEL, connections
from tutor.ollama import AsyncClient, OllamaError, ResponseError, TimedOut, Timeouts
from tutor.ollama.testing import Reply, ScriptedOllama
from tutor.ollama.testing.received import PATIENCE_S, until
from tutor.ollama.testing.replies import Step
from tutor.ollama.testing.wire import line

MakeClient = Callable[..., AsyncClient]

# Nothing here takes so long but a wait that the wrong budget ends, or none.
_BOUND_S = 12.0


def settings(way: str, twin: str) -> dict[str, Any]:
    """What sends plain http over httpx, as TLS and proxies are."""
    if way == "short":
        return {}
    return {"transport": httpx.HTTPTransport() if twin == "sync" else httpx.AsyncHTTPTransport()}


@pytest.fixture(params=["short", "httpx"])
def make(request: pytest.FixtureRequest, twin: str, make_client: MakeClient) -> MakeClient:
    """A client that goes one of the two ways."""
    return lambda host, **given: make_client(host, **settings(request.param, twin), **given)


@pytest.fixture(params=[("short", "aio"), ("short", "sync"), ("httpx", "aio")], ids="-".join)
def bounded(request: pytest.FixtureRequest) -> MakeClient:
    """A client whose every wait is its own: not the synchronous one over httpx, which has httpx's timeouts."""
    way, twin = request.param
    return lambda host, **given: twins.make(twin, host, **settings(way, twin), **given)


def dripping() -> Iterator[Step]:
    """Headers that take no end, after some that do not count."""
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-More: 1\r\n"
        yield 0.05


def go_wrong(server: ScriptedOllama, name: str) -> None:
    """Have the next chats answered so."""
    if name == "drip_headers":
        server.script(Reply(dripping, status=103, headers={}, framing="raw"))
    else:
        server.fault(name)


@pytest.mark.parametrize("serves_again", [False, True])
@pytest.mark.parametrize(
    ("name", "phase"),
    [("drip_headers", "first"), ("hang_before_first_token", "first"), ("stall_mid_stream", "total")],
)
async def test_the_budget_that_ends_first_counts(
    server: ScriptedOllama, bounded: MakeClient, name: str, phase: str, serves_again: bool
) -> None:
    go_wrong(server, name)
    budgets = {"first_s": 60.0, "between_s": 60.0, "total_s": None, f"{phase}_s": 0.4}
    async with bounded(server.base_url) as client:
        if serves_again:
            await client.version()
        began = time.monotonic()
        with pytest.raises(TimedOut) as caught:
            await (await client.chat(MODEL, ASK, stream=True, timeout=Timeouts(**budgets))).final()
        assert time.monotonic() - began < _BOUND_S
        assert (caught.value.phase, caught.value.limit_s) == (phase, 0.4)
        assert connections(server) == 1
        await server.requests[-1].wait_hung_up()


async def test_a_number_begins_again_with_the_headers(server: ScriptedOllama, make_client: MakeClient) -> None:
    """As httpx's read timeout does: it is for each silence, not for all of them."""
    body = b'{"message":{"role":"assistant","content":"hola"},"done":true}'
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    server.script(Reply([0.9, head, 0.9, body], status=103, headers={}, framing="raw"))
    async with make_client(server.base_url, timeout=1.5) as client:
        assert (await client.chat(MODEL, ASK)).message.content == "hola"


async def test_the_total_counts_where_the_reader_pauses(server: ScriptedOllama, make: MakeClient) -> None:
    """Whatever has come meanwhile: what is asked for after the last moment is too late."""
    server.script(Reply([line("la"), 1.2, line("la")], framing="close"))
    async with make(server.base_url, timeout=Timeouts(total_s=1.0)) as client:
        stream = await client.chat(MODEL, ASK, stream=True)
        assert (await anext(stream)).message.content == "la"
        await asyncio.sleep(1.3)
        with pytest.raises(TimedOut) as caught:
            await stream.final()
        assert (caught.value.phase, caught.value.limit_s) == ("total", 1.0)


async def test_a_whole_reply_may_be_long_in_coming_after_its_headers(server: ScriptedOllama, make: MakeClient) -> None:
    """The budget between two pieces begins with the first one."""
    server.script(Reply([1.0, b'{"message":{"role":"assistant","content":"hola"},"done":true}\n'], framing="close"))
    async with make(server.base_url, timeout=Timeouts(whole_s=60, between_s=0.5)) as client:
        assert (await client.chat(MODEL, ASK)).message.content == "hola"


@pytest.mark.parametrize("serves_again", [False, True])
@pytest.mark.parametrize("name", ["drip_headers", "stall_mid_stream"])
async def test_closing_the_client_ends_what_is_under_way(
    server: ScriptedOllama, bounded: MakeClient, name: str, serves_again: bool
) -> None:
    go_wrong(server, name)
    client = bounded(server.base_url)
    if serves_again:
        await client.version()
    reading = asyncio.create_task((await client.chat(MODEL, ASK, stream=True)).final())
    await until(lambda: bool(server.chats))
    await asyncio.sleep(0.05)
    began = time.monotonic()
    await client.close()
    with pytest.raises(OllamaError):
        await reading
    assert time.monotonic() - began < _BOUND_S
    await until(lambda: server.open_connections == 0)


@pytest.mark.parametrize("name", ["drip_headers", "hang_before_headers"])
async def test_a_stream_is_stopped_on_a_connection_that_serves_again(
    server: ScriptedOllama, bounded: MakeClient, name: str
) -> None:
    """And no other reply is: each has a connection of its own, both have served before."""
    async with bounded(server.base_url) as client:
        server.say(["la"] * 20, first_delay_s=0.2)
        await asyncio.gather(client.chat(MODEL, ASK), client.chat(MODEL, ASK))
        go_wrong(server, name)
        stream = await client.chat(MODEL, ASK, stream=True)
        reading = asyncio.create_task(anext(stream, None))
        await until(lambda: len(server.chats) == 3)
        server.say(["la"] * 20, first_delay_s=0.3)
        other = asyncio.create_task(client.chat(MODEL, ASK))
        await until(lambda: len(server.chats) == 4)
        began = time.monotonic()
        await stream.aclose()
        assert await reading is None
        assert time.monotonic() - began < _BOUND_S
        assert (await other).message.content == "la" * 20
        assert connections(server) == 2


class Refreshing(httpx.Auth):
    """Asks something of the server before each request."""

    def __init__(self, url: str) -> None:
        self._url = url

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        answer = yield httpx.Request("GET", self._url)
        request.headers["x-status"] = str(answer.status_code)
        yield request


async def test_an_auth_may_send_a_request_of_its_own(server: ScriptedOllama, make: MakeClient) -> None:
    async with make(server.base_url, auth=Refreshing(f"{server.base_url}/api/version")) as client:
        assert (await client.list()).models
        assert server.requests[-1].headers["x-status"] == "200"
        assert (await (await client.chat(MODEL, ASK, stream=True)).final()).done


async def test_the_request_of_an_auth_has_the_same_budgets(server: ScriptedOllama, make: MakeClient) -> None:
    server.script(Reply(opening="hang"), path="/api/version")
    auth = Refreshing(f"{server.base_url}/api/version")
    async with make(server.base_url, auth=auth, timeout=Timeouts(whole_s=0.4)) as client:
        with pytest.raises(TimedOut) as caught:
            await asyncio.wait_for(client.list(), PATIENCE_S)
    assert caught.value.phase == "first"


@asynccontextmanager
async def taking(*answer: bytes, reads_s: float | None = None) -> AsyncIterator[str]:
    """The address of a server that has no blob.

    It says `answer` to an upload soon, and reads no more of it; or only a little every so many seconds.
    """
    serving: set[asyncio.Task[Any] | None] = set()
    over = asyncio.Event()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        serving.add(asyncio.current_task())
        with contextlib.suppress(asyncio.IncompleteReadError, ConnectionError):
            while (await reader.readuntil(b"\r\n\r\n")).startswith(b"HEAD"):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            for part in answer:
                writer.write(part)
                await asyncio.sleep(0.05)
            while reads_s is not None and await reader.read(300_000):
                await asyncio.sleep(reads_s)
            await over.wait()
        writer.transport.abort()
        with contextlib.suppress(ConnectionError):
            await writer.wait_closed()
        serving.discard(asyncio.current_task())

    listener = await asyncio.start_server(serve, "127.0.0.1", 0)
    try:
        yield f"127.0.0.1:{listener.sockets[0].getsockname()[1]}"
    finally:
        over.set()
        listener.close()
        await until(lambda: not serving)


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file that fits into no buffer."""
    path = tmp_path_factory.mktemp("large") / "x.gguf"
    path.write_bytes(bytes(48 * 1024 * 1024))
    return path


async def test_an_upload_to_a_slow_reader_runs_into_the_total(bounded: MakeClient, large: Path) -> None:
    async with taking(reads_s=0.05) as host, bounded(host, timeout=Timeouts(total_s=0.8, between_s=60)) as client:
        began = time.monotonic()
        with pytest.raises(TimedOut) as caught:
            await client.create_blob(large)
        assert caught.value.phase == "total"
        assert time.monotonic() - began < _BOUND_S


async def test_an_upload_is_refused_by_a_server_that_does_not_hang_up(make_client: MakeClient, large: Path) -> None:
    answer = b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"
    async with taking(*answer) as host, make_client(host, timeout=Timeouts(between_s=1.0)) as client:
        with pytest.raises(ResponseError) as caught:
            await client.create_blob(large)
        assert caught.value.status_code == 413


@pytest.mark.parametrize("budgets", [Timeouts(connect_s=0.3), Timeouts(total_s=0.3)], ids=["connect", "total"])
async def test_looking_a_name_up_has_the_budget_of_connecting(
    make_client: MakeClient, monkeypatch: pytest.MonkeyPatch, released: threading.Event, budgets: Timeouts
) -> None:
    """A lookup that takes no end is left to itself."""

    def slowly(*args: object, **kwargs: object) -> NoReturn:
        released.wait(PATIENCE_S)
        raise socket.gaierror

    monkeypatch.setattr(socket, "getaddrinfo", slowly)
    async with make_client("localhost:1", timeout=budgets, retries=0) as client:
        began = time.monotonic()
        with pytest.raises(TimedOut) as caught:
            await client.version()
        assert (caught.value.phase, caught.value.limit_s) == ("connect" if budgets.total_s is None else "total", 0.3)
        assert time.monotonic() - began < _BOUND_S
        released.set()


@pytest.mark.parametrize("status", [307, 308])
async def test_an_upload_goes_where_it_is_sent_on(
    server: ScriptedOllama, make: MakeClient, tmp_path: Path, status: int
) -> None:
    """From the beginning of the file."""
    path = tmp_path / "x.gguf"
    path.write_bytes(bytes(3_000_000))
    elsewhere = {"Location": f"{server.base_url}/api/blobs/sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"}
    server.script(
        Reply(status=status, headers=elsewhere, framing="length"), path="/api/blobs/", method="POST", once=True
    )
    async with make(server.base_url) as client:
        assert server.blobs == {await client.create_blob(path): 3_000_000}
    assert [received.body_bytes for received in server.requests if received.is_upload][-1] == 3_000_000


@pytest.mark.parametrize("status", [405, 501])
async def test_a_gateway_that_knows_no_head(
    server: ScriptedOllama, client: AsyncClient, tmp_path: Path, status: int
) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(b"gguf")
    server.script(Reply(status=status, headers={}, framing="length"), path="/api/blobs/", method="HEAD")
    assert server.blobs == {await client.create_blob(path, timeout=None): 4}


async def test_an_upload_that_is_neither_read_nor_answered(make: MakeClient, large: Path) -> None:
    async with taking() as host, make(host, timeout=Timeouts(between_s=0.5)) as client:
        began = time.monotonic()
        with pytest.raises(TimedOut):
            await client.create_blob(large)
        assert time.monotonic() - began < _BOUND_S


async def test_connections_without_a_socket(make_client: MakeClient, twin: str) -> None:
    """What is said over them is read like all else; ending a wait has nothing to cut."""
    answer = [b"HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n", b'{"version":"9.9.9"}']
    transport = settings("httpx", twin)["transport"]
    if twin == "aio":
        transport._pool = httpcore.AsyncConnectionPool(network_backend=httpcore.AsyncMockBackend(answer))
    else:
        transport._pool = httpcore.ConnectionPool(network_backend=httpcore.MockBackend(answer))
    async with make_client("http://nobody.invalid", transport=transport) as client:
        assert str(await client.version()) == "9.9.9"


async def test_a_long_prompt_that_is_not_read(make: MakeClient) -> None:
    async with taking() as host, make(host, timeout=Timeouts(first_s=0.6)) as client:
        with pytest.raises(TimedOut) as caught:
            await (await client.generate(MODEL, "x" * 20_000_000, stream=True)).final()
        assert caught.value.phase == "first"


async def test_a_long_prompt_that_is_refused_unread(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(Reply(status=413, headers={}, framing="length", before_body=True), path="/api/generate")
    with pytest.raises(ResponseError) as caught:
        await client.generate(MODEL, "x" * 20_000_000)
    assert caught.value.status_code == 413


async def test_over_httpx_the_total_is_looked_at_between_two_reads(server: ScriptedOllama) -> None:
    """And the first byte of a request that is not read has the budget of the first byte of its answer."""
    server.fault("drip")
    async with twins.make("sync", server.base_url, **settings("httpx", "sync")) as client:
        with pytest.raises(TimedOut) as caught:
            await (await client.chat(MODEL, ASK, stream=True, timeout=Timeouts(total_s=0.4))).final()
    assert caught.value.phase == "total"


async def test_over_httpx_a_client_that_is_closed_sends_no_more(server: ScriptedOllama) -> None:
    client = twins.make("sync", server.base_url, **settings("httpx", "sync"))
    await client.version()
    await client.close()
    await until(lambda: server.open_connections == 0)
    with pytest.raises(RuntimeError, match="closed"):
        await client.version()
