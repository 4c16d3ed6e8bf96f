"""The engine's process, seen from outside: found, held still for a moment, and asked how busy it was."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from tests.live.house import House

_TICKS_A_SECOND = os.sysconf("SC_CLK_TCK")
_QUIET_S = 1.0
# In which no machine writes more than a few words.
_SLICE_S = 0.05


@dataclass(frozen=True)
class Engine:
    """``ready_s`` passed between the server's first page and the engine's first answer."""

    pid: int
    ready_s: float

    @classmethod
    def of(cls, house: House, *, ready_s: float) -> Self:
        assert house.process is not None
        for children in Path(f"/proc/{house.process.pid}/task").glob("*/children"):
            for child in children.read_text().split():
                if "tutor.engine" in Path(f"/proc/{child}/cmdline").read_text():
                    return cls(int(child), ready_s)
        raise AssertionError("no engine runs under this server")

    @contextmanager
    def held(self) -> Iterator[None]:
        """Not a word is written meanwhile, however quick the machine is."""
        os.kill(self.pid, signal.SIGSTOP)
        try:
            yield
        finally:
            os.kill(self.pid, signal.SIGCONT)

    def creep(self) -> None:
        """While it is held: go on for a moment."""
        os.kill(self.pid, signal.SIGCONT)
        time.sleep(_SLICE_S)
        os.kill(self.pid, signal.SIGSTOP)

    def rest(self, timeout_s: float) -> float:
        """Wait until it has nothing to do (as after the warming); the seconds that it was busy until then."""
        began = quiet_since = time.monotonic()
        busy_s = self._busy_s()
        while time.monotonic() - quiet_since < _QUIET_S:
            assert time.monotonic() - began < timeout_s, "the engine never came to rest"
            time.sleep(0.1)
            if self._busy_s() - busy_s > 0.05:
                busy_s, quiet_since = self._busy_s(), time.monotonic()
        return quiet_since - began

    def _busy_s(self) -> float:
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / _TICKS_A_SECOND
