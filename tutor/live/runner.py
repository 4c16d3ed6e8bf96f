"""Starts, stops and drains replies. The process owns them: no socket, tab or request does."""

import asyncio
import logging
from dataclasses import dataclass
from uuid import UUID

from tutor.conversations import store
from tutor.database import in_database
from tutor.live import timing
from tutor.live.growing_reply import GrowingReply
from tutor.live.hub import Hub
from tutor.live.outcomes import Outcome, of_fault
from tutor.live.queue import ModelQueue
from tutor.live.replies import Means, NoModelError, ReplyWork
from tutor.live.warming import Warming
from tutor.llm.engine_status import engine_status
from tutor.llm.engines import Engines

log = logging.getLogger(__name__)
STOPPED = Outcome("stopped")
RESTART = Outcome("interrupted", "restart")


@dataclass(eq=False)
class _Run:
    """A reply under way. Only ``writing`` is ever cancelled: reading what it needs and storing its end are not."""

    task: asyncio.Task[None] | None = None
    writing: asyncio.Task[Outcome] | None = None
    wanted_end: Outcome | None = None

    def ask_to_end(self, outcome: Outcome) -> None:
        self.wanted_end = self.wanted_end or outcome
        if self.writing is not None:
            self.writing.cancel()


class Runner:
    """Starts, stops and drains the tasks that let replies grow."""

    def __init__(self, hub: Hub, engines: Engines, owner: str) -> None:
        self.hub = hub
        self.engines = engines
        self.owner = owner
        self._runs: dict[UUID, _Run] = {}
        self._seats: dict[int, ModelQueue] = {}
        self.means = Means(hub, engines, self.seats, Warming(engines))

    def start(self, reply: UUID, reply_pk: int) -> None:
        """Let this reply grow, in a task of the process's own."""
        run = self._runs[reply] = _Run()
        run.task = asyncio.get_running_loop().create_task(self._run(run, reply, reply_pk), name=f"reply {reply}")
        run.task.add_done_callback(lambda _: self._forget(reply, run))

    async def stop(self, reply: UUID, outcome: Outcome = STOPPED) -> bool:
        """End it now; its words stay. Returns False if it does not grow here (any more)."""
        run = self._runs.get(reply)
        if run is None or run.task is None:
            return False
        run.ask_to_end(outcome)
        await asyncio.wait([run.task])
        return True

    async def drain(self) -> None:
        """End every growing reply as interrupted, each with its words stored."""
        await self.means.warming.drain()
        await asyncio.gather(*(self.stop(reply, RESTART) for reply in list(self._runs)))

    def warm(self, conversation: UUID) -> None:
        """Take in a new conversation's prompt ahead of its first message."""
        self.means.warming.begin(conversation, self.seats)

    @property
    def growing(self) -> int:
        return len(self._runs)

    def seats(self, host_pk: int) -> ModelQueue:
        engine = engine_status().engine(host_pk)
        parallelism = engine.parallelism if engine else 1
        seats = self._seats.setdefault(host_pk, ModelQueue(parallelism))
        seats.resize(parallelism)
        return seats

    def _forget(self, reply: UUID, run: _Run) -> None:
        if self._runs.get(reply) is run:
            del self._runs[reply]

    async def _run(self, run: _Run, reply: UUID, reply_pk: int) -> None:
        try:
            reply_input = await in_database(store.reply_input, reply_pk)
            growing = GrowingReply(reply_pk, reply, reply_input.turn, reply_input.conversation, reply_input.epoch)
            growing.append(reply_input.sofar)
            writing = ReplyWork(self.means, reply_input, growing)
        except Exception:
            log.exception("reply %s could not begin", reply)
            await in_database(store.give_up, reply_pk)
            return
        with self.hub.holding(growing):
            await self._close(writing, await self._outcome(run, writing))

    async def _outcome(self, run: _Run, writing: ReplyWork) -> Outcome:
        if run.wanted_end is not None:
            return run.wanted_end
        run.writing = asyncio.create_task(writing.write())
        try:
            return await run.writing
        except asyncio.CancelledError:
            return run.wanted_end or RESTART  # type: ignore[redundant-expr] # set meanwhile, by whoever cancelled
        except NoModelError as none:
            return Outcome("interrupted" if writing.wrote else "failed", none.code)
        except Exception as fault:  # noqa: BLE001 - every fault has its outcome, and is logged there
            return _after_fault(fault, writing)

    async def _close(self, writing: ReplyWork, outcome: Outcome) -> None:
        """Store first, then say so. What cannot be stored is shown as such, and tried again until it can."""
        growing, ending = writing.growing, writing.ending(outcome)
        while not await self._stored(growing, ending):
            growing.state, growing.error = "interrupted", "not_saved"
            self.hub.tell(growing.conversation, "reply", growing.reply)
            await asyncio.sleep(timing.scaled(timing.STORE_AGAIN_S))
        growing.state, growing.error = outcome.state, outcome.code
        self.hub.tell(growing.conversation, "reply", growing.reply)

    async def _stored(self, growing: GrowingReply, ending: store.Ending) -> bool:
        try:
            await in_database(store.close, growing.pk, ending)
        except Exception:
            log.exception("reply %s could not be stored", growing.reply)
            return False
        return True


def _after_fault(fault: Exception, writing: ReplyWork) -> Outcome:
    outcome = of_fault(fault, has_text=writing.wrote)
    unforeseen = fault if outcome.code == "internal" else None
    reply, kind = writing.growing.reply, type(fault).__name__
    log.warning("reply %s ended: %s (%s)", reply, outcome.code, kind, exc_info=unforeseen)
    return outcome
