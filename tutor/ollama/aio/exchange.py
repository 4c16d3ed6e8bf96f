"""One request and its reply over asyncio: sends, waits no longer than allowed, hands out raw bytes, lets go."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Any, Protocol, TypeVar

import httpx

from tutor.ollama.errors import LineTooLong, OllamaError, ReadTimedOut, WrongContentType
from tutor.ollama.timeouts import Deadlines, Timeouts
from tutor.ollama.translation import translate
from tutor.ollama.wire import error_of_body

MAX_BODY_BYTES = 64 * 1024 * 1024
_MAX_ERROR_BYTES = 1024 * 1024
# After the final object a server needs this long at most to end the body, so that the connection can be used again.
_DRAIN_S = 0.05
_DRAIN_BYTES = 64 * 1024
_JSON_TYPES = ("application/json", "application/x-ndjson", "application/ndjson")

_CONNECTED = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")

T = TypeVar("T")


class _Closable(Protocol):
    async def aclose(self) -> None: ...


class Interrupted(Exception):
    """The exchange was ended by its own side while it waited."""


class Exchange:
    """One HTTP exchange. `open`, then `read` until b"", then `aclose`; or `aclose` at any point.

    All waiting is bounded by the `Timeouts`; all failures are `OllamaError`s. A cancelled wait closes the connection.
    """

    def __init__(self, http: httpx.AsyncClient, request: httpx.Request, timeouts: Timeouts, *, streamed: bool) -> None:
        self._http = http
        self._request = request
        self._connect_s = timeouts.connect_s
        self.loop = asyncio.get_running_loop()
        self._deadlines = Deadlines(timeouts, streamed=streamed, clock=self.loop.time)
        self._response: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._scope: asyncio.Timeout | None = None
        self._interrupted = False
        self._unused: _Closable | None = None
        request.extensions = {**request.extensions, "trace": self._note_connection}

    async def open(self) -> None:
        """Send the request and take the headers. Raises `ResponseError` for a status other than success."""
        response = await self._wait(self._http.send(self._request, stream=True))
        self._response = response
        # Raw bytes: nobody asked for compression, and a small body that swells is an attack.
        self._chunks = response.aiter_raw()
        if not response.is_success:
            raise await self._error(response)
        _check_headers(response.headers)

    async def read(self) -> bytes:
        """The next bytes of the body; b"" at its end."""
        if self._chunks is None:
            await self.open()
            return await self.read()
        data = await self._wait(anext(self._chunks, b""))
        self._deadlines.begun()
        return data

    async def read_all(self, max_bytes: int = MAX_BODY_BYTES) -> bytes:
        """The whole body. Raises `LineTooLong` beyond `max_bytes`."""
        body = bytearray()
        while data := await self.read():
            body += data
            if len(body) > max_bytes:
                raise LineTooLong(f"the reply exceeds {max_bytes} bytes", request=self._request)
        return bytes(body)

    async def drain(self) -> None:
        """Read to the end if it is near, so that the connection can serve again."""
        with contextlib.suppress(OllamaError, TimeoutError):
            async with asyncio.timeout(_DRAIN_S):
                await self.read_all(_DRAIN_BYTES)

    def interrupt(self) -> None:
        """Make the wait of another task end at once, with `Interrupted`."""
        self._interrupted = True
        if self._scope is not None:
            with contextlib.suppress(RuntimeError):  # its own time had just run out
                self._scope.reschedule(self.loop.time())

    async def aclose(self) -> None:
        """Let go of the connection: back to the pool if the body was read to its end, closed if not."""
        response, self._response = self._response, None
        unused, self._unused = self._unused, None
        for held in (response, unused):
            if held is not None:
                with contextlib.suppress(httpx.HTTPError):
                    await held.aclose()

    @property
    def is_open(self) -> bool:
        """Whether a connection is held."""
        return self._response is not None or self._unused is not None

    async def _note_connection(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember a new connection until the request is on it.

        A wait cancelled between the two leaves it open in httpcore's pool (1.0), used by nobody and never closed.
        """
        if event.endswith(_CONNECTED):
            self._unused = info["return_value"]
        elif event.endswith(".send_request_headers.started"):
            self._unused = None

    async def _error(self, response: httpx.Response) -> OllamaError:
        body = b""
        with contextlib.suppress(OllamaError):  # the status says enough
            body = await self.read_all(_MAX_ERROR_BYTES)
        kind = response.headers.get("content-type", "")
        return error_of_body(response.status_code, response.reason_phrase, body, kind)

    async def _wait(self, waiting: Awaitable[T]) -> T:
        limit = self._deadlines.next()
        try:
            async with asyncio.timeout_at(limit.at) as self._scope:
                if self._interrupted:
                    self._scope.reschedule(self.loop.time())
                return await waiting
        except TimeoutError:
            if self._interrupted:
                raise Interrupted from None
            raise ReadTimedOut(limit.phase, limit.budget_s, request=self._request) from None
        except httpx.HTTPError as error:
            in_body = self._response is not None
            raise translate(error, in_body=in_body, connect_s=self._connect_s) from error
        finally:
            self._scope = None


def _check_headers(headers: httpx.Headers) -> None:
    kind = headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind and kind not in _JSON_TYPES:
        raise WrongContentType(f"the reply is {kind[:80]}, not JSON")
    if headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise WrongContentType("the reply is compressed, which nobody asked for")
