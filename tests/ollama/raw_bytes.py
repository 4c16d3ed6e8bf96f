"""A server that sends bytes as they are given: what the client makes of them is the test's whole concern."""

from __future__ import annotations

import asyncio
import contextlib
import re
from collections.abc import Sequence
from typing import NamedTuple

from tutor.ollama.testing.listener import Listener, Open

_NUMBER = re.compile(rb'"model":"(\d+)"')
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


class Answer(NamedTuple):
    """All bytes of an answer, in the pieces that are written apart; with `closes` the server says no more."""

    pieces: Sequence[bytes]
    closes: bool = True


class RawServer(Listener):
    """Answers a request for model "17" with `answers[17]`.

    A connection counts as open until the client has closed it: the server never hangs up, it only stops talking.
    """

    def __init__(self) -> None:
        super().__init__()
        self.answers: dict[int, Answer] = {}
        self.wires: set[Wire] = set()

    def connection(self) -> asyncio.Protocol:
        return Wire(self)

    def open(self) -> list[Open]:
        return list(self.wires)


class Wire(asyncio.Protocol):
    """One connection; serves one request after the other."""

    transport: asyncio.Transport

    def __init__(self, server: RawServer) -> None:
        self._server = server
        self._received = b""
        self._task: asyncio.Task[None] | None = None
        self._is_done = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self.transport = transport
        self._server.wires.add(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self._server.wires.discard(self)

    def data_received(self, data: bytes) -> None:
        self._received += data
        head, end, body = self._received.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if self._is_done or not end or len(body) < (int(length[1]) if length else 0):
            return
        self._received = b""
        number = _NUMBER.search(body)
        answer = self._server.answers[int(number[1])] if number else Answer([])
        self._task = asyncio.get_running_loop().create_task(self._say(answer))

    async def _say(self, answer: Answer) -> None:
        for piece in answer.pieces:
            if self.transport.is_closing():
                return
            self.transport.write(piece)
            await asyncio.sleep(0)
        if answer.closes and not self.transport.is_closing():
            self._is_done = True
            with contextlib.suppress(OSError):  # the client was quicker
                self.transport.write_eof()
