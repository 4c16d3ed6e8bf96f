"""One request and its reply over blocking sockets: sends, waits no longer than allowed, hands out raw bytes, lets go.

The twin of `tutor.ollama.aio.exchange`, by hand. Over TLS or a proxy httpx does the waiting: the budget between chunks
holds for each of its reads, the total is looked at between them, and another thread can end a wait only once it is
known on which connection that is.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeVar

import httpx

from tutor.ollama.errors import LineTooLong, OllamaError, ReadTimedOut
from tutor.ollama.replies import MAX_BODY_BYTES, MAX_ERROR_BYTES, check_headers, error_of_response
from tutor.ollama.retries import Retries
from tutor.ollama.routes import EXTENSION
from tutor.ollama.sync.line import Interrupted, Line
from tutor.ollama.timeouts import Deadlines, Timeouts
from tutor.ollama.translation import FAILURES, translate

# After the final object a server needs this long at most to end the body, so that the connection can be used again.
_DRAIN_S = 0.05
_DRAIN_BYTES = 64 * 1024

_CONNECTED = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")

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
        self._line: Line | None = None
        self._cut: Callable[[], None] | None = None
        self._stopped = threading.Event()
        # A connection that was let go of may serve another exchange: nobody may cut it then.
        self._held = threading.RLock()
        ours = {"trace": self._note_connection, EXTENSION: self._note_line}
        request.extensions = {**request.extensions, **ours}

    def open(self) -> None:
        """Send the request and take the headers; again, where that is harmless.

        Raises `ResponseError` for a status other than success.
        """
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
        until = self._deadlines.at()
        if until is not None:
            self._httpx_limits["read"] = max(until - time.monotonic(), 0.001)
        response = self._wait(self._send)
        self.status_code = response.status_code
        self._line = None if response.is_stream_consumed else response.extensions.get(EXTENSION)
        self._cut = self._line.interrupt if self._line is not None else _cut_of(response)
        # Raw bytes: nobody asked for compression, and a small body that swells is an attack.
        self._chunks = iter([response.content]) if response.is_stream_consumed else response.iter_raw()
        if not response.is_success:
            body = b""
            with contextlib.suppress(OllamaError):  # the status says enough
                body = self.read_all(MAX_ERROR_BYTES)
            raise error_of_response(response, body)
        check_headers(response.headers)
        self._httpx_limits["read"] = self._timeouts.between_s

    def _send(self) -> httpx.Response:
        # Kept here: whoever is interrupted at this moment still has to close it.
        self._response = self._http.send(self.request, stream=True, auth=self.auth)
        return self._response

    def read(self) -> bytes:
        """The next bytes of the body; b"" at its end."""
        chunks, line = self._chunks, self._line
        if chunks is None:
            self.open()
            return self.read()
        until = self._deadlines.at()
        if line is not None:
            data = self._wait(lambda: line.read(until))
        elif until is not None and until <= time.monotonic():
            raise self._timed_out()
        else:
            data = self._wait(lambda: next(chunks, b""))
        self._deadlines.begun()
        return data

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
        line = self._line
        with contextlib.suppress(OllamaError, TimeoutError, httpx.HTTPError, Interrupted):
            if line is not None:
                until, left = time.monotonic() + _DRAIN_S, _DRAIN_BYTES
                while left > 0 and (data := line.read(until)):
                    left -= len(data)
                return
            alarm = threading.Timer(_DRAIN_S, self._hang_up)
            alarm.start()
            try:
                self.read_all(_DRAIN_BYTES)
            finally:
                alarm.cancel()

    def interrupt(self) -> None:
        """Make the wait of another thread end at once, with `Interrupted`."""
        with self._held:
            self._stopped.set()
            self._hang_up()

    def close(self) -> None:
        """Let go of the connection: back to the pool if the body was read to its end, closed if not."""
        with self._held:
            response, self._response = self._response, None
            self._line = self._cut = None
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

    @property
    def _httpx_limits(self) -> dict[str, float | None]:
        limits: dict[str, float | None] = self.request.extensions["timeout"]
        return limits

    def _note_line(self, line: Line) -> float | None:
        self._noted(line.interrupt)
        return self._deadlines.at()

    def _note_connection(self, event: str, info: Mapping[str, Any]) -> None:
        if event.endswith(_CONNECTED):
            self._noted(_shutdown_of(info["return_value"]))

    def _noted(self, cut: Callable[[], None]) -> None:
        """Know how to end the wait; if that was wanted while there was no connection yet, end it now."""
        self._cut = cut
        if self._stopped.is_set():
            self._hang_up()

    def _hang_up(self) -> None:
        if self._cut is not None:
            with contextlib.suppress(OSError):
                self._cut()

    def _wait(self, wait: Callable[[], T]) -> T:
        try:
            data = wait()
        except (TimeoutError, httpx.ReadTimeout, httpx.WriteTimeout):
            raise self._timed_out() from None
        except FAILURES as error:
            if self._stopped.is_set():
                raise Interrupted from None
            raise self._translated(error) from error
        if self._stopped.is_set():
            raise Interrupted
        return data

    def _timed_out(self) -> ReadTimedOut:
        limit = self._deadlines.missed()
        return ReadTimedOut(limit.phase, limit.budget_s, request=self.request)

    def _translated(self, error: Exception) -> OllamaError:
        in_body = self._response is not None
        return translate(error, in_body=in_body, connect_s=self._timeouts.connect_s)


def _cut_of(response: httpx.Response) -> Callable[[], None] | None:
    """What ends a reply that httpx reads; None if it is over, or comes over no connection of httpx's."""
    stream = None if response.is_stream_consumed else response.extensions.get("network_stream")
    return _shutdown_of(stream) if stream is not None else None


def _shutdown_of(stream: Any) -> Callable[[], None]:
    sock: socket.socket = stream.get_extra_info("socket")
    return lambda: sock.shutdown(socket.SHUT_RDWR)
