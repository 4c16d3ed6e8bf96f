"""A file on its way to the server."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

from tutor.ollama.blobs import BLOCK_BYTES, digest

digest_of = digest


def blocks_of(path: Path, size: int, on_progress: Callable[[int, int], object] | None) -> Generator[bytes, None, None]:
    """The file in blocks; tells how many bytes of `size` were handed out."""
    sent = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block
            sent += len(block)
            if on_progress is not None:
                on_progress(sent, size)
