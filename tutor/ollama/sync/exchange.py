"""One request and its reply over blocking sockets: sends, waits no longer than allowed, hands out raw bytes, lets go.

The twin of `tutor.ollama.aio.exchange`, by hand. Over TLS or a proxy httpx does the waiting, which knows one limit for
all its reads: there the connection is cut when the time is over (`tutor.ollama.sync.cutting`).
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, TypeVar, cast

import httpx

from tutor.ollama.direct import EXTENSION
from tutor.ollama.errors import LineTooLong, OllamaError, ReadTimedOut
from tutor.ollama.httpx_errors import FAILURES, translate
from tutor.ollama.responses import MAX_BODY_BYTES, MAX_ERROR_BYTES, check_headers, error_of_response
from tutor.ollama.retries import Retries
from tutor.ollama.sync.connection import Connection, Interrupted
from tutor.ollama.sync.cutting import Cutting
from tutor.ollama.sync.wires import WiredClient
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
        self._rest_until: float | None = None
        wires = cast("WiredClient", http).wires
        self._cutting = Cutting(wires, request.extensions["timeout"], self._deadlines.at)
        ours = {"trace": self._cutting.note_event, EXTENSION: self._cutting.note_connection}
        request.extensions = {**request.extensions, **ours}

    def open(self) -> None:
        """Send the request and take the headers; again, where that is harmless.

        Raises `ResponseError` for a status other than success.
        """
        self._cutting.given = dict(self.request.extensions["timeout"])
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
            if self._cutting.stopped.wait(pause_s):
                raise Interrupted

    def _open_once(self) -> None:
        self._limit_httpx()
        response = self._wait(self._send)
        self._deadlines.heard()
        self.status_code = response.status_code
        self._connection = None if response.is_stream_consumed else response.extensions.get(EXTENSION)
        self._cutting.note_response(response, self._connection)
        # Raw bytes: nobody asked for compression, and a small body that swells is an attack.
        self._chunks = iter([response.content]) if response.is_stream_consumed else response.iter_raw()
        if not response.is_success:
            body = b""
            with contextlib.suppress(OllamaError):  # the status says enough
                body = self.read_all(MAX_ERROR_BYTES)
            raise error_of_response(response, body)
        check_headers(response.headers)
        self._limit_httpx()

    def _limit_httpx(self) -> None:
        """For connecting; and for reading, where a transport of the program's own waits on what cannot be cut."""
        limits: dict[str, float | None] = self.request.extensions["timeout"]
        given, until, between_s = self._cutting.given, self._deadlines.at(), self._timeouts.between_s
        left_s = None if until is None else max(until - time.monotonic(), 0.001)
        for name in ("connect", "pool", "read"):
            limits[name] = _shorter(given[name], left_s)
        if self._response is not None:
            # One limit for all reads of a body: its first byte may have longer than each that follows.
            limits["read"] = None if left_s is None or between_s is None else max(left_s, between_s)

    def _send(self) -> httpx.Response:
        try:
            # Kept here: whoever is interrupted at this moment still has to close it.
            self._response = self._http.send(self.request, stream=True, auth=self.auth)
        finally:
            self._cutting.forget()
        return self._response

    def read(self) -> bytes:
        """The next bytes of the body; b"" at its end."""
        chunks, connection = self._chunks, self._connection
        if chunks is None:
            self.open()
            return self.read()
        self._take_rest()
        until = self._deadlines.at()
        if connection is not None:
            data = self._wait(lambda: connection.read(until))
        elif until is not None and until <= time.monotonic():
            raise self._timed_out()
        else:
            self._cutting.expect(until)
            try:
                data = self._wait(lambda: next(chunks, b""))
            finally:
                self._cutting.forget()
        self._deadlines.begun()
        return data

    def rest(self, seconds: float) -> None:
        """Take nothing from the connection for so long. httpx reads chunk by chunk, and would fall behind."""
        if self._connection is not None:
            self._rest_until = time.monotonic() + seconds

    def _take_rest(self) -> None:
        until, self._rest_until = self._rest_until, None
        if until is not None and self._cutting.stopped.wait(max(until - time.monotonic(), 0)):
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
            alarm = threading.Timer(_DRAIN_S, self._cutting.hang_up)
            alarm.start()
            try:
                self.read_all(_DRAIN_BYTES)
            finally:
                alarm.cancel()

    def interrupt(self) -> None:
        """Make the wait of another thread end at once, with `Interrupted`."""
        self._cutting.interrupt()

    def close(self) -> None:
        """Let go of the connection: back to the pool if the body was read to its end, closed if not."""
        self._cutting.let_go()
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

    def _wait(self, wait: Callable[[], T]) -> T:
        try:
            data = wait()
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            raise self._timed_out() from None
        except FAILURES as error:
            self._cutting_told()
            at = self._deadlines.at()
            if (
                isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout)
                and at is not None
                and at <= time.monotonic()
            ):
                raise self._timed_out() from None
            raise self._translated(error) from error
        self._cutting_told()
        return data

    def _cutting_told(self) -> None:
        """Raises why the connection was cut, if we did it: then nothing else that is wrong counts."""
        if self._cutting.stopped.is_set():
            raise Interrupted from None
        if self._cutting.is_late:
            raise self._timed_out() from None

    def _timed_out(self) -> ReadTimedOut:
        limit = self._deadlines.missed()
        return ReadTimedOut(limit.phase, limit.budget_s, request=self.request)

    def _translated(self, error: Exception) -> OllamaError:
        in_body = self._response is not None
        return translate(error, in_body=in_body, connect_s=self._timeouts.connect_s)


def _shorter(one_s: float | None, other_s: float | None) -> float | None:
    return min((limit_s for limit_s in (one_s, other_s) if limit_s is not None), default=None)
