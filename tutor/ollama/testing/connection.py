"""One client's connection: HTTP/1.1 as far as Ollama's clients use it, and every way to break it."""

from __future__ import annotations

import asyncio
import socket
import struct
import time
from typing import Protocol, cast

from tutor.ollama.testing.heads import head
from tutor.ollama.testing.incoming import Incoming, Unreadable, take_head
from tutor.ollama.testing.received import Received
from tutor.ollama.testing.replies import Reply, framed
from tutor.ollama.testing.wire import error_reply, text_reply

_RESET_ON_CLOSE = struct.pack("ii", 1, 0)
_READY_BYTES = 1 << 18
_LINGER_S = 0.05
_BAD_REQUEST = text_reply("400 Bad Request", 400)


class Answers(Protocol):
    """Who decides what a request is answered."""

    tokens_per_second: float | None
    connections: set[Connection]

    def greet(self, received: Received) -> Reply | None:
        """Look at the head of a request; the reply, if it needs no body."""

    def receive(self, received: Received) -> Reply:
        """Note the request and choose the reply."""


class Connection(asyncio.Protocol):
    """Reads requests one after the other and plays a reply to each; notices at once when the client leaves."""

    transport: asyncio.Transport

    def __init__(self, answers: Answers) -> None:
        self._answers = answers
        self._buffer = bytearray()
        self._incoming: Incoming | None = None
        self._task: asyncio.Task[None] | None = None
        self._current: Received | None = None
        self._writable = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._answers.connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        self._next_request()

    def eof_received(self) -> None:
        self._client_left()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._client_left()
        self._answers.connections.discard(self)

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
        try:
            if self._incoming is None:
                self._take_head()
            if self._incoming is not None and self._incoming.feed(self._buffer):
                received, self._incoming = self._incoming.received, None
                self._serve(received, self._reply(received))
        except Unreadable:
            self._write(head(_BAD_REQUEST) + _BAD_REQUEST.whole())
            self.transport.close()

    def _take_head(self) -> None:
        received = take_head(self._buffer, self.transport.get_extra_info("peername")[1])
        if received is None:
            return
        self._current = received
        early = self._answers.greet(received)
        if early is not None:
            self.transport.pause_reading()
            self._serve(received, early)
            return
        if received.headers.get("expect", "").lower() == "100-continue":
            self._write(b"HTTP/1.1 100 Continue\r\n\r\n")
        self._incoming = Incoming(received)

    def _reply(self, received: Received) -> Reply:
        try:
            return self._answers.receive(received)
        except Exception as error:  # noqa: BLE001
            # A test's own script failed; the client under test must not wait for ever because of it.
            return error_reply(f"the script failed: {error!r}", 500)

    def _serve(self, received: Received, reply: Reply) -> None:
        self._task = asyncio.get_running_loop().create_task(self._answer(received, reply))

    async def _answer(self, received: Received, reply: Reply) -> None:
        if reply.first_delay_s:
            await asyncio.sleep(reply.first_delay_s)
        if reply.opening == "hang":
            await asyncio.Event().wait()
        if reply.opening != "headers":
            self._break(received, reply.opening)
            return
        self._write(head(reply, closing=_closes(received, reply)))
        if received.method != "HEAD":
            await (self._play(reply, received) if reply.wire is None else self._pour(reply.wire, received))
        await self._end(reply, received)

    async def _play(self, reply: Reply, received: Received) -> None:
        rate = self._answers.tokens_per_second if reply.paced else None
        loop = asyncio.get_running_loop()
        due = loop.time()
        for step in reply.each_step():
            if not isinstance(step, bytes):
                await asyncio.sleep(step)
                continue
            self._write(framed(step) if reply.framing == "chunked" else step)
            received.chunks_sent += 1
            # From a plan, not from the last write: a late wake-up must not slow the pace.
            due += 1 / rate if rate else 0.0
            await asyncio.sleep(max(0.0, due - loop.time()) if rate else 0.0)
            await self._writable.wait()

    async def _pour(self, wire: bytes, received: Received) -> None:
        """Write a ready-made body in large pieces, no faster than the client reads."""
        for start in range(0, len(wire), _READY_BYTES):
            self._write(wire[start : start + _READY_BYTES])
            received.chunks_sent += 1
            await self._writable.wait()

    async def _end(self, reply: Reply, received: Received) -> None:
        if reply.ending == "hang":
            await asyncio.Event().wait()
        if reply.ending != "finish":
            self._break(received, reply.ending)
            return
        if reply.framing == "chunked" and received.method != "HEAD":
            self._write(b"0\r\n\r\n")
        if reply.before_body:
            # Time to read the answer; the reset that follows from the unread body would overtake it.
            await asyncio.sleep(_LINGER_S)
        received.finished_at = time.monotonic()
        self._task = self._current = None
        if _closes(received, reply):
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


def _closes(received: Received, reply: Reply) -> bool:
    asked = received.headers.get("connection", "").lower() == "close"
    return asked or reply.framing == "close" or reply.before_body
