"""Too much of something, or something else altogether."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from functools import cache
from itertools import chain, count

from tutor.ollama.testing.faults.scripted import end
from tutor.ollama.testing.replies import NDJSON, Reply, Step
from tutor.ollama.testing.wire import CHAT, line


def huge_line(size_bytes: int = 1_000_000, *, path: str = CHAT) -> Reply:
    """One line of this size, in pieces of 16 KiB, then the end."""
    words = "".join(f"la {number} " for number in range(size_bytes // 5))
    data = line(words[:size_bytes], path=path)
    cuts: list[Step] = [data[i : i + 16384] for i in range(0, len(data), 16384)]
    return Reply([*cuts, *end(path)])


def endless_line(*, path: str = CHAT) -> Reply:
    """A line that never ends."""

    def steps() -> Iterator[Step]:
        yield line("a", path=path).partition(b'a"')[0]
        while True:
            yield b"a" * 65536

    return Reply(steps)


def endless(*, path: str = CHAT) -> Reply:
    """Words for ever, as fast as they are read."""

    def steps() -> Iterator[Step]:
        yield from (line(f"la {number} ", path=path) for number in count(1))

    return Reply(steps)


def drip(delay_s: float = 0.05, *, path: str = CHAT) -> Reply:
    """Words for ever, slowly enough to beat any limit on a single pause."""

    def steps() -> Iterator[Step]:
        yield from chain.from_iterable((line(f"la {number} ", path=path), delay_s) for number in count(1))

    return Reply(steps)


def wrong_content_type(*, path: str = CHAT) -> Reply:
    """Success, but a page: something else lives at this address."""
    page = b"<html><body>It works!</body></html>"
    return Reply([page], headers={"Content-Type": "text/html"}, framing="length")


def gzip_bomb(*, path: str = CHAT) -> Reply:
    """A small body that would swell to 50 MB."""
    return Reply([_bomb()], headers={"Content-Type": NDJSON, "Content-Encoding": "gzip"}, framing="length")


def huge_headers(*, path: str = CHAT) -> Reply:
    """A header of 200 KB."""
    return Reply(end(path), headers={"Content-Type": NDJSON, "X-Huge": "a" * 200_000})


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(50_000_000), compresslevel=1)
