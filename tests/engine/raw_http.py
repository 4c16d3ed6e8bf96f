"""Requests over a bare socket: what a client library would hide (framing, header case, hanging up) is seen here."""

from __future__ import annotations

import asyncio
import json
import time
import urllib.parse
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Target:
    base_url: str
    headers: Mapping[str, str]

    @property
    def port(self) -> int:
        port = urllib.parse.urlsplit(self.base_url).port
        assert port is not None
        return port


@dataclass
class Response:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    chunks: list[bytes] = field(default_factory=list)

    @property
    def body(self) -> bytes:
        return b"".join(self.chunks)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.body.splitlines()]

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def request_bytes(
    target: Target, method: str, path: str, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> bytes:
    sent = {"Host": f"127.0.0.1:{target.port}", **target.headers, "Content-Length": str(len(body)), **(headers or {})}
    head = "".join(f"{name}: {value}\r\n" for name, value in sent.items())
    return f"{method} {path} HTTP/1.1\r\n{head}\r\n".encode() + body


@asynccontextmanager
async def connection(target: Target) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", target.port, limit=1 << 20)
    try:
        yield reader, writer
    finally:
        writer.close()
        with suppress(OSError):
            await writer.wait_closed()


async def read_response(reader: asyncio.StreamReader, method: str) -> Response:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    response = Response(int(head[0].split(" ")[1]))
    response.headers = dict(line.split(": ", 1) for line in head[1:] if line)
    if method == "HEAD":
        return response
    if response.headers.get("Transfer-Encoding") == "chunked":
        while size := int(await reader.readline(), 16):
            response.chunks.append(await reader.readexactly(size))
            await reader.readexactly(2)
        await reader.readexactly(2)
    elif length := int(response.headers["Content-Length"]):
        response.chunks.append(await reader.readexactly(length))
    return response


def to_json(value: Any) -> bytes:
    return json.dumps(value).encode()


async def exchange(
    target: Target, method: str, path: str, body: Any = None, headers: Mapping[str, str] | None = None
) -> Response:
    """One request on a connection of its own; `body` is JSON unless it is bytes already."""
    data = body if isinstance(body, bytes) else b"" if body is None else to_json(body)
    async with connection(target) as (reader, writer):
        writer.write(request_bytes(target, method, path, data, headers))
        return await read_response(reader, method)


async def seconds_of(waiting: Any) -> tuple[float, Any]:
    began_s = time.monotonic()
    result = await waiting
    return time.monotonic() - began_s, result


def chat(model: str, text: str = "hola", **others: Any) -> dict[str, Any]:
    return {"model": model, "messages": [{"role": "user", "content": text}], **others}
