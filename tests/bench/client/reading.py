"""A process that reads replies with one client, and prints what that cost it as JSON.

    python -m tests.bench.client.reading ours aio back-to-back 20000 1 http://127.0.0.1:1234

The processor time counts from before the call until after the last line, of all threads together, after one reply that
warms everything up. The text must have come whole.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict, dataclass
from io import StringIO
from typing import Any
from urllib.parse import urlsplit

from tests.bench.client.meter import Cost, Meter
from tests.bench.client.names import client_class
from tests.bench.client.wire import MODEL, text

_WARM_UP_LINES = 1000
_MESSAGES = [{"role": "user", "content": "Say good morning in Spanish."}]


@dataclass(frozen=True)
class Task:
    """Who reads what: `streams` replies of `lines` lines each, at once."""

    library: str
    twin: str
    shape: str
    lines: int
    streams: int
    base_url: str

    @classmethod
    def of(cls, library: str, twin: str, shape: str, lines: str, streams: str, base_url: str) -> Task:
        return cls(library, twin, shape, int(lines), int(streams), base_url)

    @property
    def arguments(self) -> list[str]:
        """What `of` reads."""
        return [self.library, self.twin, self.shape, str(self.lines), str(self.streams), self.base_url]

    def host(self, lines: int) -> str:
        return f"{self.base_url}/{self.shape}/{lines}"


async def _read_aio(task: Task) -> Cost:
    make = client_class(task.library, "aio")
    await _one_aio(make(task.host(_WARM_UP_LINES)))
    client = make(task.host(task.lines))
    meter = Meter()
    texts = await asyncio.gather(*(_one_aio(client) for _ in range(task.streams)))
    cost = meter.cost()
    _check(texts, task.lines)
    return cost


async def _one_aio(client: Any) -> str:
    said = StringIO()
    async for chunk in await client.chat(MODEL, _MESSAGES, stream=True):
        said.write(chunk.message.content)
    return said.getvalue()


def _read_sync(task: Task) -> Cost:
    make = client_class(task.library, "sync")
    _one_sync(make(task.host(_WARM_UP_LINES)))
    client = make(task.host(task.lines))
    meter = Meter()
    texts = [_one_sync(client)]
    cost = meter.cost()
    _check(texts, task.lines)
    return cost


def _one_sync(client: Any) -> str:
    said = StringIO()
    for chunk in client.chat(MODEL, _MESSAGES, stream=True):
        said.write(chunk.message.content)
    return said.getvalue()


class _Bare(asyncio.Protocol):
    """No HTTP, no models, no timeouts: splits and decodes, which is the least that anything can do."""

    def __init__(self, task: Task, lines: int) -> None:
        path = urlsplit(task.host(lines)).path
        self._request = f"POST {path}/api/chat HTTP/1.0\r\ncontent-length: 0\r\n\r\n".encode()
        self._rest = b""
        self._in_body = False
        self.said = StringIO()
        self.ended: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        if not self._in_body:
            self._in_body = True
            data = data.partition(b"\r\n\r\n")[2]
        *lines, self._rest = data.split(b"\n")
        for line in lines:
            self.said.write(json.loads(line)["message"]["content"])

    def connection_lost(self, error: Exception | None) -> None:
        self.ended.set_result(self.said.getvalue())


async def _read_bare(task: Task) -> Cost:
    await _one_bare(task, _WARM_UP_LINES)
    meter = Meter()
    texts = await asyncio.gather(*(_one_bare(task, task.lines) for _ in range(task.streams)))
    cost = meter.cost()
    _check(texts, task.lines)
    return cost


async def _one_bare(task: Task, lines: int) -> str:
    at = urlsplit(task.base_url)
    loop = asyncio.get_running_loop()
    _, bare = await loop.create_connection(lambda: _Bare(task, lines), at.hostname or "", at.port or 0)
    return await bare.ended


def _check(texts: list[str], lines: int) -> None:
    whole = text(lines)
    assert all(said == whole for said in texts), "the text did not come whole"


def read(task: Task) -> Cost:
    """The cost of reading."""
    if task.library == "bare":
        return asyncio.run(_read_bare(task))
    return asyncio.run(_read_aio(task)) if task.twin == "aio" else _read_sync(task)


def main(arguments: list[str]) -> None:
    print(json.dumps(asdict(read(Task.of(*arguments)))))


if __name__ == "__main__":
    main(sys.argv[1:])
