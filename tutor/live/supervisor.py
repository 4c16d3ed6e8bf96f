"""What one server process owns of the talks, started and drained by the project: hub, runner, and what goes on."""

import asyncio
import logging
import socket
import uuid
from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar
from uuid import UUID

from django.conf import settings

from tutor.conversations import margin, store, talk_reports
from tutor.conversations.store import ReplyInput
from tutor.database import empty_log, in_database
from tutor.dialogue import suggestions
from tutor.dialogue.help_cards import asks_for_help
from tutor.jobs.registry import registry
from tutor.live import unsaved
from tutor.live.checkpoints import Checkpoints
from tutor.live.corrections import CorrectionWork
from tutor.live.helping import Helping
from tutor.live.housekeeping import keep_erasing, keep_looking_at_sessions
from tutor.live.hub import Hub
from tutor.live.outcomes import RESTART
from tutor.live.replies import ReplyWork
from tutor.live.reports import ReportWork, report_key
from tutor.live.runner import Runner
from tutor.live.warming import WarmingWork
from tutor.llm.engine_status import engine_status
from tutor.llm.engines import Engines
from tutor.llm.selection import CurrentModel

log = logging.getLogger(__name__)
T = TypeVar("T")
# How long the end of a process waits for the database; ten seconds are all that a service manager may give.
STORE_S = 5.0


class NoSupervisor(RuntimeError):
    """This process does not run talks: it is no server, or one that has just begun or is about to end."""


