"""The short way for plain http: httpx keeps the API, the bytes come straight from a socket.

The twin of `tutor.ollama.aio.direct`, by hand, since a blocking socket is waited for in another way: each wait has
exactly the time that is left, and another thread can end it.
"""

from __future__ import annotations

import contextlib
import socket
import time
from collections import deque
from collections.abc import Iterator
from threading import Lock
from weakref import WeakSet

import httpx

from tutor.ollama.http1 import Reception
from tutor.ollama.replies import MAX_BODY_BYTES
from tutor.ollama.routes import EXTENSION, Attempts, Origin, origin_of

_IDLE_S = 5.0
_MAX_IDLE = 20
_RECEIVE_BYTES = 65_536


class Interrupted(Exception):
    """The exchange was ended by its own side while it waited."""


class Line:
    """One connection, which serves one request after the other. Times are of `time.monotonic`."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock
        self._reception: Reception | None = None
        self._defect: httpx.RemoteProtocolError | None = None
        self._interrupted = False
        self.idle_since = 0.0

    def send(self, request: httpx.Request, content: bytes, until: float | None) -> Reception:
        """Begin an exchange. Raises TimeoutError, `Interrupted`, and httpx's errors."""
        reception = Reception(request.method)
        head = reception.request(request.url.raw_path, request.headers.raw)
        self._reception, self._defect = reception, None
        self._allow(until)
        try:
            self._sock.sendall(head + content)
        except TimeoutError:
            raise
        except OSError:
            # A server may answer before it has read everything, and hang up: then its answer counts.
            if self._interrupted:
                raise Interrupted from None
        return reception

    def read(self, until: float | None) -> bytes:
        """What has come of the body, at least one byte; b"" at its end. Raises as `send` does."""
        reception = self._reception
        while reception is not None:
            if reception.ready:
                data = b"".join(reception.ready)
                reception.ready.clear()
                return data
            if reception.ended:
                break
            self._receive(reception, until)
        return b""

    def wait_for_head(self, reception: Reception, until: float | None) -> None:
        """Until the head is there."""
        while reception.head is None:
            self._receive(reception, until)

    def interrupt(self) -> None:
        """End the wait of another thread, with `Interrupted`."""
        self._interrupted = True
        self.hang_up()

    def hang_up(self) -> None:
        """End the connection for whoever is using it."""
        with contextlib.suppress(OSError):
            self._sock.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Hang up at once."""
        self._sock.close()

    def __del__(self) -> None:
        # Of a client that nobody closed, such as the one behind the module's functions.
        self.close()

    def release(self) -> bool:
        """End the exchange; whether the connection may serve another."""
        reception, self._reception = self._reception, None
        good = reception is not None and reception.ended and reception.reusable and not reception.ready
        return good and not self._interrupted

    @property
    def is_usable(self) -> bool:
        """Whether the connection can take a request: the server has neither closed it nor said anything unasked."""
        self._sock.settimeout(0)
        try:
            self._sock.recv(1, socket.MSG_PEEK)
        except BlockingIOError:
            return True
        except OSError:
            return False
        return False

    def _receive(self, reception: Reception, until: float | None) -> None:
        if self._defect is not None:
            raise self._defect
        self._allow(until)
        try:
            data = self._sock.recv(_RECEIVE_BYTES)
        except TimeoutError:
            raise
        except OSError as error:
            if self._interrupted:
                raise Interrupted from None
            raise httpx.ReadError(str(error)) from error
        if self._interrupted:
            raise Interrupted
        try:
            reception.feed(data)
        except httpx.RemoteProtocolError as error:
            self._defect = error  # told after what came before it

    def _allow(self, until: float | None) -> None:
        left_s = None if until is None else until - time.monotonic()
        if left_s is not None and left_s <= 0:
            raise TimeoutError
        self._sock.settimeout(left_s)


class Body(httpx.SyncByteStream):
    """The body for those who read it through httpx, and the way to let go of it."""

    def __init__(self, line: Line, idle: deque[Line], until: float | None) -> None:
        self.line = line
        self._idle = idle
        self._until = until

    def __iter__(self) -> Iterator[bytes]:
        left = MAX_BODY_BYTES
        while data := self.line.read(self._until):
            left -= len(data)
            if left < 0:  # httpx reads the whole body of a redirect
                raise httpx.RemoteProtocolError("the body takes no end")
            yield data

    def close(self) -> None:
        line = self.line
        if not line.release():
            line.close()
            return
        line.idle_since = time.monotonic()
        self._idle.append(line)
        if len(self._idle) > _MAX_IDLE:
            self._idle.popleft().close()


class DirectTransport(httpx.BaseTransport):
    """For mounting at "http://"; keeps connections as httpx does (20 idle ones, for 5 s).

    A request's extension says, when told the connection, how long its reply may be waited for.
    """

    def __init__(self, otherwise: httpx.BaseTransport) -> None:
        self._otherwise = otherwise
        self._idle: dict[Origin, deque[Line]] = {}
        self._open: WeakSet[Line] = WeakSet()
        self._opening = Lock()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if not isinstance(request.stream, httpx.ByteStream):
            return self._otherwise.handle_request(request)
        origin = origin_of(request)
        idle = self._idle.setdefault(origin, deque())
        line = _fresh(idle) or _connect(origin, request)
        with self._opening:
            self._open.add(line)
        try:
            until = request.extensions[EXTENSION](line)
            reception = line.send(request, request.read(), until)
            line.wait_for_head(reception, until)
        except BaseException:
            line.close()
            raise
        assert reception.head is not None  # noqa: S101
        status_code, reason, headers = reception.head
        extensions = {"http_version": b"HTTP/1.1", "reason_phrase": reason, EXTENSION: line}
        return httpx.Response(status_code, headers=headers, stream=Body(line, idle, until), extensions=extensions)

    def close(self) -> None:
        with self._opening:
            for line in self._open:
                line.hang_up()
        for idle in self._idle.values():
            while idle:
                idle.pop().close()
        self._otherwise.close()


def _fresh(idle: deque[Line]) -> Line | None:
    """The connection used last, unless all have waited for too long."""
    now = time.monotonic()
    with contextlib.suppress(IndexError):  # another thread may take the last one
        while True:
            line = idle.pop()
            if now - line.idle_since <= _IDLE_S and line.is_usable:
                return line
            line.close()
    return None


def _connect(origin: Origin, request: httpx.Request) -> Line:
    """Try each address of the name."""
    attempts = Attempts(request)
    try:
        addresses = socket.getaddrinfo(*origin, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:  # the latter for a name of impossible length
        raise attempts.failure(error) from error
    failure = OSError("the name has no address")
    for left, (*_, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
        now = time.monotonic()
        until = attempts.until(now, left)
        limit_s = None if until is None else max(until - now, 0.001)
        try:
            sock = socket.create_connection((str(address[0]), origin[1]), limit_s)
        except OSError as error:
            failure = error
        else:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return Line(sock)
    raise attempts.failure(failure) from failure
