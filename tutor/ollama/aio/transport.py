"""The direct transport, for plain http: httpx keeps the API, the bytes come straight from an asyncio protocol.

httpx's own transport takes some 20 µs for each small chunk of a streamed reply, more than all the rest together. What
this one does not do (TLS, proxies) goes through httpx's; see `tutor.ollama.direct`.
"""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncGenerator, AsyncIterator
from weakref import WeakSet

import httpx

from tutor.ollama.aio.connecting import reach
from tutor.ollama.aio.connection import Connection
from tutor.ollama.direct import EXTENSION, Origin, origin_of
from tutor.ollama.http1 import Reception
from tutor.ollama.responses import MAX_BODY_BYTES

_IDLE_S = 5.0
_MAX_IDLE = 20


class Body(httpx.AsyncByteStream):
    """The body for those who read it through httpx, and the way to let go of it."""

    def __init__(self, connection: Connection, idle: deque[Connection]) -> None:
        self.connection = connection
        self._idle = idle

    async def __aiter__(self) -> AsyncIterator[bytes]:
        left = MAX_BODY_BYTES
        while data := await self.connection.read(None):
            left -= len(data)
            if left < 0:  # httpx reads the whole body of a redirect
                raise httpx.RemoteProtocolError("the body takes no end")
            yield data

    async def aclose(self) -> None:
        connection = self.connection
        if connection.release():
            connection.idle_since = time.monotonic()
            self._idle.append(connection)
            if len(self._idle) > _MAX_IDLE:
                self._idle.popleft().close()
        else:
            connection.close()
            # The next turn of the loop closes the socket.
            await asyncio.sleep(0)


class DirectTransport(httpx.AsyncBaseTransport):
    """For mounting at "http://"; keeps connections as httpx does (20 idle ones, for 5 s)."""

    def __init__(self) -> None:
        self._idle: dict[Origin, deque[Connection]] = {}
        self._open: WeakSet[Connection] = WeakSet()
        self._ending = _closing_in_the_end(self._open)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        origin = origin_of(request)
        idle = self._idle.setdefault(origin, deque())
        connection = _fresh(idle) or await reach(origin, request, Connection)
        if not self._open:
            await anext(self._ending, None)
        self._open.add(connection)
        try:
            reception = await _sent(connection, request)
        except BaseException:
            connection.close()
            await asyncio.sleep(0)
            raise
        assert reception.head is not None  # noqa: S101
        status_code, reason, headers = reception.head
        body = Body(connection, idle)
        extensions = {"http_version": b"HTTP/1.1", "reason_phrase": reason, EXTENSION: connection}
        return httpx.Response(status_code, headers=headers, stream=body, extensions=extensions)

    async def aclose(self) -> None:
        for connection in tuple(self._open):
            connection.close()
        await self._ending.aclose()
        # The next turn of the loop closes the sockets.
        await asyncio.sleep(0)


async def _sent(connection: Connection, request: httpx.Request) -> Reception:
    """Send the request; its reply, of which the head is there."""
    if isinstance(request.stream, httpx.ByteStream):
        reception, until = connection.send(request, request.read()), None
    else:
        assert isinstance(request.stream, httpx.AsyncByteStream)  # noqa: S101
        limits = request.extensions["timeout"]
        reception = connection.send(request, b"")
        await connection.upload(reception, request.stream, limits["write"])
        until = None if limits["read"] is None else asyncio.get_running_loop().time() + limits["read"]
    await connection.wait_for_head(reception, until)
    return reception


async def _closing_in_the_end(connections: WeakSet[Connection]) -> AsyncGenerator[None, None]:
    """Closes what a program leaves open when it lets go of the client, or ends its loop: both end generators."""
    try:
        while True:
            yield
    finally:
        for connection in tuple(connections):
            connection.close()


def _fresh(idle: deque[Connection]) -> Connection | None:
    """The connection used last, unless all have waited for too long."""
    now = time.monotonic()
    while idle:
        connection = idle.pop()
        if connection.is_usable and now - connection.idle_since <= _IDLE_S:
            return connection
        connection.close()
    return None