class Supervisor:
    """One a process. ``owner`` names host and boot: after a restart every other owner is dead."""

    def __init__(self, engines: Engines) -> None:
        self.owner = f"{socket.gethostname()[:40]}:{uuid.uuid4().hex[:12]}"
        self.hub = Hub()
        self.engines = engines
        self.runner = Runner(engines)
        self.checkpoints = Checkpoints(self.hub)
        self.helping = Helping(self.hub, self.runner, self.owner)
        self.draining = False
        self._tasks: list[asyncio.Task[None]] = []
        self._under_way: set[asyncio.Task[Any]] = set()
        self._loop: asyncio.AbstractEventLoop | None = None

    async def start(self) -> None:
        self._loop = asyncio.get_running_loop()
        taken = await in_database(unsaved.take_in, settings.VAR_DIR)
        if taken:
            log.info("%d replies are stored now that an earlier process could not store", taken)
        swept = await in_database(store.sweep, self.owner)
        if swept:
            log.info("%d works of an earlier process are now interrupted", swept)
        await registry.start(self.owner)
        await self.engines.start()
        kept = (self.checkpoints.keep(), keep_erasing(), keep_looking_at_sessions(), self._take_up())
        self._tasks = [asyncio.create_task(one) for one in kept]

    async def _take_up(self) -> None:
        """Go on with what an earlier process left, once it is known who answers."""
        await self.engines.probe_now()
        await self._correct_again()

    async def drain(self) -> None:
        """Take nothing new, store what there is, stop the engines. What cannot be stored in time goes to a file."""
        self.draining = True
        try:
            async with asyncio.timeout(STORE_S):
                await self.runner.drain()
                # The last connection that closes deletes the log, as it stands.
                await in_database(empty_log)
        except TimeoutError:
            self._keep_unsaved()
        finally:
            for task in self._tasks:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            await registry.drain()
            await self.engines.stop()

    def _keep_unsaved(self) -> None:
        growing = self.hub.all_growing()
        unsaved_replies = [(one.pk, one.ending or one.end(RESTART.state, RESTART.code)) for one in growing]
        if unsaved_replies:
            file = unsaved.keep(settings.VAR_DIR, self.owner, unsaved_replies)
            log.warning("the database takes nothing: %d replies wait in %s", len(unsaved_replies), file.name)

    async def shielded(self, work: Coroutine[Any, Any, T]) -> T:
        """Do ``work`` to its end, even if whoever asked for it is gone before: a browser may leave at any moment."""
        return await asyncio.shield(self._begin(work))

    def _begin(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._done)
        return task

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._under_way.discard(task)
        if not task.cancelled():
            task.exception()

    def let_grow(self, conversation: UUID, reply: UUID, reply_pk: int) -> None:
        """Begin a run of this stored reply. A warm-up of its conversation that nobody has begun yet is not needed."""
        if not self._is_warming(conversation):
            self._begin(self.runner.stop(conversation))
        self.runner.start(reply, ReplyWork(self.hub, reply, reply_pk, self), conversation)

    def begun(self, given: ReplyInput) -> None:
        """A message is being answered: where it asks for help, that comes at once."""
        if asks_for_help(given.talk):
            self._begin(self.helping.answer(given.reply))

    def written(self, given: ReplyInput, *, asks_for_report: bool) -> None:
        """A reply has been written: look at what it answered. Only now, so that it never waited for that."""
        if not self.draining:
            self._begin(self._look_back(given, asks_for_report=asks_for_report))

    async def _look_back(self, given: ReplyInput, *, asks_for_report: bool) -> None:
        if suggestions.are_wanted(given.talk):
            await self.helping.offer(given.reply)
        if settings.CORRECTIONS != "off":
            await self._correct(given.reply)
        if asks_for_report and not self.draining:
            await self._report(given.conversation)

    async def _correct(self, reply: UUID) -> None:
        """Returns when it is made: a report that is due rests on it."""
        begun = await in_database(margin.begin_correction, reply, self.owner)
        if begun is not None:
            self.look_at(begun)
        self.tell_cards(*await in_database(margin.reveal_where_over, reply))
        if begun is not None:
            await self.runner.finished(begun.card)

    async def _report(self, conversation: UUID) -> None:
        pk = await in_database(talk_reports.begin_report, conversation, self.owner)
        if pk is not None:
            self.runner.start(report_key(conversation), ReportWork(pk), conversation)

    async def _correct_again(self, conversation: UUID | None = None) -> None:
        """Take up corrections that an earlier process, or a deletion that was undone, has cut off."""
        if settings.CORRECTIONS != "off":
            for begun in await in_database(margin.begin_again, self.owner, conversation):
                self.look_at(begun)

    def tell_cards(self, conversation: UUID, cards: Iterable[UUID]) -> None:
        for card in cards:
            self.hub.tell(conversation, "card", card)

    def look_at(self, begun: margin.Begun) -> None:
        """Make this correction that was begun."""
        self.runner.start(begun.card, CorrectionWork(self.hub, begun.pk, self._read_again), begun.conversation)

    def _read_again(self, conversation: UUID, model: CurrentModel) -> None:
        """A model was asked about something beside this talk: where it keeps one prompt only, the next reply would have
        to read all of the talk anew. So that is done now, while the learner reads and thinks. The built-in engine keeps
        more, and in guided talk few replies need a model."""
        engine = engine_status().engine(model.host_pk)
        keeps_one = engine is not None and engine.kind == "ollama" and engine.parallelism == 1
        is_wanted = keeps_one and not model.guided and self.hub.is_followed(conversation)
        if is_wanted and not self.draining and self.runner.work(conversation) is None:
            self.runner.start(conversation, WarmingWork(conversation), conversation)

    def _is_warming(self, conversation: UUID) -> bool:
        warming = self.runner.work(conversation)
        return isinstance(warming, WarmingWork) and warming.is_asking

    def warm_soon(self, conversation: UUID) -> None:
        """Let the model take in a new conversation's beginning. May be called from any thread."""
        if self._loop is not None and not self.draining:
            work = WarmingWork(conversation)
            self._loop.call_soon_threadsafe(self.runner.start, conversation, work, conversation)

    def report_soon(self, conversation: UUID) -> None:
        """Let the report of a talk be made, if it isn't there yet. May be called from any thread."""
        if not self.draining:
            self._begin_soon(lambda: self._report(conversation))

    def stop_soon(self, conversation: UUID) -> None:
        """Stop what is made for this conversation: it was deleted. May be called from any thread."""
        self._begin_soon(lambda: self.runner.stop_all_of(conversation))

    def go_on_soon(self, conversation: UUID) -> None:
        """The deletion was undone: what nobody has to ask for anew goes on. May be called from any thread."""
        if not self.draining:
            self._begin_soon(lambda: self._correct_again(conversation))

    def _begin_soon(self, work: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self._loop is not None:
            self._loop.call_soon_threadsafe(lambda: self._begin(work()))


_own: Supervisor | None = None


def set_supervisor(supervisor: Supervisor | None) -> None:
    global _own  # noqa: PLW0603 - one a process
    _own = supervisor


def warm_soon(conversation: UUID) -> None:
    """The same for whoever does not know whether this process runs talks."""
    if _own is not None:
        _own.warm_soon(conversation)


def report_soon(conversation: UUID) -> None:
    """The same: let a model add to the report of a talk."""
    if _own is not None:
        _own.report_soon(conversation)


def stop_soon(conversation: UUID) -> None:
    """The same, wherever that conversation's reply may grow."""
    if _own is not None:
        _own.stop_soon(conversation)


def go_on_soon(conversation: UUID) -> None:
    if _own is not None:
        _own.go_on_soon(conversation)


def supervisor() -> Supervisor:
    """This process's supervisor. Raises NoSupervisor outside a running server."""
    if _own is None:
        raise NoSupervisor
    return _own
