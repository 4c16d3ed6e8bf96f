"""One thread that rings when a time has come, for all exchanges of this process that httpx waits for."""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable

_LINGER_S = 1.0

Ring = Callable[[], None]


class Clock:
    """Begins its thread when it is needed, and ends it when nothing was to be expected for a while."""

    def __init__(self) -> None:
        self.begin_anew()

    def begin_anew(self) -> None:
        """Expect nothing; for a forked process, which has no thread of its parent's, and perhaps a held lock."""
        self._changed = threading.Condition()
        self._expected: dict[Ring, float] = {}
        self._thread: threading.Thread | None = None
        self._wakes_at = 0.0

    def expect(self, ring: Ring, at: float) -> None:
        """Call `ring` at this moment (of `time.monotonic`); in place of what was expected for it before."""
        with self._changed:
            self._expected[ring] = at
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="ollama-clock", daemon=True)
                self._thread.start()
            elif at < self._wakes_at:
                self._changed.notify()

    def forget(self, ring: Ring) -> None:
        """Do not call it, if it is not being called just now."""
        with self._changed:
            self._expected.pop(ring, None)

    def _run(self) -> None:
        while (due := self._due()) is not None:
            for ring in due:
                ring()

    def _due(self) -> list[Ring] | None:
        """Wait for the next ones; None if there is nothing to wait for."""
        is_idle = False
        with self._changed:
            while True:
                now = time.monotonic()
                due = [ring for ring, at in self._expected.items() if at <= now]
                if due:
                    for ring in due:
                        del self._expected[ring]
                    return due
                if is_idle and not self._expected:
                    self._thread = None
                    return None
                is_idle = not self._expected
                self._wakes_at = min(self._expected.values(), default=now + _LINGER_S)
                self._changed.wait(min(self._wakes_at - now, threading.TIMEOUT_MAX))


CLOCK = Clock()
os.register_at_fork(after_in_child=CLOCK.begin_anew)
