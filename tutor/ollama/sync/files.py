"""A file on its way to the server."""

from __future__ import annotations

from collections.abc import Callable, Generator
from pathlib import Path

from tutor.ollama.blobs import BLOCK_BYTES, digest
from tutor.ollama.errors import RequestError

digest_of = digest


def blocks_of(path: Path, size: int, on_progress: Callable[[int, int], object] | None) -> Generator[bytes, None, None]:
    """The file in blocks; tells how many bytes of `size` were handed out.

    Raises `RequestError` if there are more or fewer: the request has announced its length.
    """
    sent = 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            if sent + len(block) > size:
                break
            yield block
            sent += len(block)
            if on_progress is not None:
                on_progress(sent, size)
        if block or sent < size:
            raise RequestError("the file changed while it was sent")
