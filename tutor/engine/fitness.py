"""Whether this machine can run the built-in engine, found out without loading it.

A processor without AVX2 would end the process with an illegal instruction and a missing libgomp would end the import,
so both are looked for first. Runs in the web application, which must never import the native library itself.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import re
import sys
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

LEAST_FREE_BYTES: Final = 1_000_000_000
CPU_FEATURES: Final = frozenset({"avx2", "fma", "f16c", "bmi2"})
INTEL: Final = frozenset({"x86_64", "amd64"})
CPUINFO: Final = Path("/proc/cpuinfo")
MEMINFO: Final = Path("/proc/meminfo")
GROUP: Final = Path("/sys/fs/cgroup")


class Reason(StrEnum):
    """Why not, as a code; screens put it into words."""

    OK = "ok"
    NO_WHEEL = "no_wheel"
    NO_LIBGOMP = "no_libgomp"
    NO_AVX2 = "no_avx2"
    NO_MEMORY = "no_memory"


@dataclass(frozen=True)
class Fitness:
    """The first thing that is missing, or OK. `free_bytes` is 0 where the system does not tell."""

    reason: Reason
    free_bytes: int

    @property
    def ok(self) -> bool:
        """True when a model can be run here."""
        return self.reason is Reason.OK


def check(*, needs_bytes: int = LEAST_FREE_BYTES) -> Fitness:
    """Look at this machine, for a model that needs `needs_bytes` of main memory."""
    free_bytes = free_memory_bytes()
    return Fitness(_reason(free_bytes, needs_bytes), free_bytes)


def _reason(free_bytes: int, needs_bytes: int) -> Reason:
    if importlib.util.find_spec("xllamacpp") is None:
        return Reason.NO_WHEEL
    if not _processor_is_new_enough():
        return Reason.NO_AVX2
    if not _has_libgomp():
        return Reason.NO_LIBGOMP
    return Reason.NO_MEMORY if 0 < free_bytes < needs_bytes else Reason.OK


def free_memory_bytes(group: Path = GROUP) -> int:
    """Main memory that a new process could have, in bytes, within the limit of the container, if there is one.

    0 when the system does not tell.
    """
    whole, limited = _machine_free_bytes(), _container_free_bytes(group)
    if limited is None:
        return whole
    return max(1, min(whole or limited, limited))  # nothing left is known, not untold


def _container_free_bytes(group: Path) -> int | None:
    """What the limit leaves; files that were read count as used there but are given back. None without a limit."""
    try:
        limit = int((group / "memory.max").read_text(encoding="ascii"))
        used = int((group / "memory.current").read_text(encoding="ascii"))
        told = (group / "memory.stat").read_text(encoding="ascii")
    except (OSError, ValueError):  # no container, or no limit ("max")
        return None
    return limit - used + sum(map(int, re.findall(r"^(?:in)?active_file (\d+)$", told, re.MULTILINE)))


def _machine_free_bytes() -> int:
    try:
        told = re.search(r"^MemAvailable:\s+(\d+) kB", MEMINFO.read_text(), re.MULTILINE)
    except OSError:
        return _free_by_sysconf()
    return int(told[1]) * 1024 if told else 0


def _free_by_sysconf() -> int:
    try:
        return os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, ValueError, OSError):
        return 0


def _processor_is_new_enough() -> bool:
    if platform.machine().lower() not in INTEL:
        return True
    try:
        flags = re.search(r"^flags\s*:(.*)$", CPUINFO.read_text(), re.MULTILINE)
    except OSError:
        return True  # not Linux: no way to ask, and every Mac and PC since 2015 has them
    return flags is not None and set(flags[1].split()) >= CPU_FEATURES


def _has_libgomp() -> bool:
    if sys.platform != "linux":
        return True  # the other wheels bring what they need
    try:
        ctypes.CDLL("libgomp.so.1")
    except OSError:
        return False
    return True
