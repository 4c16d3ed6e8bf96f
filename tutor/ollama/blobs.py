"""The files that models are made of, as Ollama names them: by their digest."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from pathlib import Path

from tutor.ollama.errors import RequestError

BLOCK_BYTES = 1024 * 1024
"""How much of a file is held in memory at a time."""


def digest(path: Path) -> tuple[str, int]:
    """The file's digest, "sha256:…", and its size in bytes. Raises OSError."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256")
        return f"sha256:{found.hexdigest()}", file.tell()


class Announced:
    """The counting of a body whose length was announced; `on_progress` hears how many bytes of how many went out."""

    def __init__(self, size: int, on_progress: Callable[[int, int], object] | None) -> None:
        self._size = size
        self._on_progress = on_progress
        self._sent = 0

    def has_room_for(self, block: bytes) -> bool:
        """Whether the block belongs to the body."""
        return self._sent + len(block) <= self._size

    def went(self, block: bytes) -> None:
        """The block is on its way."""
        self._sent += len(block)
        if self._on_progress is not None:
            self._on_progress(self._sent, self._size)

    def end(self, left: bytes) -> None:
        """Nothing follows but what is `left`. Raises `RequestError` if the body is longer or shorter than announced."""
        if left or self._sent < self._size:
            raise RequestError("the file changed while it was sent")
