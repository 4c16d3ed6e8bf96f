"""One client's connection: request after request, and the work for a client that has left is given up."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from http import HTTPStatus
from typing import Final, cast

import h11

from tutor.engine.wire import (
    NDJSON,
    Answer,
    Lines,
    Malformed,
    Request,
    end_of,
    framed,
    head_of,
    new_exchange,
    part_of,
    read_request,
)

IDLE_S: Final = 75.0
SLOWEST_READER_S: Final = 30.0
MOST_CONNECTIONS: Final = 64

Serve = Callable[[Request], Awaitable[Answer | Lines]]


class Connection(asyncio.StreamReaderProtocol):
    """The protocol of one connection; it knows the moment when the client is gone."""

    def __init__(self, serve: Serve, everyone: set[Connection]) -> None:
        super().__init__(asyncio.StreamReader(), self._talk)
        self._http = new_exchange()
        self._serve = serve
        self._everyone = everyone
        self._gone = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """A client has come; one too many is sent away without a word."""
        if len(self._everyone) >= MOST_CONNECTIONS:
            cast("asyncio.Transport", transport).abort()
            return
        self._everyone.add(self)
        super().connection_made(transport)

    def eof_received(self) -> bool | None:
        """The client will say no more, and so does not wait for an answer either."""
        self._gone.set()
        return super().eof_received()

    def connection_lost(self, exc: Exception | None) -> None:
        """The client is gone."""
        self._gone.set()
        self._everyone.discard(self)
        super().connection_lost(exc)

    async def _talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError, TimeoutError):
            while await self._exchange(reader, writer):
                pass
        writer.close()

    async def _exchange(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        try:
            async with asyncio.timeout(IDLE_S):
                request = await read_request(self._http, reader, writer)
        except Malformed as trouble:
            refusal = Answer(trouble.status, headers={"Connection": "close"})
            await _send(writer, framed(self._http, refusal, head_only=False))
            return False
        if request is None:
            return False
        stayed = await self._unless_gone(self._answer(request, writer))
        if not stayed or self._http.our_state is not h11.DONE:
            return False
        self._http.start_next_cycle()
        return True

    async def _unless_gone(self, work: Awaitable[None]) -> bool:
        """True when the work was done; a client that leaves ends it, and then False."""
        working = asyncio.ensure_future(work)
        leaving = asyncio.ensure_future(self._gone.wait())
        try:
            await asyncio.wait([working, leaving], return_when=asyncio.FIRST_COMPLETED)
            done = working.done()
        finally:
            leaving.cancel()
            working.cancel()
            await asyncio.wait([working])
        if done:
            working.result()
        return done

    async def _answer(self, request: Request, writer: asyncio.StreamWriter) -> None:
        answer = await self._serve(request)
        if isinstance(answer, Answer):
            await _send(writer, framed(self._http, answer, head_only=request.method == "HEAD"))
        else:
            await self._send_lines(writer, answer)

    async def _send_lines(self, writer: asyncio.StreamWriter, answer: Lines) -> None:
        head = head_of(self._http, HTTPStatus.OK, {"Content-Type": NDJSON})
        async with aclosing(answer.lines) as lines:
            async for line in lines:
                await _send(writer, head + part_of(self._http, line))
                head = b""
        await _send(writer, head + end_of(self._http))


async def _send(writer: asyncio.StreamWriter, data: bytes) -> None:
    writer.write(data)
    try:
        async with asyncio.timeout(SLOWEST_READER_S):
            await writer.drain()
    except TimeoutError:
        writer.transport.abort()
        raise
