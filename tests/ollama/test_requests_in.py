"""How the scripted server reads: lengths, chunks, uploads that are never held, and answers before the body."""

from __future__ import annotations

import asyncio
import hashlib
import socket
import tracemalloc
from collections.abc import AsyncIterator

import httpx
import pytest

from tutor.ollama.testing import Reply, ScriptedOllama, faults
from tutor.ollama.testing.incoming import Incoming, Unreadable, take_head
from tutor.ollama.testing.received import PATIENCE_S
from tutor.ollama.testing.replies import Step
from tutor.ollama.testing.wire import last_line, line

CLOSING = b"Connection: close\r\n"
BODY = b'{"model":"qwen2.5:7b"}'
CHUNKED = b"POST /api/show HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n"


def digest_of(data: bytes) -> str:
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def chunked(*parts: bytes, trailer: bytes = b"") -> bytes:
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + b"0\r\n" + trailer + b"\r\n"


async def spoken(server: ScriptedOllama, *parts: bytes) -> bytes:
    """What comes back for these bytes, written one part after the other, until the server closes the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    for part in parts:
        writer.write(part)
        await writer.drain()
        await asyncio.sleep(0.005)
    try:
        return await asyncio.wait_for(reader.read(), PATIENCE_S)
    finally:
        writer.close()
        await writer.wait_closed()


def test_a_chunked_body_may_be_cut_anywhere() -> None:
    whole = CHUNKED + chunked(BODY[:5], BODY[5:], trailer=b"X-End: 1\r\n") + b"GET / HTTP/1.1\r\n\r\n"
    for cut in range(len(whole)):
        buffer, rest = bytearray(whole[:cut]), whole[cut:]
        head = take_head(buffer, 1)
        if head is None:
            buffer, rest = buffer + rest, b""
            head = take_head(buffer, 1)
        assert head is not None
        incoming = Incoming(head)
        done = incoming.feed(buffer)
        buffer += rest
        assert done or incoming.feed(buffer)
        assert (head.raw, head.body_bytes) == (BODY, len(BODY))
        following = take_head(buffer, 1)
        assert following is not None
        assert following.path == "/"


@pytest.mark.parametrize(
    "request_bytes",
    [
        b"nonsense\r\n\r\n",
        b"POST / HTTP/1.1\r\nContent-Length: many\r\n\r\n",
        CHUNKED + b"zz\r\n",
    ],
)
async def test_what_is_no_request_gets_400_and_an_end(server: ScriptedOllama, request_bytes: bytes) -> None:
    answered = await spoken(server, request_bytes)
    assert answered.startswith(b"HTTP/1.1 400 Bad Request\r\n")
    assert server.requests == []


def test_a_length_below_nothing_is_unreadable() -> None:
    head = take_head(bytearray(b"POST / HTTP/1.1\r\nContent-Length: -5\r\n\r\n"), 1)
    assert head is not None
    with pytest.raises(Unreadable):
        Incoming(head)


async def test_two_requests_in_one_write(server: ScriptedOllama) -> None:
    one = b"GET /api/version HTTP/1.1\r\nHost: localhost\r\n"
    answered = await spoken(server, one + b"\r\n" + one + CLOSING + b"\r\n")
    assert answered.count(b"HTTP/1.1 200 OK") == 2


async def test_a_client_that_waits_for_leave_gets_it(server: ScriptedOllama) -> None:
    head = b"POST /api/show HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\nExpect: 100-continue\r\n" % len(BODY)
    answered = await spoken(server, head + CLOSING + b"\r\n", BODY)
    assert answered.startswith(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n")


async def test_a_request_that_ends_its_connection(server: ScriptedOllama) -> None:
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as http:
        got = await http.get("/api/version?x=1", headers={"Connection": "close"})
    assert (got.status_code, got.headers["connection"]) == (200, "close")


async def test_an_upload_is_hashed_and_not_kept(server: ScriptedOllama) -> None:
    part = bytes(1 << 20)
    total = 64
    digest = digest_of(part * total)

    async def parts() -> AsyncIterator[bytes]:
        for _ in range(total):
            yield part

    tracemalloc.start()
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as http:
        before, _ = tracemalloc.get_traced_memory()
        got = await http.post(f"/api/blobs/{digest}", content=parts())
        after, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert (await http.head(f"/api/blobs/{digest}")).status_code == 200
    assert (got.status_code, got.content) == (201, b"")
    noted = server.requests[0]
    assert (noted.raw, noted.body_bytes, f"sha256:{noted.body_sha256}") == (b"", total << 20, digest)
    assert after - before < 1 << 20
    assert peak - before < 16 << 20


async def test_a_blob_that_is_there_is_answered_before_it_is_read(server: ScriptedOllama) -> None:
    digest = digest_of(b"gguf")
    server.blobs[digest] = 4
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    head = f"POST /api/blobs/{digest} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100000000\r\n\r\n"
    writer.write(head.encode())
    answered = await asyncio.wait_for(reader.readuntil(b"\r\n\r\n"), PATIENCE_S)
    assert answered.startswith(b"HTTP/1.1 200 OK\r\n")
    assert b"Connection: close" in answered
    with pytest.raises(ConnectionError):
        await _write_for_ever(writer)
    writer.transport.abort()
    assert server.requests[0].body_bytes == 0
    assert not server.requests[0].hung_up


async def _write_for_ever(writer: asyncio.StreamWriter) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while True:
            writer.write(bytes(65536))
            await writer.drain()
            await asyncio.sleep(0)


async def test_an_upload_that_is_left_is_noted(server: ScriptedOllama) -> None:
    sock = socket.create_connection(("127.0.0.1", server.port))
    sock.sendall(b"POST /api/blobs/sha256:0 HTTP/1.1\r\nHost: localhost\r\nContent-Length: 100\r\n\r\nabc")
    await server.wait_requests(1)
    sock.close()
    await server.requests[0].wait_hung_up()
    assert server.requests[0].body_bytes == 3


async def test_an_upload_can_be_refused_before_or_after_it_is_read(server: ScriptedOllama) -> None:
    digest = digest_of(b"gguf")
    server.script(faults.busy(), path="/api/blobs/", method="POST", once=True)
    server.script(Reply(status=507, framing="length", before_body=True), path="/api/blobs/", method="POST", once=True)
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as http:
        statuses = [(await http.post(f"/api/blobs/{digest}", content=b"gguf")).status_code for _ in range(3)]
        assert (await http.head(f"/api/blobs/{digest}")).status_code == 200
    assert statuses == [503, 507, 201]
    assert [r.body_bytes for r in server.requests] == [4, 0, 4, 0]


async def test_an_upload_needs_the_token_too() -> None:
    digest = digest_of(b"x")
    async with (
        ScriptedOllama(token="t") as server,
        httpx.AsyncClient(base_url=server.base_url, trust_env=False) as http,
    ):
        server.blobs[digest] = 1
        assert (await http.post(f"/api/blobs/{digest}", content=b"x")).status_code == 401


async def test_a_ready_made_body_is_poured_out(server: ScriptedOllama) -> None:
    said: list[Step] = [*[line(f"{number} ") for number in range(5000)], 0.5, last_line()]
    reply = Reply(said).ready()
    assert reply.whole() == b"".join(step for step in said if isinstance(step, bytes))
    server.script(reply)
    server.script(Reply([b"abc", b"def"], framing="close").ready(), path="/close")
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as http:
        assert (await http.post("/api/chat", json={})).content == reply.whole()
        assert (await http.get("/close")).content == b"abcdef"
    assert server.requests[0].chunks_sent < 10


async def test_a_script_for_all_paths_below_one(server: ScriptedOllama) -> None:
    server.script(faults.busy(), path="/api/", method="GET")
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as http:
        assert (await http.get("/api/tags")).status_code == 503
        assert (await http.head("/api/version")).status_code == 200
        assert (await http.get("/")).status_code == 200
