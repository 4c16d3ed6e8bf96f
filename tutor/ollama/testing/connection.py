"""One client's connection: HTTP/1.1 as far as Ollama's clients use it, and every way to break it."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from http import HTTPStatus
from typing import Protocol

from tutor.ollama.testing.received import Received
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.speech import error_reply

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)


class Desk(Protocol):
    """Who decides what a request is answered."""

    tokens_per_second: float | None
    connections: set[Connection]

    def receive(self, received: Received) -> Reply:
        """Note the request and choose the reply."""


class Connection(asyncio.Protocol):
    """Reads requests one after the other and plays a reply to each; notices at once when the client leaves."""

    transport: asyncio.Transport

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._buffer = bytearray()
        self._task: asyncio.Task[None] | None = None
        self._current: Received | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self.transport = transport
        self._desk.connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._next_request()

    def eof_received(self) -> None:
        self._client_left()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._client_left()
        self._desk.connections.discard(self)

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def _client_left(self) -> None:
        received, self._current = self._current, None
        if received is not None and not received.over:
            received.hung_up_at = time.monotonic()
        if self._task is not None:
            self._task.cancel()

    def _next_request(self) -> None:
        if self._task is not None:
            return
        received = take_request(self._buffer, self.transport.get_extra_info("peername")[1])
        if received is not None:
            self._current = received
            self._task = asyncio.get_running_loop().create_task(self._serve(received))

    async def _serve(self, received: Received) -> None:
        reply = self._reply(received)
        if reply.first_delay_s:
            await asyncio.sleep(reply.first_delay_s)
        if reply.opening == "hang":
            await asyncio.Event().wait()
        if reply.opening != "headers":
            self._break(received, reply.opening)
            return
        self._write(_head(reply))
        if received.method != "HEAD":
            await self._play(reply, received)
        await self._end(reply, received)

    def _reply(self, received: Received) -> Reply:
        try:
            return self._desk.receive(received)
        except Exception as error:  # noqa: BLE001
            # A test's own script failed; the client under test must not wait for ever because of it.
            return error_reply(f"the script failed: {error!r}", 500)

    async def _play(self, reply: Reply, received: Received) -> None:
        rate = self._desk.tokens_per_second if reply.paced else None
        loop = asyncio.get_running_loop()
        due = loop.time()
        for step in reply.each_step():
            if not isinstance(step, bytes):
                await asyncio.sleep(step)
                continue
            self._write(_chunked(step) if reply.framing == "chunked" else step)
            received.chunks_sent += 1
            # From a plan, not from the last write: a late wake-up must not slow the pace.
            due += 1 / rate if rate else 0.0
            await asyncio.sleep(max(0.0, due - loop.time()) if rate else 0.0)
            await self._writable.wait()

    async def _end(self, reply: Reply, received: Received) -> None:
        if reply.ending == "hang":
            await asyncio.Event().wait()
        if reply.ending != "finish":
            self._break(received, reply.ending)
            return
        if reply.framing == "chunked" and received.method != "HEAD":
            self._write(b"0\r\n\r\n")
        received.finished_at = time.monotonic()
        self._task = self._current = None
        if reply.framing == "close":
            self.transport.close()
        else:
            self._next_request()

    def _break(self, received: Received, how: str) -> None:
        received.finished_at = time.monotonic()
        self._current = self._task = None
        if how == "rst":
            sock: socket.socket = self.transport.get_extra_info("socket")
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET_ON_CLOSE)
            self.transport.abort()
        else:
            self.transport.close()

    def _write(self, data: bytes) -> None:
        self.transport.write(data)


def take_request(buffer: bytearray, client_port: int) -> Received | None:
    """Take the first whole request out of the buffer, if there is one."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    first, *rest = bytes(buffer[:end]).decode("latin-1").split("\r\n")
    method, path, _ = first.split(" ", 2)
    pairs = (header.partition(":") for header in rest)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    start = end + 4
    stop = start + int(headers.get("content-length", "0"))
    if len(buffer) < stop:
        return None
    raw = bytes(buffer[start:stop])
    del buffer[:stop]
    return Received(method, path, headers, raw, time.monotonic(), client_port)


def _head(reply: Reply) -> bytes:
    phrase = HTTPStatus(reply.status).phrase
    headers = dict(reply.headers)
    if reply.framing == "chunked":
        headers["Transfer-Encoding"] = "chunked"
    elif reply.framing == "length":
        headers["Content-Length"] = str(len(reply.whole()))
    else:
        headers["Connection"] = "close"
    lines = [f"HTTP/1.1 {reply.status} {phrase}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _chunked(data: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(data), data)
