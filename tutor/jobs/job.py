"""Long work that somebody watches. A kind of job is one subclass in one file: what it does, and what people read."""

from __future__ import annotations

import logging
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal

from django.utils.formats import number_format

log = logging.getLogger(__name__)

State = Literal["waiting", "running", "paused", "done", "failed", "cancelled", "interrupted"]
OPEN_STATES: frozenset[State] = frozenset({"waiting", "running", "paused"})


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a job is. Amounts are in the kind's own unit; ``seconds_left`` is None while nothing can be said."""

    state: State = "waiting"
    phase: str = ""
    """The kind's own code for what it does just now."""
    done: int = 0
    total: int = 0
    per_s: float = 0.0
    seconds_left: float | None = None
    error: str = ""
    """A stable code of the kind's faults."""
    detail: str = ""
    """The other side's own words for it, or figures that its sentence needs."""

    @property
    def ended(self) -> bool:
        return self.state not in OPEN_STATES


class Cancelled(Exception):
    """Raised by :meth:`Job.check`: let go of everything and leave :meth:`Job.work`."""


class JobFault(Exception):
    """The job cannot go on; ``code`` says why, ``detail`` in the other side's words."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


class Job:
    """One piece of long work. :meth:`run` blocks, in a thread of its own; everything else any thread may call.

    A kind writes :meth:`work`, which calls :meth:`check` between two steps and :meth:`show` when it is further. It
    must be able to begin again under the same name: that is how an interrupted job goes on.
    """

    kind: ClassVar[str]
    """Kept in the database: never changed."""
    keeps: ClassVar[bool] = False
    """Whether what has come is kept when it ends early, to go on from there or to be discarded."""

    phases: ClassVar[Mapping[str, object]] = {}
    faults: ClassVar[Mapping[str, object]] = {}
    """What people read, by code; for every code that :meth:`work` shows or raises."""

    def __init__(self, name: str) -> None:
        """Raises LookupError for a name that this kind knows nothing of."""
        self.name = name
        self._progress = Progress()
        self._steered = threading.Condition()
        self._paused = self._cancelled = False

    def work(self) -> None:
        """Do all of it. Raises JobFault, or Cancelled out of :meth:`check`."""
        raise NotImplementedError

    @classmethod
    def title(cls, name: str) -> str:
        """What people call it."""
        return name

    @classmethod
    def phase_text(cls, phase: str) -> str:
        """What it does just now, in a word or two; "" where "running" says enough."""
        return str(cls.phases.get(phase, ""))

    @classmethod
    def fault_text(cls, progress: Progress) -> str:
        """What went wrong, what is safe and what to do."""
        return str(cls.faults.get(progress.error, progress.error))

    @classmethod
    def done_text(cls) -> str:
        """What is worth saying once it is done."""
        return ""

    @classmethod
    def amount_text(cls, amount: float) -> str:
        """An amount with its unit."""
        return number_format(amount, 0)

    @classmethod
    def discard(cls, name: str) -> None:
        """Throw away what an ended job of this name left behind."""

    @property
    def progress(self) -> Progress:
        return self._progress

    def run(self) -> Progress:
        """Work until the end; raises nothing."""
        try:
            self.show(state="running")
            self.work()
            self.show(state="done", done=self._progress.total)
        except Cancelled:
            self.show(state="cancelled")
        except JobFault as fault:
            self.show(state="failed", error=fault.code, detail=fault.detail)
        except Exception:
            log.exception("a job of the kind %s broke", self.kind)
            self.show(state="failed", error="broken")
        return self.progress

    def pause(self) -> None:
        self._steer(paused=True)

    def resume(self) -> None:
        self._steer(paused=False)

    def cancel(self) -> None:
        """End at the next step; what a kind keeps stays."""
        self._steer(cancelled=True)

    def check(self) -> None:
        """Wait while paused. Raises Cancelled."""
        with self._steered:
            while self._paused and not self._cancelled:
                self.show(state="paused")
                self._steered.wait()
            if self._cancelled:
                raise Cancelled
            self.show(state="running")

    def show(self, **changes: Any) -> None:
        """Change fields of the progress; seen by everybody at once. Called by the job's own thread only."""
        self._progress = replace(self._progress, **changes)

    def _steer(self, *, paused: bool = False, cancelled: bool = False) -> None:
        with self._steered:
            self._paused = paused
            self._cancelled = self._cancelled or cancelled
            self._steered.notify_all()


_kinds: dict[str, type[Job]] = {}


def register(kind: type[Job]) -> type[Job]:
    """Make a kind known by its code; a decorator."""
    _kinds[kind.kind] = kind
    return kind


def kind_called(code: str) -> type[Job] | None:
    """The kind of a row, or None for one that this version no longer knows."""
    return _kinds.get(code)
