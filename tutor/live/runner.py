"""One reply, from its place in the queue to its last word. The process owns it: no socket, tab or request does."""

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

from tutor.accounts.database import in_database
from tutor.catalogue.board import board
from tutor.catalogue.choice import Answering, for_conversation
from tutor.catalogue.engines import Engines
from tutor.conversations import store
from tutor.conversations.store import Brief, Ending, Provenance
from tutor.dialogue import Dialogue, ModelRequest, Reader, dialogue_for
from tutor.live import pace
from tutor.live.budget import budget_of
from tutor.live.growing import Growing
from tutor.live.hub import Hub
from tutor.live.outcomes import Outcome, is_busy, of_fault, worth_another_try
from tutor.live.seats import Seats
from tutor.live.warming import Warming
from tutor.ollama import AsyncClient, ChatResponse

log = logging.getLogger(__name__)
MS = 1_000_000
STOPPED = Outcome("stopped")


class NoModelError(Exception):
    """Nobody can answer this conversation now."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Runner:
    """Starts, stops and drains the tasks that let replies grow."""

    def __init__(self, hub: Hub, engines: Engines, owner: str) -> None:
        self.hub = hub
        self.engines = engines
        self.owner = owner
        self._tasks: dict[UUID, asyncio.Task[None]] = {}
        self._ends: dict[UUID, Outcome] = {}
        self._seats: dict[int, Seats] = {}
        self.warming = Warming(engines)

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
        await self.warming.drain()
        await asyncio.gather(*(self.stop(reply, Outcome("interrupted", "restart")) for reply in list(self._tasks)))

    def warm(self, conversation: UUID) -> None:
        """Take in a new conversation's prompt ahead of its first message."""
        self.warming.begin(conversation, self.seats)

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
            writing = _Writing(self, brief, growing)
            outcome = await self._outcome(writing)
            await _uncancelled(self._close(writing, outcome))

    async def _outcome(self, writing: "_Writing") -> Outcome:
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

    async def _close(self, writing: "_Writing", outcome: Outcome) -> None:
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


