"""One server a folder: a second one would take the first one's growing replies for those of a dead process."""

import fcntl
from pathlib import Path
from typing import IO


class FolderInUseError(Exception):
    """Another Polyglott runs with this folder."""


def hold(folder: Path) -> IO[str]:
    """Keep others out of ``folder`` until the file given back is closed. Raises :class:`FolderInUseError`."""
    lock = (folder / "serving").open("a")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        lock.close()
        raise FolderInUseError(folder) from None
    return lock
