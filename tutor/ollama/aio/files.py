"""A file on its way to the server. Disks make one wait, so all reading happens in threads."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator, Callable
from functools import partial
from pathlib import Path

from tutor.ollama.aio.runtime import current
from tutor.ollama.blobs import BLOCK_BYTES, Announced, digest


async def digest_of(path: Path) -> tuple[str, int]:
    """The file's digest, "sha256:…", and its size in bytes. Raises OSError."""
    return await current().in_thread(partial(digest, path))


class Blocks:
    """The file in blocks, from its beginning each time that they are asked for: a redirect wants them again.

    Tells how many bytes of `size` were handed out. Raises `RequestError` if there are more or fewer: the request has
    announced its length.
    """

    def __init__(self, path: Path, size: int, on_progress: Callable[[int, int], object] | None) -> None:
        self._path = path
        self._size = size
        self._on_progress = on_progress
        self._begun: list[AsyncGenerator[bytes, None]] = []

    def __aiter__(self) -> AsyncIterator[bytes]:
        blocks = self._read()
        self._begun.append(blocks)
        return blocks

    async def aclose(self) -> None:
        """Close the file, if it was not read to its end."""
        for blocks in self._begun:
            await blocks.aclose()

    async def _read(self) -> AsyncGenerator[bytes, None]:
        told = Announced(self._size, self._on_progress)
        apart = current().in_thread
        with await apart(lambda: self._path.open("rb")) as file:
            while (block := await apart(partial(file.read, BLOCK_BYTES))) and told.has_room_for(block):
                yield block
                told.went(block)
            told.end(block)
