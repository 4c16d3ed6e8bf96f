"""Which files are whole: a checksum `NAME.sha256` beside each says that its bytes were once read and right.

It is a line of `sha256sum`, so `sha256sum -c *.sha256` checks the folder by hand.
"""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

from tutor.engine.weights.catalogue import Model, WeightFile, models

_BLOCK_BYTES = 1 << 20


def checksum_path(target: Path) -> Path:
    """Return where the checksum of a file stands."""
    return target.with_name(f"{target.name}.sha256")


def write_checksum(target: Path, sha256: str) -> None:
    """Record, durably, that `target` was verified."""
    fresh = target.with_name(f"{target.name}.sha256.new")
    fresh.write_text(f"{sha256}  {target.name}\n", encoding="utf-8")
    fresh.replace(checksum_path(target))
    _sync_folder(target.parent)


def _sync_folder(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def is_whole(file: WeightFile, folder: Path) -> bool:
    """Cheap: the size, and a checksum with the pinned hash that is not older than the file."""
    target = folder / file.name
    try:
        found, mark = target.stat(), checksum_path(target)
        says = mark.read_text(encoding="utf-8").split()
        fresh = mark.stat().st_mtime_ns >= found.st_mtime_ns
    except (OSError, UnicodeDecodeError):
        return False
    return found.st_size == file.bytes and fresh and says[:1] == [file.sha256]


def reads_right(file: WeightFile, folder: Path, on_block: Callable[[int], None] | None = None) -> bool:
    """Thorough: read every byte. Keeps the checksum of a file that is right; drops that of one that is not."""
    target = folder / file.name
    digest, read_bytes = hashlib.sha256(), 0
    try:
        with target.open("rb") as stream:
            while block := stream.read(_BLOCK_BYTES):
                digest.update(block)
                read_bytes += len(block)
                if on_block is not None:
                    on_block(read_bytes)
    except OSError:
        return False
    if digest.hexdigest() != file.sha256:
        checksum_path(target).unlink(missing_ok=True)
        return False
    write_checksum(target, file.sha256)
    return True


def installed(folder: Path) -> list[Model]:
    """The models of the catalogue that are whole in `folder`, by their checksums."""
    return [model for model in models() if all(is_whole(file, folder) for file in model.files)]
