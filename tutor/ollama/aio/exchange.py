"""One request and its reply over asyncio: sends, waits no longer than allowed, hands out raw bytes, lets go."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Mapping
from typing import Any, Protocol, TypeVar

import httpx

from tutor.ollama.aio.connection import Connection
from tutor.ollama.aio.runtime import Event, Interrupted, Scope, current
from tutor.ollama.direct import EXTENSION
from tutor.ollama.errors import LineTooLong, OllamaError, ReadTimedOut
from tutor.ollama.httpx_errors import FAILURES, translate
from tutor.ollama.responses import MAX_BODY_BYTES, MAX_ERROR_BYTES, ContentCheck, error_of_response
from tutor.ollama.retries import Retries
from tutor.ollama.timeouts import Deadlines, Timeouts

# After the final object a server needs this long at most to end the body, so that the connection can be used again.
_DRAIN_S = 0.05
_DRAIN_BYTES = 64 * 1024

_CONNECTED = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")

T = TypeVar("T")


class _Closable(Protocol):
    async def aclose(self) -> None: ...


class Exchange:
    """One HTTP exchange. `open`, then `read` until b"", then `aclose`; or `aclose` at any point.

    All waiting is bounded by the `Timeouts`; all failures are `OllamaError`s. A `read` that was cancelled can be
    repeated.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        request: httpx.Request,
        timeouts: Timeouts,
        retries: Retries,
        *,
        streamed: bool,
    ) -> None:
        self._http = http
        self.request = request
        self._connect_s = timeouts.connect_s
        self.repeats = retries
        self.auth: Any = httpx.USE_CLIENT_DEFAULT
        self._runtime = current()
        self._deadlines = Deadlines(timeouts, streamed=streamed, clock=self._runtime.time)
        self.status_code = 0
        self._response: httpx.Response | None = None
        self._chunks: AsyncIterator[bytes] | None = None
        self._connection: Connection | None = None
        self._content: ContentCheck | None = None
        self._scope: Scope | None = None
        self._interrupted = False
        self._unused: _Closable | None = None
        self._reading: asyncio.Task[bytes] | None = None
        request.extensions = {**request.extensions, "trace": self._note_connection}

    async def open(self) -> None:
        """Send the request and take the headers; again, where that is harmless.

        Raises `ResponseError` for a status other than success.
        """
        attempt = 0
        while True:
            attempt += 1
            try:
                await self._open_once()
            except OllamaError as error:
                self._deadlines.again()
                pause_s = self.repeats.pause_s(attempt, error)
                if pause_s is None or not self._deadlines.allows(pause_s):
                    raise
                await self._let_go()
            else:
                return
            await self._wait(self._runtime.sleep(pause_s))

    async def _open_once(self) -> None:
        response = await self._wait(self._http.send(self.request, stream=True, auth=self.auth))
        self._deadlines.heard()
        self._response = response
        self.status_code = response.status_code
        self._connection = None if response.is_stream_consumed else response.extensions.get(EXTENSION)
        # Raw bytes: nobody asked for compression, and a small body that swells is an attack.
        self._chunks = _once(response.content) if response.is_stream_consumed else response.aiter_raw()
        if not response.is_success:
            body = b""
            with contextlib.suppress(OllamaError):  # the status says enough
                body = await self.read_all(MAX_ERROR_BYTES)
            raise error_of_response(response, body)
        self._content = ContentCheck(response.headers)

    async def read(self) -> bytes:
        """The next bytes of the body; b"" at its end. May be cancelled, and called again."""
        by_itself = self._connection is not None or not self._runtime.is_asyncio
        if by_itself and self._reading is None:
            return await self._read()
        # httpx closes a connection on which a wait is cancelled: there a task of its own waits.
        if self._reading is None:
            self._reading = self._runtime.key.create_task(self._read())
        await asyncio.wait([self._reading])
        reading, self._reading = self._reading, None
        return reading.result()

    def rest(self, seconds: float) -> None:
        """Take nothing from the connection for so long. httpx reads chunk by chunk, and would fall behind."""
        if self._connection is not None:
            self._connection.rest(seconds)

    async def _read(self) -> bytes:
        if self._chunks is None:
            await self.open()
        connection, chunks = self._connection, self._chunks
        if connection is not None:
            data = await self._read_directly(connection)
        else:
            assert chunks is not None  # noqa: S101 - it is open
            data = await self._wait(anext(chunks, b""))
        self._deadlines.begun()
        if self._content is not None and self._content.doubted:
            self._content.look_at(data)
        return data

    @property
    def is_doubtful(self) -> bool:
        """Whether the reply is said to be something else than JSON, and no byte of it has told otherwise."""
        return self._content is not None and bool(self._content.doubted)

    async def _read_directly(self, connection: Connection) -> bytes:
        if self._interrupted:
            raise Interrupted
        try:
            return await connection.read(self._deadlines.at())
        except TimeoutError:
            raise self._timed_out() from None
        except httpx.HTTPError as error:
            raise self._translated(error) from error

    async def read_all(self, max_bytes: int = MAX_BODY_BYTES) -> bytes:
        """The whole body. Raises `LineTooLong` beyond `max_bytes`."""
        body = bytearray()
        while data := await self._read():
            body += data
            if len(body) > max_bytes:
                raise LineTooLong(f"the reply exceeds {max_bytes} bytes", request=self.request)
        return bytes(body)

    async def drain(self) -> None:
        """Read to the end if it is near, so that the connection can serve again."""
        with contextlib.suppress(OllamaError, TimeoutError, Interrupted):
            async with self._runtime.timeout_at(self._runtime.time() + _DRAIN_S):
                await self.read_all(_DRAIN_BYTES)

    async def interrupt(self, released: Event) -> None:
        """Make the wait of another task end, with `Interrupted`, and wait until it has let go."""
        self._interrupted = True
        if self._connection is not None:
            self._connection.interrupt()
        if self._scope is not None:
            with contextlib.suppress(RuntimeError):  # its own time had just run out
                self._scope.reschedule(self._runtime.time())
        await released.wait()

    async def aclose(self) -> None:
        """Let go of the connection: back to the pool if the body was read to its end, closed if not."""
        reading, self._reading = self._reading, None
        if reading is not None:
            reading.cancel()
            await asyncio.wait([reading])
            if not reading.cancelled():
                reading.exception()  # nobody else will ask for it
        await self._let_go()

    async def _let_go(self) -> None:
        response, self._response = self._response, None
        unused, self._unused = self._unused, None
        self._connection = None
        for held in (response, unused):
            if held is not None:
                with contextlib.suppress(httpx.HTTPError):
                    await held.aclose()

    def abandon(self) -> None:
        """Let go soon, for a stream that nobody holds any more; from any thread."""
        self._runtime.spawn(self.aclose)

    @property
    def is_open(self) -> bool:
        """Whether a connection is held."""
        return self._response is not None or self._unused is not None or self._reading is not None

    async def _note_connection(self, event: str, info: Mapping[str, Any]) -> None:
        """Remember a new connection until the request is on it.

        A wait cancelled between the two leaves it open in httpcore's pool (1.0), used by nobody and never closed.
        """
        if event.endswith(_CONNECTED):
            self._unused = info["return_value"]
        elif event.endswith(".send_request_headers.started"):
            self._unused = None

    async def _wait(self, waiting: Awaitable[T]) -> T:
        try:
            async with self._runtime.timeout_at(self._deadlines.at()) as self._scope:
                if self._interrupted:
                    self._scope.reschedule(self._runtime.time())
                return await waiting
        except TimeoutError:
            if self._interrupted:
                raise Interrupted from None
            raise self._timed_out() from None
        except FAILURES as error:
            raise self._translated(error) from error
        finally:
            self._scope = None

    def _timed_out(self) -> ReadTimedOut:
        limit = self._deadlines.missed()
        return ReadTimedOut(limit.phase, limit.budget_s, request=self.request)

    def _translated(self, error: Exception) -> OllamaError:
        return translate(error, self.request, in_body=self._response is not None, connect_s=self._connect_s)


async def _once(content: bytes) -> AsyncIterator[bytes]:
    """The body that somebody's event hook has read already."""
    yield content
