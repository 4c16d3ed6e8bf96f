"""What a process has used: processor time, time by the clock, memory at its highest."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Cost:
    """What the reading took, for all lines of all streams together. The growth counts from after the warm-up."""

    cpu_s: float
    wall_s: float
    grown_kib: int


class Meter:
    """Counts from its making until `cost`."""

    def __init__(self) -> None:
        self._rss_kib = _forget_peak_kib()
        self._wall_s = time.perf_counter()
        self._cpu_s = time.process_time()

    def cost(self) -> Cost:
        cpu_s = time.process_time() - self._cpu_s
        wall_s = time.perf_counter() - self._wall_s
        return Cost(cpu_s, wall_s, _memory_kib("VmHWM") - self._rss_kib)


def _forget_peak_kib() -> int:
    """Makes the present use of memory the highest so far; that use."""
    Path("/proc/self/clear_refs").write_text("5")
    return _memory_kib("VmRSS")


def _memory_kib(field: str) -> int:
    status = Path("/proc/self/status").read_text()
    return int(status.partition(f"{field}:")[2].split(None, 1)[0])
