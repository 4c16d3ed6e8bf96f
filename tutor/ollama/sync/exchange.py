"""One request and its reply over blocking sockets: sends, waits no longer than allowed, hands out raw bytes, lets go.

Over the direct transport each wait has exactly the time that is left, and another thread can end it. Over httpx's,
which serves TLS and proxies, httpx's own timeouts count: for each read, not for their sum.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar

import httpx

from tutor.ollama.direct import EXTENSION
from tutor.ollama.errors import LineTooLong, OllamaError, ReadTimedOut
from tutor.ollama.httpx_errors import FAILURES, translate
from tutor.ollama.responses import MAX_BODY_BYTES, MAX_ERROR_BYTES, ContentCheck, error_of_response
from tutor.ollama.retries import Retries
from tutor.ollama.sync.connection import Connection
from tutor.ollama.sync.httpx_clients import sent_for
from tutor.ollama.sync.runtime import Interrupted
from tutor.ollama.timeouts import Deadlines, Timeouts

# After the final object a server needs this long at most to end the body, so that the connection can be used again.
_DRAIN_S = 0.05
_DRAIN_BYTES = 64 * 1024

T = TypeVar("T")


class Exchange:
    """One HTTP exchange. `open`, then `read` until b"", then `close`; or `close` at any point.

    All waiting is bounded by the `Timeouts`; all failures are `OllamaError`s.
    """

    def __init__(
        self, http: httpx.Client, request: httpx.Request, timeouts: Timeouts, retries: Retries, *, streamed: bool
    ) -> None:
        self._http = http
        self.request = request
        self.repeats = retries
        self.auth: Any = httpx.USE_CLIENT_DEFAULT
        self._timeouts = timeouts
        self._deadlines = Deadlines(timeouts, streamed=streamed, clock=time.monotonic)
        self.status_code = 0
        self._response: httpx.Response | None = None
        self._chunks: Iterator[bytes] | None = None
        self._connection: Connection | None = None
        self._content: ContentCheck | None = None
        self._given: dict[str, float | None] = {}
        self._rest_until: float | None = None
        self._stopped = threading.Event()
        # Of what ends the wait of another thread; held while it is called, so that nobody cuts what serves another.
        self._cutting = threading.RLock()
        self._cut: Callable[[], None] | None = None
        request.extensions = {**request.extensions, EXTENSION: self._note_connection}

    def open(self) -> None:
        """Send the request and take the headers; again, where that is harmless.

        Raises `ResponseError` for a status other than success.
        """
        self._given = dict(self.request.extensions["timeout"])
        attempt = 0
        while True:
            attempt += 1
            try:
                self._open_once()
            except OllamaError as error:
                self._deadlines.again()
                pause_s = self.repeats.pause_s(attempt, error)
                if pause_s is None or not self._deadlines.allows(pause_s):
                    raise
                self.close()
            else:
                return
            if self._stopped.wait(pause_s):
                raise Interrupted

    def _open_once(self) -> None:
        self._limit_httpx()
        response = self._wait(self._send)
        self._deadlines.heard()
        self.status_code = response.status_code
        self._note_response(response)
        # Raw bytes: nobody asked for compression, and a small body that swells is an attack.
        self._chunks = iter([response.content]) if response.is_stream_consumed else response.iter_raw()
        if not response.is_success:
            body = b""
            with contextlib.suppress(OllamaError):  # the status says enough
                body = self.read_all(MAX_ERROR_BYTES)
            raise error_of_response(response, body)
        self._content = ContentCheck(response.headers)
        self._limit_httpx()

    def _limit_httpx(self) -> None:
        limits: dict[str, float | None] = self.request.extensions["timeout"]
        given, until, between_s = self._given, self._deadlines.at(), self._timeouts.between_s
        left_s = None if until is None else max(until - time.monotonic(), 0.001)
        for name in ("connect", "pool", "read", "write"):
            limits[name] = _shorter(given[name], left_s)
        if self._response is not None:
            # One limit for all reads of a body: its first byte may have longer than each that follows.
            limits["read"] = None if left_s is None or between_s is None else max(left_s, between_s)

    def _send(self) -> httpx.Response:
        # Kept here: whoever is interrupted at this moment still has to close it.
        with sent_for(self.request):
            self._response = self._http.send(self.request, stream=True, auth=self.auth)
        return self._response

    def read(self) -> bytes:
        """The next bytes of the body; b"" at its end."""
        self._take_rest()
        chunks, connection = self._chunks, self._connection
        if chunks is None:
            self.open()
            return self.read()
        until = self._deadlines.at()
        if connection is not None:
            data = self._wait(lambda: connection.read(until))
        elif until is not None and until <= time.monotonic():
            raise self._timed_out()
        else:
            data = self._wait(lambda: next(chunks, b""))
        self._deadlines.begun()
        if self._content is not None and self._content.doubted:
            self._content.look_at(data)
        return data

    @property
    def is_doubtful(self) -> bool:
        """Whether the reply is said to be something else than JSON, and no byte of it has told otherwise."""
        return self._content is not None and bool(self._content.doubted)

    def rest(self, seconds: float) -> None:
        """Take nothing from the connection for so long. httpx reads chunk by chunk, and would fall behind."""
        if self._connection is not None:
            self._rest_until = time.monotonic() + seconds

    def _take_rest(self) -> None:
        until, self._rest_until = self._rest_until, None
        if until is not None and self._stopped.wait(max(until - time.monotonic(), 0)):
            raise Interrupted

    def read_all(self, max_bytes: int = MAX_BODY_BYTES) -> bytes:
        """The whole body. Raises `LineTooLong` beyond `max_bytes`."""
        body = bytearray()
        while data := self.read():
            body += data
            if len(body) > max_bytes:
                raise LineTooLong(f"the reply exceeds {max_bytes} bytes", request=self.request)
        return bytes(body)

    def drain(self) -> None:
        """Read to the end if it is near, so that the connection can serve again."""
        connection = self._connection
        with contextlib.suppress(OllamaError, TimeoutError, httpx.HTTPError, Interrupted):
            if connection is not None:
                until, left = time.monotonic() + _DRAIN_S, _DRAIN_BYTES
                while left > 0 and (data := connection.read(until)):
                    left -= len(data)
                return
            alarm = threading.Timer(_DRAIN_S, self._hang_up)
            alarm.start()
            try:
                self.read_all(_DRAIN_BYTES)
            finally:
                alarm.cancel()

    def interrupt(self, released: threading.Event) -> None:
        """Make the wait of another thread end, with `Interrupted`, and wait until it has let go.

        Over httpx's transport what waits for the headers waits on; nobody else does.
        """
        self._stopped.set()
        if self._hang_up():
            released.wait()

    def close(self) -> None:
        """Let go of the connection: back to the pool if the body was read to its end, closed if not."""
        with self._cutting:
            self._cut = None
        response, self._response = self._response, None
        self._connection = None
        if response is not None:
            with contextlib.suppress(httpx.HTTPError):
                response.close()

    def abandon(self) -> None:
        """Let go, for a stream that nobody holds any more."""
        self.close()

    @property
    def is_open(self) -> bool:
        """Whether a connection is held."""
        return self._response is not None

    def _note_connection(self, connection: Connection) -> float | None:
        """The direct transport is taken, over this connection; how long its reply may be waited for."""
        self._cut = connection.interrupt
        if self._stopped.is_set():
            connection.interrupt()
        return self._deadlines.at()

    def _note_response(self, response: httpx.Response) -> None:
        """The headers are there; the body comes over the same connection."""
        consumed = response.is_stream_consumed
        self._connection = None if consumed else response.extensions.get(EXTENSION)
        stream = None if consumed else response.extensions.get("network_stream")
        if stream is not None:
            sock = stream.get_extra_info("socket")
            # Not as TLS has it, which takes away from under a reading thread what it reads with.
            self._cut = lambda: socket.socket.shutdown(sock, socket.SHUT_RDWR)
        elif self._connection is None:
            self._cut = None

    def _hang_up(self) -> bool:
        with self._cutting, contextlib.suppress(OSError):
            if self._cut is None:
                return False
            self._cut()
        return True

    def _wait(self, wait: Callable[[], T]) -> T:
        self._check_stopped()
        try:
            data = wait()
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            self._check_stopped()
            raise self._timed_out() from None
        except FAILURES as error:
            self._check_stopped()
            at = self._deadlines.at()
            slow = isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
            if slow and at is not None and at <= time.monotonic():
                raise self._timed_out() from None
            raise self._translated(error) from error
        self._check_stopped()
        return data

    def _check_stopped(self) -> None:
        """Raises `Interrupted` if another thread ended the wait: then nothing else that is wrong counts."""
        if self._stopped.is_set():
            raise Interrupted from None

    def _timed_out(self) -> ReadTimedOut:
        limit = self._deadlines.missed()
        return ReadTimedOut(limit.phase, limit.budget_s, request=self.request)

    def _translated(self, error: Exception) -> OllamaError:
        in_body = self._response is not None
        return translate(error, self.request, in_body=in_body, connect_s=self._timeouts.connect_s)


def _shorter(one_s: float | None, other_s: float | None) -> float | None:
    return min((limit_s for limit_s in (one_s, other_s) if limit_s is not None), default=None)
