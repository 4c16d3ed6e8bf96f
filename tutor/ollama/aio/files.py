"""A file on its way to the server. Disks make one wait, so all reading happens in threads."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

from tutor.ollama.blobs import BLOCK_BYTES, digest
from tutor.ollama.errors import RequestError


async def digest_of(path: Path) -> tuple[str, int]:
    """The file's digest, "sha256:…", and its size in bytes. Raises OSError."""
    return await asyncio.to_thread(digest, path)


async def blocks_of(
    path: Path, size: int, on_progress: Callable[[int, int], object] | None
) -> AsyncGenerator[bytes, None]:
    """The file in blocks; tells how many bytes of `size` were handed out.

    Raises `RequestError` if there are more or fewer: the request has announced its length.
    """
    sent = 0
    with await asyncio.to_thread(path.open, "rb") as file:
        while block := await asyncio.to_thread(file.read, BLOCK_BYTES):
            if sent + len(block) > size:
                break
            yield block
            sent += len(block)
            if on_progress is not None:
                on_progress(sent, size)
        if block or sent < size:
            raise RequestError("the file changed while it was sent")
