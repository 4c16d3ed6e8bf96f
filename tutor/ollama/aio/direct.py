"""The short way for plain http: httpx keeps the API, the bytes come straight from an asyncio protocol.

httpx's own transport takes some 20 µs for each small chunk of a streamed reply, more than all the rest together. What
this one does not do (TLS, proxies) goes through httpx's; see `tutor.ollama.routes`.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from weakref import WeakSet

import httpx

from tutor.ollama.aio.line import Line
from tutor.ollama.aio.reaching import reach
from tutor.ollama.http1 import Reception
from tutor.ollama.replies import MAX_BODY_BYTES
from tutor.ollama.routes import EXTENSION, Origin, origin_of

_IDLE_S = 5.0
_MAX_IDLE = 20


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

    def __init__(self) -> None:
        self._idle: dict[Origin, deque[Line]] = {}
        self._open: WeakSet[Line] = WeakSet()
        self._ending = _closing_in_the_end(self._open)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        origin = origin_of(request)
        idle = self._idle.setdefault(origin, deque())
        line = _fresh(idle) or await reach(origin, request, Line)
        if not self._open:
            await anext(self._ending, None)
        self._open.add(line)
        try:
            reception = await _sent(line, request)
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
        # The next turn of the loop closes the sockets.
        await asyncio.sleep(0)


async def _sent(line: Line, request: httpx.Request) -> Reception:
    """Send the request; its reply, of which the head is there."""
    if isinstance(request.stream, httpx.ByteStream):
        reception, until = line.send(request, request.read()), None
    else:
        assert isinstance(request.stream, httpx.AsyncByteStream)  # noqa: S101
        limits = request.extensions["timeout"]
        reception = line.send(request, b"")
        await line.upload(reception, request.stream, limits["write"])
        until = None if limits["read"] is None else asyncio.get_running_loop().time() + limits["read"]
    await line.wait_for_head(reception, until)
    return reception


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
