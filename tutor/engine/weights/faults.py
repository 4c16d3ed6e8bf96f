"""What can go wrong with a fetch, as codes; words for people are made further up."""

from __future__ import annotations

import errno
from typing import Final, Literal

Code = Literal[
    "no_space",  # checked before: the disk has too little room
    "disk_full",  # met on the way: the part is kept
    "no_rights",  # the folder cannot be written
    "no_source",  # none of the sources carries this file
    "source_missing",  # the source answers, and does not have it
    "source_unreachable",  # the source does not answer
    "cut_short",  # the body ended early
    "stalled",  # the bytes stopped coming
    "wrong_length",  # the source has something of another size under this name
    "bad_answer",  # an answer that makes no sense
    "wrong_bytes",  # the sha256 is another
    "busy",  # another process is fetching the same file
    "broken",  # the disk failed to read or write
]

TRANSIENT: Final = frozenset({"cut_short", "stalled", "source_unreachable"})
"""Worth another try at the same source."""

OURS: Final = frozenset({"disk_full", "no_rights", "busy", "broken"})
"""Faults of this machine: another source would meet them too."""

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
_RIGHTS = frozenset({errno.EACCES, errno.EPERM, errno.EROFS})


class FetchFault(Exception):
    """One fault, by its code."""

    def __init__(self, code: Code) -> None:
        super().__init__(code)
        self.code: Code = code


def disk_fault(error: OSError) -> FetchFault:
    """The code for an error of the file system."""
    if error.errno in _FULL:
        return FetchFault("disk_full")
    return FetchFault("no_rights" if error.errno in _RIGHTS else "broken")
