"""A reply that is still being written, as an object with an end."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Self

from tutor.ollama.accumulation import Accumulation
from tutor.ollama.aio.exchange import Exchange, Interrupted
from tutor.ollama.errors import Incomplete
from tutor.ollama.types import ChatResponse
from tutor.ollama.wire import StreamDecoder


class ChatStream:
    """The chunks of one chat reply.

        async with await client.chat(..., stream=True) as stream:
            async for chunk in stream: ...

    The request goes out with the first chunk asked for, and errors that have a status appear there. The loop ends
    after the chunk with `done: true`; a reply that ends otherwise raises `Incomplete`. Leaving the block, `aclose`
    (from any task of the same loop), cancellation and an error all close the connection, which stops the generation.
    """

    def __init__(self, begin: Callable[[], Exchange], decoder: StreamDecoder[ChatResponse]) -> None:
        self._begin = begin
        self._decoder = decoder
        self._exchange: Exchange | None = None
        self._ready: Iterator[ChatResponse] = iter(())
        self._accumulation = Accumulation()
        self._reading = False
        self._at_end = False
        self._closed = False
        self._released = asyncio.Event()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> ChatResponse:
        if self._reading:
            raise RuntimeError("another task is reading this stream")
        if self._closed:
            raise StopAsyncIteration
        self._reading = True
        try:
            chunk = await self._next()
        except BaseException as error:
            await self._release()
            if isinstance(error, Interrupted):
                raise StopAsyncIteration from None
            raise
        finally:
            self._reading = False
        if chunk is None or self._closed:  # closed by another task, which waits, just as a chunk came in
            await self._release()
        if chunk is None:
            raise StopAsyncIteration
        return chunk

    async def aclose(self) -> None:
        """Stop: close the connection, end a loop that waits for the next chunk. Harmless when repeated."""
        self._closed = True
        if self._reading and self._exchange is not None:
            self._exchange.interrupt()
            await self._released.wait()
            return
        await self._release()

    async def final(self) -> ChatResponse:
        """Read to the end; the whole reply as an unstreamed call would have given it, with the last counters."""
        async for _ in self:
            pass
        if not self._decoder.ended:
            raise Incomplete("no_done", self.partial)
        return self.partial

    @property
    def partial(self) -> ChatResponse:
        """What has been read so far, accumulated."""
        return self._accumulation.response()

    async def _next(self) -> ChatResponse | None:
        if self._exchange is None:
            self._exchange = self._begin()
        while True:
            chunk = next(self._ready, None)
            if chunk is not None:
                self._accumulation.add(chunk)
                return chunk
            if self._decoder.ended:
                return None
            if self._at_end:
                raise Incomplete("no_done", self.partial)
            data = await self._exchange.read()
            self._at_end = not data
            self._ready = self._decoder.feed(data) if data else self._decoder.finish()

    async def _release(self) -> None:
        self._closed = True
        try:
            if self._exchange is not None and self._exchange.is_open:
                if self._decoder.ended:
                    await self._exchange.drain()
                await self._exchange.aclose()
        finally:
            self._released.set()

    def __del__(self) -> None:
        # Dropped without being closed: the generation would go on for nobody.
        exchange = getattr(self, "_exchange", None)
        if exchange is not None and exchange.is_open and exchange.loop.is_running():
            exchange.loop.call_soon_threadsafe(_close_soon, exchange)


_closing: set[asyncio.Task[None]] = set()


def _close_soon(exchange: Exchange) -> None:
    task = asyncio.get_running_loop().create_task(exchange.aclose())
    _closing.add(task)
    task.add_done_callback(_closing.discard)
