"""The other end as a process of its own: ready-made replies, uploads that are counted, and moments of hanging up.

The path says what is asked for: /<shape>/<lines>/<streams>/api/chat, where the shapes are back-to-back, coalesced,
paced and spoken (which begin when all streams are there) and endless. Requests of HTTP/1.0 are answered with the lines
alone, in no chunks. /api/blobs/... takes uploads; /gone tells when endless replies were left.
"""

from __future__ import annotations

import asyncio
import json
import re
import selectors
import sys
import time
from contextlib import suppress

from tests.bench.client.pace import INTERVALS_S, Pace
from tests.bench.client.wire import HEAD, LAST_CHUNK, chunk, chunked, lines_of

_PIECE_BYTES = 64 * 1024
_UPLOAD_BYTES = 256 * 1024


class Server:
    """What the processes that read and write share."""

    def __init__(self) -> None:
        self.gone: list[float] = []
        self.uploaded = 0
        self._paces: dict[tuple[str, int], Pace] = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """All requests of one connection."""
        with suppress(ConnectionError, asyncio.IncompleteReadError):
            while True:
                await self._answer(reader, writer)
        writer.close()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
        method, path, version = head.split("\r\n", 1)[0].split(" ")
        if "/api/blobs/" in path:
            await self._take_blob(method, head, reader, writer)
            return
        found = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        await reader.readexactly(int(found.group(1)) if found else 0)
        _, shape, *rest = path.split("/")
        if shape == "gone":
            _whole(writer, self.gone)
        elif shape == "endless":
            await self._endless(reader, writer)
        else:
            framed = version == "HTTP/1.1"
            writer.write(HEAD if framed else b"HTTP/1.0 200 OK\r\n\r\n")
            await self._reply(shape, int(rest[0]), int(rest[1]), writer, framed=framed)
        await writer.drain()
        if version == "HTTP/1.0":
            raise ConnectionResetError

    async def _reply(self, shape: str, lines: int, streams: int, writer: asyncio.StreamWriter, *, framed: bool) -> None:
        if shape in INTERVALS_S:
            pieces = [*map(chunk, lines_of(lines)), LAST_CHUNK] if framed else lines_of(lines)
            await self._paces.setdefault((shape, streams), Pace(shape, streams)).write(pieces, writer)
        else:
            await _in_pieces(chunked(shape, lines) if framed else b"".join(lines_of(lines)), writer)

    async def _endless(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Thirty lines a second until the other side leaves: the moment is kept."""
        writer.write(HEAD)
        line = chunk(lines_of(2)[0])
        try:
            while True:
                writer.write(line)
                with suppress(TimeoutError):
                    async with asyncio.timeout(1 / 30):
                        await reader.read(1)
                        raise ConnectionResetError
        finally:
            self.gone.append(time.monotonic())

    async def _take_blob(
        self, method: str, head: str, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
    ) -> None:
        if method == "HEAD":
            writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        found = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
        self.uploaded = await (_counted(reader, int(found.group(1))) if found else _counted_chunks(reader))
        writer.write(b"HTTP/1.1 201 Created\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()


async def _in_pieces(body: bytes, writer: asyncio.StreamWriter) -> None:
    view = memoryview(body)
    for at in range(0, len(view), _PIECE_BYTES):
        writer.write(view[at : at + _PIECE_BYTES])
        await writer.drain()


async def _counted(reader: asyncio.StreamReader, length: int) -> int:
    read = 0
    while read < length:
        data = await reader.read(min(_UPLOAD_BYTES, length - read))
        if not data:
            raise ConnectionResetError
        read += len(data)
    return read


async def _counted_chunks(reader: asyncio.StreamReader) -> int:
    read = 0
    while size := int(await reader.readuntil(b"\r\n"), 16):
        read += await _counted(reader, size)
        await reader.readexactly(2)
    await reader.readexactly(2)
    return read


def _whole(writer: asyncio.StreamWriter, value: object) -> None:
    body = json.dumps(value).encode()
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


async def _listen() -> None:
    server = await asyncio.start_server(Server().serve, "127.0.0.1", 0, limit=_UPLOAD_BYTES)
    sys.stdout.write(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    # select() waits for microseconds; epoll, as asyncio uses it, for whole milliseconds: too coarse for a pace.
    with asyncio.Runner(loop_factory=lambda: asyncio.SelectorEventLoop(selectors.SelectSelector())) as runner:
        runner.run(_listen())
