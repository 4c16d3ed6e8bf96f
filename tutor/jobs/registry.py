"""The jobs of this process: begun by a page, run in threads, written down while they run, drained with the process."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from uuid import UUID

from tutor.accounts.models import User
from tutor.database import in_database
from tutor.jobs import store
from tutor.jobs.job import Job, Progress, kind_called
from tutor.jobs.models import JobRecord

log = logging.getLogger(__name__)
WRITTEN_EVERY_S = 2.0
DRAIN_S = 2.0


@dataclass(eq=False)
class _Running:
    row_pk: int
    job: Job
    thread: threading.Thread
    written: Progress = field(default_factory=Progress)


class Registry:
    """One a process. Pages call from any thread; the supervisor starts and drains it."""

    def __init__(self) -> None:
        self.owner = ""
        self._lock = threading.Lock()
        self._running: dict[UUID, _Running] = {}
        self._listeners: set[Callable[[], None]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None
        self._changed = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._draining = False

    async def start(self, owner: str) -> None:
        """Say of what an earlier process left open that it was interrupted, and keep the records from now on."""
        self.owner, self._loop, self._draining = owner, asyncio.get_running_loop(), False
        left = await in_database(store.sweep, owner)
        if left:
            log.info("%d jobs of an earlier process are now interrupted", left)
        self._keeper = asyncio.create_task(self._keep())

    async def drain(self) -> None:
        """End what runs, keeping what has come, and write down where each one was."""
        self._draining = True
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
        await asyncio.to_thread(self._end_all)
        try:
            async with asyncio.timeout(DRAIN_S):
                await in_database(self.write_down)
        except Exception:  # a full disk, a locked database: the rest of the process is to be drained all the same
            log.exception("jobs could not be written down; the next start finds them interrupted")
        self._loop = None

    def begin(self, job: Job, by: User | None = None) -> UUID:
        """Run it in a thread of its own. Raises Busy while another of its kind is open."""
        with self._lock:
            self.write_down(ended_only=True)
            row = store.begin(job, self.owner, by)
            thread = threading.Thread(target=self._run, args=(job,), name=f"job {job.kind}", daemon=True)
            self._running[row.public_id] = _Running(row.pk, job, thread)
            thread.start()
        self._tell_keeper()
        return row.public_id

    def again(self, row: JobRecord, by: User | None = None) -> None:
        """Let one that ended early go on. Raises Busy, or LookupError where its kind or its name is gone."""
        kind = kind_called(row.kind)
        if kind is None:
            raise LookupError(row.kind)
        self.begin(kind(row.name), by)

    def job(self, public_id: UUID) -> Job | None:
        """The job behind a record, if it runs in this process or has just ended here."""
        running = self._running.get(public_id)
        return running.job if running is not None else None

    def progress(self, row: JobRecord) -> Progress:
        """The newest there is about it."""
        running = self._running.get(row.public_id)
        return self._seen(running) if running is not None else row.progress

    def watch(self, tell: Callable[[], None]) -> None:
        """Call ``tell``, from the job's thread, whenever one is done."""
        self._listeners.add(tell)

    def unwatch(self, tell: Callable[[], None]) -> None:
        self._listeners.discard(tell)

    def write_down(self, *, ended_only: bool = False) -> None:
        """Store what has changed; forget those that are over."""
        for public_id, running in list(self._running.items()):
            seen = self._seen(running)
            if seen != running.written and (seen.ended or not ended_only):
                store.note(running.row_pk, seen)
                running.written = seen
            if seen.ended:
                self._running.pop(public_id, None)

    def _seen(self, running: _Running) -> Progress:
        progress = running.job.progress
        stopped_by_us = self._draining and progress.state == "cancelled"
        return replace(progress, state="interrupted", error="restart") if stopped_by_us else progress

    def _run(self, job: Job) -> None:
        ended = job.run()
        self._tell_keeper()
        if ended.state == "done":
            for tell in tuple(self._listeners):
                tell()

    def _tell_keeper(self) -> None:
        if self._loop is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(self._changed.set)

    async def _keep(self) -> None:
        while True:
            try:
                await in_database(self.write_down)
            except Exception:
                log.exception("a job could not be written down; the next round tries again")
            try:
                await asyncio.wait_for(self._changed.wait(), WRITTEN_EVERY_S if self._running else None)
            except TimeoutError:
                continue
            self._changed.clear()

    def _end_all(self) -> None:
        running = list(self._running.values())
        for one in running:
            one.job.cancel()
        for one in running:
            one.thread.join(DRAIN_S)


registry = Registry()
