"""A kind of job for tests: all that a kind needs, in one small file."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from typing import ClassVar

import pytest

from tutor.jobs.job import Job, JobFault, register
from tutor.jobs.registry import registry


@register
class Counting(Job):
    """Counts to ten, one further with every :meth:`step`; a name that begins with "bad" fails at three."""

    kind: ClassVar[str] = "tests-counting"
    keeps: ClassVar[bool] = True
    phases: ClassVar[dict[str, object]] = {"counting": "counting with care"}
    faults: ClassVar[dict[str, object]] = {"odd": "Three is odd. Nothing was lost."}
    discarded: ClassVar[list[str]] = []
    steps: ClassVar[threading.Semaphore] = threading.Semaphore(0)

    def __init__(self, name: str) -> None:
        super().__init__(name)
        if name == "nobody":
            raise LookupError(name)

    def work(self) -> None:
        for number in range(1, 11):
            while not self.steps.acquire(timeout=0.01):
                self.check()
            self.check()
            self.show(done=number, total=10, phase="counting")
            if number == 3 and self.name.startswith("bad"):
                raise JobFault("odd", "three is an odd number <b>")
            if number == 3 and self.name == "broken":
                raise ZeroDivisionError

    @classmethod
    def step(cls, count: int = 1) -> None:
        cls.steps.release(count)

    @classmethod
    def discard(cls, name: str) -> None:
        cls.discarded.append(name)


@pytest.fixture
def counting() -> Iterator[type[Counting]]:
    """The kind, with nothing under way before and after."""
    Counting.steps, Counting.discarded = threading.Semaphore(0), []
    yield Counting
    end_all_jobs()


def end_all_jobs() -> None:
    """Leave nothing under way in this process, as a new one begins."""
    registry._end_all()
    registry._running.clear()
    registry._draining, registry.owner = False, ""
