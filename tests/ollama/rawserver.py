"""A server that answers with the bytes it is given: for what no proper server says."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from tutor.ollama.testing.received import PATIENCE_S

HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n"
VERSION = b'{"version":"9.9.9"}'


@dataclass(slots=True)
class Raw:
    """`answers` are said one a request, over and over; b"" closes the connection without an answer."""

    answers: Sequence[bytes]
    base_url: str = ""
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    open: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self.open += 1
        try:
            while (answer := await self._answer(reader)) is not None:
                writer.write(answer)
                await writer.drain()
                if not answer or b"Connection: close" in answer:
                    break
        except OSError:
            pass
        finally:
            self.open -= 1
            writer.close()

    async def _answer(self, reader: asyncio.StreamReader) -> bytes | None:
        try:
            self.requests.append(await reader.readuntil(b"\r\n\r\n"))
        except asyncio.IncompleteReadError:
            return None
        return self.answers[(len(self.requests) - 1) % len(self.answers)]


@asynccontextmanager
async def answering(*answers: bytes) -> AsyncIterator[Raw]:
    """A server with these answers, for requests without a body."""
    raw = Raw(answers)
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    raw.base_url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield raw
    finally:
        server.close()
        async with asyncio.timeout(PATIENCE_S):
            while raw.open:
                await asyncio.sleep(0.002)


def counted(body: bytes = VERSION, *fields: bytes) -> bytes:
    """A proper answer of a known length."""
    return HEAD + b"".join(line + b"\r\n" for line in (*fields, b"Content-Length: %d" % len(body))) + b"\r\n" + body


def chunked(body: bytes, *fields: bytes) -> bytes:
    """An answer whose body is in the chunked coding already."""
    return HEAD + b"".join(line + b"\r\n" for line in (*fields, b"Transfer-Encoding: chunked")) + b"\r\n" + body
