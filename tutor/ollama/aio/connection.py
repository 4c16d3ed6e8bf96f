"""One connection over asyncio, straight from a protocol; see `tutor.ollama.aio.transport`."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable
from typing import cast

import httpx

from tutor.ollama.aio.runtime import Interrupted
from tutor.ollama.http1 import Reception

_MAX_READY_BYTES = 256 * 1024
_BUFFER_BYTES = 64 * 1024


class Connection(asyncio.BufferedProtocol):
    """One connection, which serves one request after the other.

    With a buffer of its own: asyncio would make room for 256 KiB anew for each arrival, however small.
    """

    def __init__(self) -> None:
        self._transport: asyncio.Transport | None = None
        self._loop = asyncio.get_running_loop()
        self._reception: Reception | None = None
        self._failure: Exception | None = None
        self._is_cut = False  # the request was not sent to its end
        self._waiter: asyncio.Future[None] | None = None
        self._buffer = memoryview(bytearray(_BUFFER_BYTES))
        self._paused = False
        self._was_full = False
        self._resting: asyncio.TimerHandle | None = None
        self._is_full = False
        self._ready_bytes = 0
        self._until: float | None = None
        self._alarm: asyncio.TimerHandle | None = None
        self.idle_since = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # Not all event loops derive theirs from it: uvloop does not.
        self._transport = cast("asyncio.Transport", transport)

    def get_buffer(self, sizehint: int) -> memoryview:
        return self._buffer

    def buffer_updated(self, nbytes: int) -> None:
        if self._reception is None:  # nobody asked for anything
            self.close()
            return
        self._take(bytes(self._buffer[:nbytes]))
        self._ready_bytes += nbytes
        self._was_full = nbytes == _BUFFER_BYTES
        # Where nothing is ready, nobody will take it and read on.
        if self._ready_bytes > _MAX_READY_BYTES and self._reception.ready:
            self._pause()

    def eof_received(self) -> None:
        self._take(b"")

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        if exc is None:
            self._take(b"")
        else:
            self._fail(httpx.ReadError(str(exc)))

    def pause_writing(self) -> None:
        self._is_full = True

    def resume_writing(self) -> None:
        self._is_full = False
        self._wake(None)

    @property
    def is_usable(self) -> bool:
        """Whether the connection can take a request."""
        return self._transport is not None and not self._transport.is_closing()

    def send(self, request: httpx.Request, content: bytes) -> Reception:
        """Begin an exchange."""
        reception = Reception(request.method)
        head = reception.request(request.url.raw_path, request.headers.raw)
        self._reception, self._failure, self._ready_bytes = reception, None, 0
        self._is_cut = False
        assert self._transport is not None  # noqa: S101 - the caller looked
        self._transport.write(head + content)
        return reception

    async def upload(self, reception: Reception, blocks: AsyncIterable[bytes], write_s: float | None) -> None:
        """Send the body of a request, each block within so many seconds. Ends early if the server answers or hangs up.

        Raises `TimeoutError`, and what `blocks` raises.
        """
        async for block in blocks:
            until = None if write_s is None else self._loop.time() + write_s
            while self._is_full and not self._is_answered(reception):
                await self._wait(until)
            if self._transport is None or self._is_answered(reception):
                self._is_cut = True
                return
            self._transport.write(block)

    async def read(self, until: float | None) -> bytes:
        """What has come of the body, at least one byte; b"" at its end.

        Raises `TimeoutError` at `until` (of the loop's clock), `Interrupted`, and httpx's errors.
        """
        # A server that is never silent leaves the alarm no wait to end.
        if until is not None and until <= self._loop.time():
            raise TimeoutError
        reception = self._reception
        assert reception is not None  # noqa: S101 - whoever reads has sent, and has not released
        while not reception.ready:
            if self._failure is not None:
                raise self._failure
            if reception.ended:
                return b""
            await self._wait(until)
        return self._hand_over(reception)

    def rest(self, seconds: float) -> None:
        """Leave what arrives in the socket for so long, unless more comes than one read can take."""
        if not self._was_full and self._resting is None:
            self._pause()
            self._resting = self._loop.call_later(seconds, self._rested)

    async def wait_for_head(self, reception: Reception, until: float | None) -> None:
        """Until the head is there. Raises as `read` does; most waits are bounded by whoever waits."""
        while reception.head is None:
            if self._failure is not None:
                raise self._failure
            await self._wait(until)

    def interrupt(self) -> None:
        """End the wait of another task, with `Interrupted`; also the one that it is about to begin."""
        self._failure = self._failure or Interrupted()
        self._wake(None)

    def close(self) -> None:
        """Hang up at once."""
        for timer in (self._alarm, self._resting):
            if timer is not None:
                timer.cancel()
        if self._transport is not None:
            self._transport.abort()

    def release(self) -> bool:
        """End the exchange; whether the connection may serve another."""
        reception, self._reception = self._reception, None
        good = reception is not None and reception.ended and reception.reusable and not reception.ready
        return good and self._failure is None and not self._is_cut and self.is_usable

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

    def _is_answered(self, reception: Reception) -> bool:
        return self._failure is not None or reception.head is not None

    def _fail(self, error: Exception) -> None:
        if self._reception is not None and not self._reception.ended and self._failure is None:
            self._failure = error
            self._wake(None)

    def _hand_over(self, reception: Reception) -> bytes:
        ready, reception.ready = reception.ready, []
        self._ready_bytes = 0
        if self._paused and self._resting is None:
            self._resume()
        return ready[0] if len(ready) == 1 else b"".join(ready)

    def _pause(self) -> None:
        if self._transport is not None and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def _resume(self) -> None:
        self._paused = False
        if self._transport is not None:
            self._transport.resume_reading()

    def _rested(self) -> None:
        self._resting = None
        self._resume()

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