class _Writing:
    """What one run of a reply knows while it runs."""

    def __init__(self, runner: Runner, brief: Brief, growing: Growing) -> None:
        self.runner = runner
        self.brief = brief
        self.growing = growing
        self.dialogue: Dialogue = dialogue_for(brief.talk.style, guided=brief.guided, language=brief.talk.language)
        self.began = time.monotonic()
        self.last: ChatResponse | None = None
        self.first_token_ms: int | None = None
        self.request: ModelRequest | None = None
        self.wrote = bool(brief.sofar)

    async def write(self) -> Outcome:
        answer = await self._engine()
        await self._after_warming()
        async with self._seat(answer):
            return await self._ask_until_answered(answer)

    async def _engine(self) -> Answering:
        """The conversation's model, or the one that takes over. One that is just starting is waited for."""
        brief = self.brief
        for patience_s in (0.0, 1.0, 3.0, 6.0):
            if patience_s:
                await asyncio.sleep(pace.scaled(patience_s))
                await self.runner.engines.probe_now()
            answer = for_conversation(brief.host_pk, brief.model, guided=brief.guided)
            if answer.available or not _starting():
                break
        if not answer.available:
            raise NoModelError(answer.problem)
        return answer

    @asynccontextmanager
    async def _seat(self, answer: Answering) -> AsyncIterator[None]:
        assert answer.host_pk is not None  # noqa: S101 - an available answer has a host
        async with self.runner.seats(answer.host_pk).seat(self.brief.learner_pk, self._placed):
            yield

    async def _after_warming(self) -> None:
        self.growing.state, self.growing.reading = "running", True
        await self.runner.warming.finished(self.brief.conversation)
        self.growing.state, self.growing.reading = "queued", False

    def _placed(self, place: int, seconds: int | None) -> None:
        self.growing.place, self.growing.seconds = place, seconds
        self._moved()

    def _moved(self) -> None:
        self.runner.hub.tell(self.growing.conversation, "state", self.growing.reply)

    async def _ask_until_answered(self, answer: Answering) -> Outcome:
        """One more try after a hiccup before the first word; patience, with jitter, while the engine is full."""
        tries, deadline = 0, time.monotonic() + pace.scaled(pace.BUSY_PATIENCE_S)
        while True:
            try:
                return await self._ask(answer)
            except Exception as fault:
                tries += 1
                nothing_yet = self.growing.seq == (1 if self.brief.sofar else 0)
                busy = is_busy(fault) and time.monotonic() < deadline
                if not nothing_yet or not (busy or (tries == 1 and worth_another_try(fault))):
                    raise
                self._wait_state()
                await asyncio.sleep(pace.scaled(random.uniform(0.5, 1.5) * min(8, 2**tries) / 4))  # noqa: S311

    def _wait_state(self) -> None:
        self.growing.state, self.growing.reading, self.growing.place = "queued", False, 1
        self._moved()

    async def _ask(self, answer: Answering) -> Outcome:
        self.request = request = self._request()
        await in_database(store.begin_running, self.growing.pk, self._provenance(answer, request))
        if answer.model != self.brief.model:
            self.runner.hub.tell(self.growing.conversation, "conversation", self.growing.conversation)
        self.growing.state, self.growing.reading, self.growing.place = "running", True, None
        self._moved()
        engine = board().engine(answer.host_pk)
        if engine is None:
            raise NoModelError("offline")
        client = self.runner.engines.client(engine)
        watch = asyncio.create_task(self._say_whether_loading(client, answer.model))
        try:
            return await self._stream(client, answer.model, request)
        finally:
            watch.cancel()

    def _request(self) -> ModelRequest:
        brief = self.brief
        budget = budget_of(brief.options, brief.characters_per_token)
        if brief.sofar:
            return self.dialogue.continuation(brief.talk, brief.sofar, budget, brief.options)
        return self.dialogue.request(brief.talk, budget, brief.options)

    def _provenance(self, answer: Answering, request: ModelRequest) -> Provenance:
        return Provenance(
            host_pk=answer.host_pk,
            model=answer.model,
            model_digest=answer.digest,
            prompt_version=request.prompt_version,
            options=dict(request.options),
            queued_ms=self._ms_since(self.began),
        )

    async def _stream(self, client: AsyncClient, model: str, request: ModelRequest) -> Outcome:
        reader, asked = self.dialogue.reader(self.brief.sofar), time.monotonic()
        keep_alive = self.brief.keep_alive or None
        stream = await client.chat(
            model,
            request.messages,
            stream=True,
            format=request.format,
            options=dict(request.options),
            keep_alive=keep_alive,
        )
        async with stream:
            async for chunk in stream:
                if self.first_token_ms is None:
                    self.first_token_ms = self._ms_since(asked)
                self._take(chunk, reader)
                if self.growing.characters > pace.REPLY_CHARACTERS:
                    return Outcome("interrupted", "too_long")
        return self._finish(reader)

    def _take(self, chunk: ChatResponse, reader: Reader) -> None:
        if chunk.message.thinking:
            self.growing.thinking += chunk.message.thinking
        self._grow(reader.feed(chunk.message.content or ""))
        if chunk.done:
            self.last = chunk

    def _finish(self, reader: Reader) -> Outcome:
        self._grow(reader.finish())
        if not self.growing.characters:
            return Outcome("failed", "empty")
        return Outcome("done", "length" if self.last is not None and self.last.done_reason == "length" else "")

    def _grow(self, text: str) -> None:
        if not text:
            return
        self.wrote = True
        if self.growing.reading or self.growing.state != "running":
            self.growing.reading, self.growing.state = False, "running"
            self._moved()
        self.growing.append(text)
        self.runner.hub.tell(self.growing.conversation, "reply", self.growing.reply)

    async def _say_whether_loading(self, client: AsyncClient, model: str) -> None:
        """While no word comes: is the model being loaded, or is it reading? Ask the engine what it holds."""
        with contextlib.suppress(Exception):
            while True:
                await asyncio.sleep(pace.scaled(1.0))
                loaded = {row.model for row in (await client.ps()).models}
                state = "running" if model in loaded or f"{model}:latest" in loaded else "loading"
                if self.growing.reading and state != self.growing.state:
                    self.growing.state = state
                    self._moved()

    def ending(self, outcome: Outcome) -> Ending:
        growing, last = self.growing, self.last
        counts = {
            "prompt_tokens": last.prompt_eval_count if last else None,
            "reply_tokens": last.eval_count if last else None,
            "prompt_ms": _ms(last.prompt_eval_duration) if last else None,
            "writing_ms": _ms(last.eval_duration) if last else None,
            "first_token_ms": self.first_token_ms,
        }
        prompt = sum(len(message["content"]) for message in self.request.messages) if self.request else 0
        return Ending(
            state=outcome.state,
            epoch=growing.epoch,
            seq=growing.seq,
            text=growing.text,
            thinking=growing.thinking,
            code=outcome.code,
            counts=counts,
            prompt_characters=prompt,
        )

    def _ms_since(self, moment: float) -> int:
        return round((time.monotonic() - moment) * 1000)


def _ms(nanoseconds: int | None) -> int | None:
    return None if nanoseconds is None else round(nanoseconds / MS)


def _starting() -> bool:
    return any(engine.problem == "starting" for engine in board().engines)


async def _uncancelled(work: "asyncio.Future[None] | object") -> None:
    """Finish ``work`` even if the task is cancelled meanwhile: the last write outlives what caused it."""
    task = asyncio.ensure_future(work)  # type: ignore[arg-type,var-annotated]
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        await task
