"""Does it fit? What a model needs, held against the memory of this machine."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from tutor.engine.weights import free_memory_bytes

Verdict = Literal["fits", "tight", "too_big", "unknown"]

ROOM_BYTES = 1_500_000_000
"""Less than this left over is tight: the browser, the database and the next model's start want it too."""

_GROUP_LIMIT = Path("/sys/fs/cgroup/memory.max")


@dataclass(frozen=True, slots=True)
class Memory:
    """Bytes of main memory; zero where the system does not tell."""

    total_bytes: int
    free_bytes: int


@dataclass(frozen=True, slots=True)
class Fit:
    """``leaves_bytes`` is negative by what is missing."""

    verdict: Verdict
    leaves_bytes: int = 0

    @property
    def missing_bytes(self) -> int:
        return max(0, -self.leaves_bytes)


def memory() -> Memory:
    """This machine's memory, within the limit of its container, if there is one."""
    return Memory(_total_bytes(), free_memory_bytes())


def fit(needs_bytes: int, free_bytes: int) -> Fit:
    """Whether ``needs_bytes`` go into ``free_bytes`` of memory, and what is left then."""
    if not free_bytes or not needs_bytes:
        return Fit("unknown")
    leaves = free_bytes - needs_bytes
    if leaves < 0:
        return Fit("too_big", leaves)
    return Fit("tight" if leaves < ROOM_BYTES else "fits", leaves)


def needed_bytes(size_bytes: int) -> int:
    """What a model of this size on disk takes once it is loaded: its weights, the context and the server's own."""
    return round(size_bytes * 1.2 + 0.8e9) if size_bytes else 0


def _total_bytes() -> int:
    try:
        whole = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0
    try:
        return min(whole, int(_GROUP_LIMIT.read_text(encoding="ascii")))
    except (OSError, ValueError):  # no container, or no limit ("max")
        return whole
