"""A file on its way to the server."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from pathlib import Path

from tutor.ollama.blobs import BLOCK_BYTES, Announced, digest

digest_of = digest


class Blocks:
    """The file in blocks, from its beginning each time that they are asked for: a redirect wants them again.

    Tells how many bytes of `size` were handed out. Raises `RequestError` if there are more or fewer: the request has
    announced its length.
    """

    def __init__(self, path: Path, size: int, on_progress: Callable[[int, int], object] | None) -> None:
        self._path = path
        self._size = size
        self._on_progress = on_progress
        self._begun: list[Generator[bytes, None]] = []

    def __iter__(self) -> Iterator[bytes]:
        blocks = self._read()
        self._begun.append(blocks)
        return blocks

    def close(self) -> None:
        """Close the file, if it was not read to its end."""
        for blocks in self._begun:
            blocks.close()

    def _read(self) -> Generator[bytes, None]:
        told = Announced(self._size, self._on_progress)
        with self._path.open("rb") as file:
            while (block := file.read(BLOCK_BYTES)) and told.has_room_for(block):
                yield block
                told.went(block)
            told.end(block)
