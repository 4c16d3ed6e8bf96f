"""A process that reads replies with one client, and prints what that cost it as JSON.

    python -m tests.bench.client.reading ours aio back-to-back 20000 1 http://127.0.0.1:1234

The processor time counts from before the call until after the last line, of all threads together, after one reply that
warms everything up. The text must have come whole.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from tests.bench.client.wire import MODEL, text

LIBRARIES = {"ours": "tutor.ollama", "published": "ollama"}
_WARM_UP_LINES = 1000
_MESSAGES = [{"role": "user", "content": "Say good morning in Spanish."}]
_KIB = 1024


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


@dataclass(frozen=True)
class Cost:
    """What the reading took, for all lines of all streams together. The growth counts from after the warm-up."""

    cpu_s: float
    wall_s: float
    grown_kib: int


class Meter:
    """Counts from its making until `cost`."""

    def __init__(self) -> None:
        self._rss_kib = _forget_peak_kib()
        self._wall_s = time.perf_counter()
        self._cpu_s = time.process_time()

    def cost(self) -> Cost:
        cpu_s = time.process_time() - self._cpu_s
        wall_s = time.perf_counter() - self._wall_s
        return Cost(cpu_s, wall_s, _memory_kib("VmHWM") - self._rss_kib)


def _forget_peak_kib() -> int:
    """Makes the present use of memory the highest so far; that use."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory_kib("VmRSS")


def _memory_kib(field: str) -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{field}:")[2].split(None, 1)[0])


async def _read_aio(task: Task) -> Cost:
    client_class = importlib.import_module(LIBRARIES[task.library]).AsyncClient
    await _one_aio(client_class(task.host(_WARM_UP_LINES)), _WARM_UP_LINES)
    client = client_class(task.host(task.lines))
    meter = Meter()
    texts = await asyncio.gather(*(_one_aio(client, task.lines) for _ in range(task.streams)))
    cost = meter.cost()
    _check(texts, task.lines)
    return cost


async def _one_aio(client: Any, lines: int) -> list[str]:
    return [chunk.message.content async for chunk in await client.chat(MODEL, _MESSAGES, stream=True)]


def _read_sync(task: Task) -> Cost:
    client_class = importlib.import_module(LIBRARIES[task.library]).Client
    _one_sync(client_class(task.host(_WARM_UP_LINES)))
    client = client_class(task.host(task.lines))
    meter = Meter()
    texts = [_one_sync(client)]
    cost = meter.cost()
    _check(texts, task.lines)
    return cost


def _one_sync(client: Any) -> list[str]:
    return [chunk.message.content for chunk in client.chat(MODEL, _MESSAGES, stream=True)]


class _Bare(asyncio.Protocol):
    """No HTTP, no models, no timeouts: splits and decodes, which is the least that anything can do."""

    def __init__(self, task: Task, lines: int) -> None:
        path = urlsplit(task.host(lines)).path
        self._request = f"POST {path}/api/chat HTTP/1.0\r\ncontent-length: 0\r\n\r\n".encode()
        self._rest = b""
        self._in_body = False
        self.said: list[str] = []
        self.ended: asyncio.Future[list[str]] = asyncio.get_running_loop().create_future()

    def connection_made(self, transport: Any) -> None:
        transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        data = self._rest + data
        if not self._in_body:
            self._in_body = True
            data = data.partition(b"\r\n\r\n")[2]
        *lines, self._rest = data.split(b"\n")
        self.said += [json.loads(line)["message"]["content"] for line in lines]

    def connection_lost(self, error: Exception | None) -> None:
        self.ended.set_result(self.said)


async def _read_bare(task: Task) -> Cost:
    await _one_bare(task, _WARM_UP_LINES)
    meter = Meter()
    texts = await asyncio.gather(*(_one_bare(task, task.lines) for _ in range(task.streams)))
    cost = meter.cost()
    _check(texts, task.lines)
    return cost


async def _one_bare(task: Task, lines: int) -> list[str]:
    at = urlsplit(task.base_url)
    loop = asyncio.get_running_loop()
    _, bare = await loop.create_connection(lambda: _Bare(task, lines), at.hostname or "", at.port or 0)
    return await bare.ended


def _check(texts: list[list[str]], lines: int) -> None:
    whole = text(lines)
    for said in texts:
        assert len(said) == lines, f"{len(said)} of {lines} lines came"
        assert "".join(said) == whole, "the text came in another shape"


def read(task: Task) -> Cost:
    """The cost of reading."""
    if task.library == "bare":
        return asyncio.run(_read_bare(task))
    return asyncio.run(_read_aio(task)) if task.twin == "aio" else _read_sync(task)


def main(arguments: list[str]) -> None:
    print(json.dumps(asdict(read(Task.of(*arguments)))))


if __name__ == "__main__":
    main(sys.argv[1:])
