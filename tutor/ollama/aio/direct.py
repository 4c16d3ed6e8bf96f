"""The short way for plain http: httpx keeps the API, the bytes come straight from an asyncio protocol.

httpx's own transport takes some 20 µs for each small chunk of a streamed reply, more than all the rest together. What
this one does not do (TLS, proxies, uploads) goes through httpx's; see `tutor.ollama.routes`.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from weakref import WeakSet

import httpx

from tutor.ollama.aio.reaching import reach
from tutor.ollama.http1 import Reception
from tutor.ollama.replies import MAX_BODY_BYTES
from tutor.ollama.routes import EXTENSION, Origin, origin_of

_IDLE_S = 5.0
_MAX_IDLE = 20
_MAX_READY_BYTES = 256 * 1024
_BUFFER_BYTES = 64 * 1024


class Interrupted(Exception):
    """The exchange was ended by its own side while it waited."""


class Line(asyncio.BufferedProtocol):
    """One connection, which serves one request after the other.

    With a buffer of its own: asyncio would make room for 256 KiB anew for each arrival, however small.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._reception: Reception | None = None
        self._failure: Exception | None = None
        self._waiter: asyncio.Future[None] | None = None
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._paused = False
        self._ready_bytes = 0
        self._until: float | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self.idle_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)  # noqa: S101
        self._transport = transport

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._reception is None:  # nobody asked for anything
            self.close()
            return
        self._take(bytes(self._buffer[:nbytes]))
        self._ready_bytes += nbytes
        # Where nothing is ready, nobody will take it and read on.
        full = self._ready_bytes > _MAX_READY_BYTES and self._reception.ready
        if full and self._transport is not None and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def eof_received(self) -> None:
        self._take(b"")

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if exc is not None:
            self._fail(httpx.ReadError(str(exc)))
        else:
            self._take(b"")

    @property
    def is_usable(self) -> bool:
        """Whether the connection can take a request."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, request: httpx.Request, content: bytes) -> Reception:
        """Begin an exchange."""
        reception = Reception(request.method)
        head = reception.request(request.url.raw_path, request.headers.raw)
        self._reception, self._failure, self._ready_bytes = reception, None, 0
        assert self._transport is not None  # noqa: S101 - the caller looked
        self._transport.write(head + content)
        return reception

    async def read(self, until: float | None) -> bytes:
        """What has come of the body, at least one byte; b"" at its end.

        Raises `TimeoutError` at `until` (of the loop's clock), `Interrupted`, and httpx's errors.
        """
        # A server that is never silent leaves the alarm no wait to end.
        if until is not None and until <= self._loop.time():
            raise TimeoutError
        reception = self._reception
        while reception is not None:
            if reception.ready:
                return self._hand_over(reception)
            if self._failure is not None:
                raise self._failure
            if reception.ended:
                break
            await self._wait(until)
        return b""

    async def wait_for_head(self, reception: Reception) -> None:
        """Until the head is there; bounded by whoever waits."""
        while reception.head is None:
            if self._failure is not None:
                raise self._failure
            await self._wait(None)

    def interrupt(self) -> None:
        """End the wait of another task, with `Interrupted`; also the one that it is about to begin."""
        self._failure = self._failure or Interrupted()
        self._wake(None)

    def close(self) -> None:
        """Hang up at once."""
        if self._alarm is not None:
            self._alarm.cancel()
        if self._transport is not None:
            self._transport.abort()

    def release(self) -> bool:
        """End the exchange; whether the connection may serve another."""
        reception, self._reception = self._reception, None
        good = reception is not None and reception.ended and reception.reusable and not reception.ready
        return good and self._failure is None and self.is_usable

    def _take(self, data: bytes) -> None:
        reception = self._reception
        if reception is None or self._failure is not None or (not data and reception.ended):
            return
        try:
            reception.feed(data)
        except httpx.RemoteProtocolError as error:
            self._fail(error)
        else:
            self._wake(None)

    def _fail(self, error: Exception) -> None:
        if self._reception is not None and not self._reception.ended and self._failure is None:
            self._failure = error
            self._wake(None)

    def _hand_over(self, reception: Reception) -> bytes:
        ready, reception.ready = reception.ready, []
        self._ready_bytes = 0
        if self._paused:
            self._paused = False
            if self._transport is not None:
                self._transport.resume_reading()
        return ready[0] if len(ready) == 1 else b"".join(ready)

    def _wake(self, error: Exception | None) -> None:
        waiter = self._waiter
        if waiter is None or waiter.done():
            return
        if error is None:
            waiter.set_result(None)
        else:
            waiter.set_exception(error)

    async def _wait(self, until: float | None) -> None:
        self._until = until
        if until is not None and (self._alarm is None or until < self._alarm.when()):
            self._set_alarm(until)
        self._waiter = self._loop.create_future()
        try:
            await self._waiter
        finally:
            self._waiter = self._until = None

    def _ring(self) -> None:
        """The limit moves on with each chunk; a timer for each would cost more than the chunk."""
        self._alarm = None
        until = self._until
        if until is None:
            return
        if self._loop.time() < until:
            self._set_alarm(until)
        else:
            self._wake(TimeoutError())

    def _set_alarm(self, at: float) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
        self._alarm = self._loop.call_at(at, self._ring)


class Body(httpx.AsyncByteStream):
    """The body for those who read it through httpx, and the way to let go of it."""

    def __init__(self, line: Line, idle: deque[Line]) -> None:
        self.line = line
        self._idle = idle

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MAX_BODY_BYTES
        while data := await self.line.read(None):
            left -= len(data)
            if left < 0:  # httpx reads the whole body of a redirect
                raise httpx.RemoteProtocolError("the body takes no end")
            yield data

    async def aclose(self) -> None:
        line = self.line
        if line.release():
            line.idle_since = time.monotonic()
            self._idle.append(line)
            if len(self._idle) > _MAX_IDLE:
                self._idle.popleft().close()
        else:
            line.close()
            # The next turn of the loop closes the socket.
            await asyncio.sleep(0)


class DirectTransport(httpx.AsyncBaseTransport):
    """For mounting at "http://"; keeps connections as httpx does (20 idle ones, for 5 s)."""

    def __init__(self, otherwise: httpx.AsyncBaseTransport) -> None:
        self._otherwise = otherwise
        self._idle: dict[Origin, deque[Line]] = {}
        self._open: WeakSet[Line] = WeakSet()
        self._ending = _closing_in_the_end(self._open)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if not isinstance(request.stream, httpx.ByteStream):
            return await self._otherwise.handle_async_request(request)
        origin = origin_of(request)
        idle = self._idle.setdefault(origin, deque())
        line = _fresh(idle) or await reach(origin, request, Line)
        if not self._open:
            await anext(self._ending, None)
        self._open.add(line)
        try:
            reception = line.send(request, request.read())
            await line.wait_for_head(reception)
        except BaseException:
            line.close()
            await asyncio.sleep(0)
            raise
        assert reception.head is not None  # noqa: S101
        status_code, reason, headers = reception.head
        body = Body(line, idle)
        extensions = {"http_version": b"HTTP/1.1", "reason_phrase": reason, EXTENSION: line}
        return httpx.Response(status_code, headers=headers, stream=body, extensions=extensions)

    async def aclose(self) -> None:
        for line in tuple(self._open):
            line.close()
        await self._ending.aclose()
        await self._otherwise.aclose()
        await asyncio.sleep(0)


async def _closing_in_the_end(lines: WeakSet[Line]) -> AsyncGenerator[None, None]:
    """Closes what a program leaves open when it lets go of the client, or ends its loop: both end generators."""
    try:
        while True:
            yield
    finally:
        for line in tuple(lines):
            line.close()


def _fresh(idle: deque[Line]) -> Line | None:
    """The connection used last, unless all have waited for too long."""
    now = time.monotonic()
    while idle:
        line = idle.pop()
        if line.is_usable and now - line.idle_since <= _IDLE_S:
            return line
        line.close()
    return None
