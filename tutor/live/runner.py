"""Starts, stops and drains replies. The process owns them: no socket, tab or request does."""

import asyncio
import logging
from collections.abc import Coroutine
from uuid import UUID

from tutor.accounts.database import in_database
from tutor.catalogue.board import board
from tutor.catalogue.engines import Engines
from tutor.conversations import store
from tutor.live.growing import Growing
from tutor.live.hub import Hub
from tutor.live.outcomes import Outcome, of_fault
from tutor.live.seats import Seats
from tutor.live.warming import Warming
from tutor.live.writing import Means, NoModelError, Writing

log = logging.getLogger(__name__)
STOPPED = Outcome("stopped")


class Runner:
    """Starts, stops and drains the tasks that let replies grow."""

    def __init__(self, hub: Hub, engines: Engines, owner: str) -> None:
        self.hub = hub
        self.engines = engines
        self.owner = owner
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._ends: dict[UUID, Outcome] = {}
        self._seats: dict[int, Seats] = {}
        self.means = Means(hub, engines, self.seats, Warming(engines))

    def start(self, reply: UUID, reply_pk: int) -> None:
        """Let this reply grow, in a task of the process's own."""
        task = asyncio.get_running_loop().create_task(self._run(reply, reply_pk), name=f"reply {reply}")
        self._tasks[reply] = task
        task.add_done_callback(lambda _: self._forget(reply))

    async def stop(self, reply: UUID, outcome: Outcome = STOPPED) -> bool:
        """End it now; its words stay. Returns False if it does not grow here (any more)."""
        task = self._tasks.get(reply)
        if task is None:
            return False
        self._ends.setdefault(reply, outcome)
        task.cancel()
        await asyncio.wait([task])
        return True

    async def drain(self) -> None:
        """End every growing reply as interrupted, each with its words stored."""
        await self.means.warming.drain()
        await asyncio.gather(*(self.stop(reply, Outcome("interrupted", "restart")) for reply in list(self._tasks)))

    def warm(self, conversation: UUID) -> None:
        """Take in a new conversation's prompt ahead of its first message."""
        self.means.warming.begin(conversation, self.seats)

    @property
    def growing(self) -> int:
        return len(self._tasks)

    def _forget(self, reply: UUID) -> None:
        self._tasks.pop(reply, None)
        self._ends.pop(reply, None)

    async def _run(self, reply: UUID, reply_pk: int) -> None:
        brief = await in_database(store.brief, reply_pk)
        growing = Growing(reply_pk, reply, brief.turn, brief.conversation, brief.epoch)
        if brief.sofar:
            growing.append(brief.sofar)
        with self.hub.holding(growing):
            writing = Writing(self.means, brief, growing)
            outcome = await self._outcome(writing)
            await _uncancelled(self._close(writing, outcome))

    async def _outcome(self, writing: Writing) -> Outcome:
        growing = writing.growing
        try:
            return await writing.write()
        except asyncio.CancelledError:
            return self._ends.get(growing.reply, Outcome("interrupted", "restart"))
        except NoModelError as none:
            return Outcome("failed", none.code)
        except Exception as fault:
            outcome = of_fault(fault, has_text=writing.wrote)
            unforeseen = fault if outcome.code == "internal" else None
            log.warning(
                "reply %s ended: %s (%s)", growing.reply, outcome.code, type(fault).__name__, exc_info=unforeseen
            )
            return outcome

    async def _close(self, writing: Writing, outcome: Outcome) -> None:
        growing = writing.growing
        try:
            await in_database(store.close, growing.pk, writing.ending(outcome))
        except Exception:
            log.exception("reply %s could not be stored", growing.reply)
            outcome = Outcome("interrupted", "not_saved")
        growing.state, growing.error = outcome.state, outcome.code
        self.hub.tell(growing.conversation, "reply", growing.reply)

    def seats(self, host_pk: int) -> Seats:
        engine = board().engine(host_pk)
        parallelism = engine.parallelism if engine else 1
        seats = self._seats.setdefault(host_pk, Seats(parallelism))
        seats.parallelism = parallelism
        return seats


async def _uncancelled(work: Coroutine[None, None, None]) -> None:
    """Finish ``work`` even if the task is cancelled meanwhile: the last write outlives what caused it."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
