"""The direct transport, for plain http: httpx keeps the API, the bytes come straight from a socket.

The twin of `tutor.ollama.aio.transport`, by hand, since a blocking socket is waited for in another way: each wait has
exactly the time that is left, and another thread can end it.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections import deque
from collections.abc import Iterator
from threading import Lock
from typing import Any
from weakref import WeakSet

import httpx

from tutor.ollama import threads
from tutor.ollama.direct import EXTENSION, Attempts, Origin, origin_of
from tutor.ollama.http1 import Reception
from tutor.ollama.responses import MAX_BODY_BYTES
from tutor.ollama.sync.connection import Connection, earlier

_IDLE_S = 5.0
_MAX_IDLE = 20

# As `socket.getaddrinfo` gives it: family, kind, protocol, a name and what to connect to.
_Place = tuple[int, int, int, str, Any]


class Body(httpx.SyncByteStream):
    """The body for those who read it through httpx, and the way to let go of it."""

    def __init__(self, connection: Connection, idle: deque[Connection], until: float | None) -> None:
        self.connection = connection
        self._idle = idle
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        left = MAX_BODY_BYTES
        while data := self.connection.read(self._until):
            left -= len(data)
            if left < 0:  # httpx reads the whole body of a redirect
                raise httpx.RemoteProtocolError("the body takes no end")
            yield data

    def close(self) -> None:
        connection = self.connection
        if not connection.release():
            connection.close()
            return
        connection.idle_since = time.monotonic()
        self._idle.append(connection)
        if len(self._idle) > _MAX_IDLE:
            self._idle.popleft().close()


class DirectTransport(httpx.BaseTransport):
    """For mounting at "http://"; keeps connections as httpx does (20 idle ones, for 5 s).

    A request's extension says, when told the connection, how long its reply may be waited for.
    """

    def __init__(self) -> None:
        self._idle: dict[Origin, deque[Connection]] = {}
        self._open: WeakSet[Connection] = WeakSet()
        self._opening = Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        origin = origin_of(request)
        idle = self._idle.setdefault(origin, deque())
        connection = _fresh(idle) or _connect(origin, request)
        with self._opening:
            self._open.add(connection)
        try:
            until = request.extensions[EXTENSION](connection)
            reception, until = _sent(connection, request, until)
        except BaseException:
            connection.close()
            raise
        assert reception.head is not None  # noqa: S101
        status_code, reason, headers = reception.head
        extensions = {"http_version": b"HTTP/1.1", "reason_phrase": reason, EXTENSION: connection}
        return httpx.Response(status_code, headers=headers, stream=Body(connection, idle, until), extensions=extensions)

    def close(self) -> None:
        with self._opening:
            for connection in self._open:
                connection.hang_up()
        for idle in self._idle.values():
            while idle:
                idle.pop().close()


def _sent(connection: Connection, request: httpx.Request, until: float | None) -> tuple[Reception, float | None]:
    """Send the request; its reply, of which the head is there, and how long the rest may be waited for."""
    if isinstance(request.stream, httpx.ByteStream):
        reception = connection.send(request, request.read(), until)
    else:
        assert isinstance(request.stream, httpx.SyncByteStream)  # noqa: S101
        limits = request.extensions["timeout"]
        reception = connection.send(request, b"", until)
        connection.upload(reception, request.stream, limits["write"], until)
        if limits["read"] is not None:
            until = earlier(until, time.monotonic() + limits["read"])
    connection.wait_for_head(reception, until)
    return reception, until


def _fresh(idle: deque[Connection]) -> Connection | None:
    """The connection used last, unless all have waited for too long."""
    now = time.monotonic()
    with contextlib.suppress(IndexError):  # another thread may take the last one
        while True:
            connection = idle.pop()
            if now - connection.idle_since <= _IDLE_S and connection.is_usable:
                return connection
            connection.close()
    return None


def _connect(origin: Origin, request: httpx.Request) -> Connection:
    """Try each address of the name."""
    attempts = Attempts(request)
    try:
        places = _numeric(*origin) or _looked_up(origin, _left_s(attempts.until(time.monotonic())))
    except (OSError, UnicodeError) as error:  # the latter for a name of impossible length
        raise attempts.failure(error) from error
    failure = OSError("the name has no address")
    for left, place in zip(range(len(places), 0, -1), places, strict=True):
        try:
            return Connection(_reach(place, _left_s(attempts.until(time.monotonic(), left))))
        except OSError as error:
            failure = error
    raise attempts.failure(failure) from failure


def _left_s(until: float | None) -> float | None:
    return None if until is None else max(until - time.monotonic(), 0.001)


def _numeric(host: str, port: int) -> list[_Place]:
    """Where a host that is an address is reached; nothing for a name."""
    for family in (socket.AF_INET, socket.AF_INET6):
        with contextlib.suppress(OSError):
            socket.inet_pton(family, host)
            return [(family, socket.SOCK_STREAM, 0, "", (host, port))]
    return []


def _looked_up(origin: Origin, limit_s: float | None) -> list[_Place]:
    """Where a name is reached. A lookup cannot be ended: one that takes too long is left to itself."""
    looking = threads.start(lambda: socket.getaddrinfo(*origin, type=socket.SOCK_STREAM))
    return [*looking.result(limit_s)]


def _reach(place: _Place, limit_s: float | None) -> socket.socket:
    family, kind, protocol, _, address = place
    sock = socket.socket(family, kind, protocol)
    try:
        sock.settimeout(limit_s)
        sock.connect(address)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except BaseException:
        sock.close()
        raise
    return sock
