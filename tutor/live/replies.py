"""One run of a reply: from a place at the model to its last word."""

import asyncio
import contextlib
import random
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from tutor.conversations import store
from tutor.conversations.store import Ending, Provenance, ReplyInput
from tutor.database import in_database
from tutor.dialogue import Dialogue, ModelRequest, Reader, calibrated, dialogue_for
from tutor.live import timing
from tutor.live.budget import budget_of, options_for
from tutor.live.growing_reply import GrowingReply
from tutor.live.hub import Hub
from tutor.live.outcomes import Outcome, is_busy, worth_another_try
from tutor.live.queue import ModelQueue
from tutor.live.warming import Warming
from tutor.llm.engine_status import engine_status
from tutor.llm.engines import Engines
from tutor.llm.selection import CurrentModel, for_conversation
from tutor.ollama import AsyncClient, ChatResponse

NANOSECONDS_A_MS = 1_000_000
LARGEST_COUNT = 2**31 - 1


class NoModelError(Exception):
    """Nobody can answer this conversation now."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Means:
    """What every run shares in this process."""

    hub: Hub
    engines: Engines
    seats: Callable[[int], ModelQueue]
    warming: Warming


class ReplyWork:
    """What one run of a reply knows while it runs."""

    def __init__(self, means: Means, reply_input: ReplyInput, growing: GrowingReply) -> None:
        self.means = means
        self.reply_input = reply_input
        self.growing = growing
        self.dialogue: Dialogue = dialogue_for(
            reply_input.talk.style, guided=reply_input.guided, language=reply_input.talk.language
        )
        self.began = time.monotonic()
        self.last: ChatResponse | None = None
        self.first_token_ms: int | None = None
        self.request: ModelRequest | None = None
        self.wrote = bool(reply_input.sofar)
        self.taken = 0

    async def write(self) -> Outcome:
        answer = await self._engine()
        await self._after_warming()
        async with self._seat(answer):
            return await self._ask_until_answered(answer)

    async def _engine(self) -> CurrentModel:
        """The conversation's model, or the one that takes over. One that is just starting is waited for."""
        reply_input = self.reply_input
        answer = for_conversation(reply_input.host_pk, reply_input.model, guided=reply_input.guided)
        for patience_s in (1.0, 3.0, 6.0):
            if answer.available or not _starting():
                break
            await asyncio.sleep(timing.scaled(patience_s))
            await self.means.engines.probe_now()
            answer = for_conversation(reply_input.host_pk, reply_input.model, guided=reply_input.guided)
        if not answer.available:
            raise NoModelError(answer.problem)
        return answer

    @asynccontextmanager
    async def _seat(self, answer: CurrentModel) -> AsyncIterator[None]:
        assert answer.host_pk is not None  # noqa: S101 - an available answer has a host
        async with self.means.seats(answer.host_pk).slot(self.reply_input.learner_pk, self._placed):
            yield

    async def _after_warming(self) -> None:
        """The model is just taking in this conversation's beginning: that is "reading" to whoever waits."""
        if self.means.warming.under_way(self.reply_input.conversation):
            self._be("running", reading=True)
            await self.means.warming.finished(self.reply_input.conversation)
            self._be("queued")

    def _placed(self, place: int, seconds: int | None) -> None:
        self.growing.place, self.growing.seconds = place, seconds
        self._moved()

    def _be(self, state: str, *, reading: bool = False, place: int | None = None) -> None:
        self.growing.state, self.growing.reading, self.growing.place = state, reading, place
        self._moved()

    def _moved(self) -> None:
        self.means.hub.tell(self.growing.conversation, "state", self.growing.reply)

    async def _ask_until_answered(self, answer: CurrentModel) -> Outcome:
        """One more try after a hiccup before the first word; patience, with jitter, while the engine is full."""
        tries, deadline = 0, time.monotonic() + timing.scaled(timing.BUSY_PATIENCE_S)
        while True:
            try:
                return await self._ask(answer)
            except Exception as fault:
                tries += 1
                nothing_yet = self.growing.seq == (1 if self.reply_input.sofar else 0)
                busy = is_busy(fault) and time.monotonic() < deadline
                if not nothing_yet or not (busy or (tries == 1 and worth_another_try(fault))):
                    raise
                self._be("queued", place=1)
                await asyncio.sleep(timing.scaled(random.uniform(0.5, 1.5) * min(8, 2**tries) / 4))  # noqa: S311

    async def _ask(self, answer: CurrentModel) -> Outcome:
        self.request = request = self._request(answer)
        await in_database(store.begin_running, self.growing.pk, self._provenance(answer, request))
        if answer.model != self.reply_input.model:
            self.means.hub.tell(self.growing.conversation, "conversation", self.growing.conversation)
        self._be("running", reading=True)
        engine = engine_status().engine(answer.host_pk)
        if engine is None:
            raise NoModelError("offline")
        client = self.means.engines.client(engine)
        watch = asyncio.create_task(self._say_whether_loading(client, answer.model))
        try:
            return await self._stream(client, answer.model, request)
        finally:
            watch.cancel()

    def _request(self, answer: CurrentModel) -> ModelRequest:
        reply_input = self.reply_input
        options = options_for(answer, reply_input.options)
        budget = budget_of(options, reply_input.characters_per_token)
        if reply_input.sofar:
            return self.dialogue.continuation(reply_input.talk, reply_input.sofar, budget, options)
        return self.dialogue.request(reply_input.talk, budget, options)

    def _provenance(self, answer: CurrentModel, request: ModelRequest) -> Provenance:
        return Provenance(
            host_pk=answer.host_pk,
            model=answer.model,
            model_digest=answer.digest,
            prompt_version=request.prompt_version,
            options=dict(request.options),
            queued_ms=self._ms_since(self.began),
        )

    async def _stream(self, client: AsyncClient, model: str, request: ModelRequest) -> Outcome:
        reader, asked = self.dialogue.reader(self.reply_input.talk, self.reply_input.sofar), time.monotonic()
        keep_alive = self.reply_input.keep_alive or None
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
                if reader.settled:
                    break
                if self.growing.characters >= timing.REPLY_CHARACTERS or self.taken >= timing.CHUNK_CHARACTERS:
                    return Outcome("interrupted" if self.wrote else "failed", "too_long")
        return self._finish(reader)

    def _take(self, chunk: ChatResponse, reader: Reader) -> None:
        self.taken += len(chunk.message.content or "") + len(chunk.message.thinking or "")
        if chunk.message.thinking:
            self.growing.thinking += chunk.message.thinking
        # PostgreSQL keeps no NUL, and no reader misses one.
        self._grow(reader.feed((chunk.message.content or "").replace("\x00", "\ufffd")))
        if chunk.done:
            self.last = chunk

    def _finish(self, reader: Reader) -> Outcome:
        self._grow(reader.finish())
        if not self.growing.characters:
            return Outcome("failed", "empty")
        return Outcome("done", "length" if self.last is not None and self.last.done_reason == "length" else "")

    def _grow(self, text: str) -> None:
        text = text[: timing.REPLY_CHARACTERS - self.growing.characters]
        if not text:
            return
        self.wrote = True
        if self.growing.reading or self.growing.state != "running":
            self._be("running")
        self.growing.append(text)
        self.means.hub.tell(self.growing.conversation, "reply", self.growing.reply)

    async def _say_whether_loading(self, client: AsyncClient, model: str) -> None:
        """While no word comes: is the model being loaded, or is it reading? Ask the engine what it holds."""
        with contextlib.suppress(Exception):
            await asyncio.sleep(timing.scaled(1.0))
            while self.growing.reading:
                loaded = {row.model for row in (await client.ps()).models}
                state = "running" if model in loaded or f"{model}:latest" in loaded else "loading"
                self._found(state)
                await asyncio.sleep(timing.scaled(1.0))

    def _found(self, state: str) -> None:
        if self.growing.reading and state != self.growing.state:
            self._be(state, reading=True)

    def ending(self, outcome: Outcome) -> Ending:
        growing, last = self.growing, self.last
        counts = {
            "prompt_tokens": _count(last.prompt_eval_count) if last else None,
            "reply_tokens": _count(last.eval_count) if last else None,
            "prompt_ms": _ms(last.prompt_eval_duration) if last else None,
            "writing_ms": _ms(last.eval_duration) if last else None,
            "first_token_ms": self.first_token_ms,
        }
        return Ending(
            state=outcome.state,
            epoch=growing.epoch,
            seq=growing.seq,
            text=growing.text,
            thinking=growing.thinking,
            code=outcome.code,
            counts=counts,
            characters_per_token=self._calibrated(),
        )

    def _calibrated(self) -> float | None:
        """Characters a token, by what the engine counted for what it was sent."""
        counted = self.last.prompt_eval_count if self.last else None
        if not (self.request and counted):
            return None
        return calibrated(self.request.messages, counted, self.reply_input.characters_per_token)

    def _ms_since(self, moment: float) -> int:
        return round((time.monotonic() - moment) * 1000)


def _ms(nanoseconds: int | None) -> int | None:
    return None if nanoseconds is None else _count(round(nanoseconds / NANOSECONDS_A_MS))


def _count(claimed: int | None) -> int | None:
    """What an engine claims to have counted, if a database column can hold it."""
    return claimed if claimed is not None and 0 <= claimed <= LARGEST_COUNT else None


def _starting() -> bool:
    return any(engine.problem == "starting" for engine in engine_status().engines)
