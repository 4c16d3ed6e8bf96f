"""A process that reads replies with one client, and prints what that cost it as JSON.

    python -m tests.bench.client.reading '{"library": "ours", "twin": "aio", "shape": "coalesced", ...}'

The processor time counts from before the call until after the last line, of all threads together, after one reply that
warms everything up. The text must have come whole.
"""

from __future__ import annotations

import asyncio
import json
import sys
from dataclasses import asdict, dataclass, replace
from functools import partial
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
    """Who reads what: `streams` replies of `lines` lines each at once, so many `times` in turn.

    With `every_s` ours is read in batches that are so many seconds apart.
    """

    library: str
    twin: str
    shape: str
    lines: int
    streams: int
    times: int
    base_url: str
    every_s: float | None = None

    @property
    def host(self) -> str:
        return f"{self.base_url}/{self.shape}/{self.lines}/{self.streams}"

    @property
    def warm_up(self) -> Task:
        return replace(self, shape="back-to-back", lines=_WARM_UP_LINES, streams=1)


async def _read_aio(task: Task) -> Cost:
    make = client_class(task.library, "aio")
    await _one_aio(make(task.warm_up.host))
    client = make(task.host)
    meter = Meter()
    read = _one_aio if task.every_s is None else partial(_one_in_batches, every_s=task.every_s)
    texts = [await asyncio.gather(*(read(client) for _ in range(task.streams))) for _ in range(task.times)]
    cost = meter.cost()
    _check(texts, task.lines)
    return cost


async def _one_in_batches(client: Any, every_s: float) -> str:
    said = StringIO()
    async for chunks in (await client.chat(MODEL, _MESSAGES, stream=True)).in_batches(every_s):
        said.write("".join([chunk.message.content for chunk in chunks]))
    return said.getvalue()


async def _one_aio(client: Any) -> str:
    said = StringIO()
    async for chunk in await client.chat(MODEL, _MESSAGES, stream=True):
        said.write(chunk.message.content)
    return said.getvalue()


def _read_sync(task: Task) -> Cost:
    make = client_class(task.library, "sync")
    _one_sync(make(task.warm_up.host))
    client = make(task.host)
    meter = Meter()
    texts = [[_one_sync(client)] for _ in range(task.times)]
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

    def __init__(self, task: Task) -> None:
        path = urlsplit(task.host).path
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
    await _one_bare(task.warm_up)
    meter = Meter()
    texts = [await asyncio.gather(*(_one_bare(task) for _ in range(task.streams))) for _ in range(task.times)]
    cost = meter.cost()
    _check(texts, task.lines)
    return cost


async def _one_bare(task: Task) -> str:
    at = urlsplit(task.base_url)
    loop = asyncio.get_running_loop()
    _, bare = await loop.create_connection(lambda: _Bare(task), at.hostname or "", at.port or 0)
    return await bare.ended


def _check(texts: list[list[str]], lines: int) -> None:
    whole = text(lines)
    assert all(said == whole for together in texts for said in together), "the text did not come whole"


def read(task: Task) -> Cost:
    """The cost of reading."""
    if task.library == "bare":
        return asyncio.run(_read_bare(task))
    return asyncio.run(_read_aio(task)) if task.twin == "aio" else _read_sync(task)


def main(task: str) -> None:
    print(json.dumps(asdict(read(Task(**json.loads(task))))))


if __name__ == "__main__":
    main(*sys.argv[1:])
