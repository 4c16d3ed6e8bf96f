"""Who is let in, and what is done with bytes that are no request."""

from __future__ import annotations

import asyncio
import json
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.engine.conftest import PATIENCE_S, ready
from tests.engine.raw_http import Target, connection, exchange, read_response, request_bytes
from tutor.engine.child import EngineChild
from tutor.engine.connection import MOST_CONNECTIONS


@pytest.mark.parametrize("token", ["", "Bearer ", "Bearer wrong", "Basic eDp5", "bearer"])
async def test_without_the_token(engine: Target, token: str) -> None:
    for method, path in (("GET", "/"), ("GET", "/api/tags"), ("POST", "/api/chat"), ("GET", "/nowhere")):
        answer = await exchange(engine, method, path, headers={"authorization": token})
        assert (answer.status, answer.json) == (401, {"error": "unauthorized"})


@pytest.mark.parametrize("host", ["example.com", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.example.com", ""])
async def test_a_foreign_host(engine: Target, host: str) -> None:
    answer = await exchange(engine, "GET", "/api/tags", headers={"Host": host})
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.parametrize("origin", ["http://example.com", "null", "http://127.0.0.1"])
async def test_any_origin(engine: Target, origin: str) -> None:
    answer = await exchange(engine, "GET", "/api/tags", headers={"Origin": origin})
    assert (answer.status, answer.body) == (403, b"")


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (b"GET / HTTP/9\r\n\r\n", 400),
        (b"GET http://elsewhere/ HTTP/1.1\r\nHost: a\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nAuthorization: a\r\nAuthorization: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nNo Name: x\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\n folded: x\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: -1\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n", 400),
        (b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 99999999\r\n\r\n", 413),
        (b"GET / HTTP/1.1\r\nX: " + b"x" * 20_000 + b"\r\n\r\n", 431),
    ],
)
async def test_no_request(engine: Target, sent: bytes, status: int) -> None:
    async with connection(engine) as (reader, writer):
        writer.write(sent)
        answer = await read_response(reader, "GET")
        assert answer.status == status
        assert answer.headers["Connection"] == "close"
        assert await reader.read() == b""


async def test_a_chunked_body_is_read(engine: Target) -> None:
    body = json.dumps({"model": "tiny"}).encode()
    request = request_bytes(engine, "POST", "/api/show").replace(b"Content-Length: 0", b"Transfer-Encoding: chunked")
    async with connection(engine) as (reader, writer):
        writer.write(request + b"%x\r\n%b\r\n%x\r\n%b\r\n0\r\n\r\n" % (5, body[:5], len(body) - 5, body[5:]))
        assert (await read_response(reader, "POST")).status == 200


async def test_a_client_that_asks_before_it_sends(engine: Target) -> None:
    request = request_bytes(engine, "POST", "/api/show", b'{"model": "tiny"}', {"Expect": "100-continue"})
    head, _, body = request.partition(b"\r\n\r\n")
    async with connection(engine) as (reader, writer):
        writer.write(head + b"\r\n\r\n")
        assert await reader.readuntil(b"\r\n\r\n") == b"HTTP/1.1 100 Continue\r\n\r\n"
        writer.write(body)
        assert (await read_response(reader, "POST")).status == 200


async def test_one_connection_too_many(own_engine: Target) -> None:
    async with AsyncExitStack() as held:
        for _ in range(MOST_CONNECTIONS):
            await held.enter_async_context(connection(own_engine))
        with pytest.raises((asyncio.IncompleteReadError, ConnectionError)):
            await exchange(own_engine, "GET", "/api/version")
    assert (await exchange(own_engine, "GET", "/api/version")).status == 200


@pytest.mark.parametrize("path", ["/api/generate", "/api/embed", "/api/pull", "/api/create"])
async def test_what_is_not_built_in(engine: Target, path: str) -> None:
    answer = await exchange(engine, "POST", path, {"model": "tiny"})
    assert (answer.status, list(answer.json)) == (501, ["error"])


async def test_the_library_s_own_port_needs_a_key(child: EngineChild) -> None:
    target = await ready(child)
    ports = listening_ports(child.pid or 0)
    assert target.port in ports
    for port in ports - {target.port}:
        other = Target(f"http://127.0.0.1:{port}", target.headers)
        for method, path in (("POST", "/v1/chat/completions"), ("POST", "/completion"), ("GET", "/slots")):
            answer = await asyncio.wait_for(exchange(other, method, path, {"messages": []}), PATIENCE_S)
            assert answer.status in {401, 403, 404, 501}, (path, answer.body)


def listening_ports(pid: int) -> set[int]:
    sockets = {str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir() if link.is_symlink()}
    rows = [line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:]]
    listening = [row for row in rows if row[3] == "0A" and f"socket:[{row[9]}]" in sockets]
    assert all(row[1].startswith("0100007F") for row in listening), "only loopback"
    return {int(row[1].partition(":")[2], 16) for row in listening}
