"""Starts, stops and drains work of models. The process owns it: no socket, tab or request does."""

import asyncio
import logging
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import Protocol

from tutor.live.calls import ModelCall, ModelQueues
from tutor.live.outcomes import RESTART, STOPPED, CallEnded, Outcome, of_fault
from tutor.llm.engines import Engines

log = logging.getLogger(__name__)


class Work(Protocol):
    """One kind of work: what it depends on, what it asks a model, and how its end is kept and told."""

    @property
    def has_content(self) -> bool:
        """Whether something came that is worth keeping: then it ends *interrupted*, not *failed*."""
        ...

    async def load(self) -> None:
        """Read what it depends on. When this fails, nothing else is called but ``give_up``."""
        ...

    async def run(self, call: Callable[[], ModelCall]) -> Outcome:
        """Ask, as often as needed. Cancelled when it is to end; every fault ends it."""
        ...

    async def close(self, outcome: Outcome) -> None:
        """Store first, then say so."""
        ...

    async def give_up(self) -> None:
        """It could not even begin: leave nothing open."""
        ...


@dataclass(eq=False)
class _Run:
    """Work under way. Only ``running`` is ever cancelled: loading and storing its end are not."""

    work: Work
    conversation: Hashable
    task: asyncio.Task[None] | None = None
    running: asyncio.Task[Outcome] | None = None
    wanted_end: Outcome | None = None

    def ask_to_end(self, outcome: Outcome) -> None:
        self.wanted_end = self.wanted_end or outcome
        if self.running is not None:
            self.running.cancel()


class Runner:
    """Starts, stops and drains work, each in a task of the process's own, by the key of what it is about."""

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        self.queues = ModelQueues()
        self._runs: dict[Hashable, _Run] = {}

    def call(self) -> ModelCall:
        return ModelCall(self.engines, self.queues)

    def start(self, key: Hashable, work: Work, conversation: Hashable = None) -> None:
        """Begin ``work``, which goes when its ``conversation`` does."""
        run = self._runs[key] = _Run(work, conversation)
        run.task = asyncio.get_running_loop().create_task(self._run(run, key), name=f"{type(work).__name__} {key}")
        run.task.add_done_callback(lambda _: self._forget(key, run))

    async def stop(self, key: Hashable, outcome: Outcome = STOPPED) -> bool:
        """End it now; what came stays. Returns False if it does not run here (any more)."""
        run = self._runs.get(key)
        if run is None or run.task is None:
            return False
        run.ask_to_end(outcome)
        await asyncio.wait([run.task])
        return True

    async def stop_all_of(self, conversation: Hashable) -> None:
        """End whatever is made for this conversation."""
        keys = [key for key, run in self._runs.items() if run.conversation == conversation]
        await asyncio.gather(*map(self.stop, keys))

    async def finished(self, key: Hashable) -> None:
        """Wait for the end of what runs by this key, if anything does."""
        run = self._runs.get(key)
        if run is not None and run.task is not None:
            await asyncio.wait([run.task])

    async def drain(self) -> None:
        """End everything as interrupted, with what came of it stored."""
        await asyncio.gather(*(self.stop(key, RESTART) for key in list(self._runs)))

    def work(self, key: Hashable) -> Work | None:
        run = self._runs.get(key)
        return run.work if run else None

    @property
    def under_way(self) -> int:
        return len(self._runs)

    def _forget(self, key: Hashable, run: _Run) -> None:
        if self._runs.get(key) is run:
            del self._runs[key]

    async def _run(self, run: _Run, key: Hashable) -> None:
        try:
            await run.work.load()
        except Exception:
            log.exception("%s %s could not begin", type(run.work).__name__, key)
            await run.work.give_up()
            return
        await run.work.close(await self._outcome(run, key))

    async def _outcome(self, run: _Run, key: Hashable) -> Outcome:
        if run.wanted_end is not None:
            return run.wanted_end
        run.running = asyncio.create_task(run.work.run(self.call))
        try:
            return await run.running
        except asyncio.CancelledError:
            return run.wanted_end or RESTART  # type: ignore[redundant-expr] # set meanwhile, by whoever cancelled
        except Exception as fault:  # noqa: BLE001 - every fault has its outcome, and is logged there
            return self._after_fault(fault, run.work, key)

    def _after_fault(self, fault: Exception, work: Work, key: Hashable) -> Outcome:
        outcome = of_fault(fault, has_content=work.has_content)
        unforeseen = fault if outcome.code == "internal" else None
        kind = type(fault).__name__
        if not isinstance(fault, CallEnded):
            log.warning("%s %s ended: %s (%s)", type(work).__name__, key, outcome.code, kind, exc_info=unforeseen)
        return outcome
