"""The growing file: `NAME.part` beside its final place, with a small journal, held by one process at a time."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import json
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

from tutor.engine.weights.catalogue import WeightFile
from tutor.engine.weights.checksums import write_checksum
from tutor.engine.weights.faults import FetchFault, disk_fault

_BLOCK_BYTES = 1 << 20


@dataclass(slots=True)
class Journal:
    """What a later run must know about a part."""

    sha256: str
    trusted_bytes: int = 0
    """So many bytes came out of packages whose own hash was right."""
    etag: str = ""
    """The publisher's mark on the file that the rest came from."""


class PartialFile:
    """Use as a context manager. Every failing write or read is a `FetchFault`."""

    def __init__(self, folder: Path, file: WeightFile) -> None:
        self.file = file
        self.target = folder / file.name
        self.path = folder / f"{file.name}.part"
        self._journal_path = folder / f"{file.name}.part.json"
        self.journal = Journal(file.sha256)
        self.length = 0
        self._fd = -1

    def __enter__(self) -> Self:
        try:
            self._fd = os.open(self.path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            self._own()
            self._settle()
        except OSError as error:
            self._close()
            raise disk_fault(error) from error
        except FetchFault:
            self._close()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        self._close()

    def _close(self) -> None:
        if self._fd >= 0:
            os.close(self._fd)
        self._fd = -1

    def _own(self) -> None:
        try:
            fcntl.flock(self._fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            same = self.path.stat().st_ino == os.fstat(self._fd).st_ino
        except (BlockingIOError, FileNotFoundError) as error:
            raise FetchFault("busy") from error
        if not same:  # its last owner finished and renamed it between our open and our lock
            raise FetchFault("busy")

    def _settle(self) -> None:
        self.length = os.fstat(self._fd).st_size
        found = self._read_journal()
        if found.sha256 != self.file.sha256 or self.length > self.file.bytes:
            self.cut_to(0)
        else:
            self.journal = found
            self.journal.trusted_bytes = min(found.trusted_bytes, self.length)

    def _read_journal(self) -> Journal:
        try:
            return Journal(**json.loads(self._journal_path.read_text(encoding="utf-8")))
        except (FileNotFoundError, ValueError, TypeError):
            return Journal(self.file.sha256)

    def write_journal(self) -> None:
        """Store the journal whole or not at all."""
        fresh = self._journal_path.with_suffix(".new")
        try:
            fresh.write_text(json.dumps(asdict(self.journal)), encoding="utf-8")
            fresh.replace(self._journal_path)
        except OSError as error:
            raise disk_fault(error) from error

    def append(self, chunk: bytes) -> None:
        """Add bytes at the end; on a full disk those that fitted are kept."""
        view = memoryview(chunk)
        try:
            while view:
                written = os.pwrite(self._fd, view, self.length)
                self.length += written
                view = view[written:]
        except OSError as error:
            raise disk_fault(error) from error

    def cut_to(self, length: int) -> None:
        """Forget everything behind `length`."""
        try:
            os.ftruncate(self._fd, length)
        except OSError as error:
            raise disk_fault(error) from error
        self.length = length
        self.journal.trusted_bytes = min(self.journal.trusted_bytes, length)

    def trust(self) -> None:
        """Everything so far came out of packages with the right hash, if what was before did."""
        self._sync()
        self.journal.trusted_bytes = self.length
        self.write_journal()

    def distrust(self) -> None:
        """The whole was wrong: keep what came out of checked packages once, then not even that."""
        keep = self.journal.trusted_bytes if self.journal.trusted_bytes < self.length else 0
        self.journal.etag = ""
        self.cut_to(keep)
        self.journal.trusted_bytes = 0
        self.write_journal()

    def seal(self, on_block: Callable[[int], None]) -> None:
        """Check the sha256, then put the file in its place; `on_block` hears how many bytes were read."""
        self._sync()
        if self._digest(on_block) != self.file.sha256:
            raise FetchFault("wrong_bytes")
        try:
            os.fchmod(self._fd, 0o644)
            os.fsync(self._fd)
            self.path.replace(self.target)
            write_checksum(self.target, self.file.sha256)
        except OSError as error:
            raise disk_fault(error) from error
        self._journal_path.unlink(missing_ok=True)

    def drop(self) -> None:
        """Remove the part and its journal."""
        with contextlib.suppress(OSError):
            self.path.unlink(missing_ok=True)
            self._journal_path.unlink(missing_ok=True)

    def _sync(self) -> None:
        try:
            os.fsync(self._fd)
        except OSError as error:
            raise disk_fault(error) from error

    def _digest(self, on_block: Callable[[int], None]) -> str:
        digest, read_bytes = hashlib.sha256(), 0
        try:
            while block := os.pread(self._fd, _BLOCK_BYTES, read_bytes):
                digest.update(block)
                read_bytes += len(block)
                on_block(read_bytes)
        except OSError as error:
            raise disk_fault(error) from error
        return digest.hexdigest()
