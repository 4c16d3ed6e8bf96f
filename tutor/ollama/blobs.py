"""The files that models are made of, as Ollama names them: by their digest."""

from __future__ import annotations

import hashlib
from pathlib import Path

BLOCK_BYTES = 1024 * 1024
"""How much of a file is held in memory at a time."""


def digest(path: Path) -> tuple[str, int]:
    """The file's digest, "sha256:…", and its size in bytes. Raises OSError."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256")
        return f"sha256:{found.hexdigest()}", file.tell()
