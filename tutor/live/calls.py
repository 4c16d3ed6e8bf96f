"""One question to a model: choose an engine, wait for a slot, ask with patience, hand over what comes.

Whatever asks a model goes this way: replies, warm-ups, test sentences, and all kinds that come. A call knows nothing of
what it is asked for; that is the :class:`Question`.
"""

import asyncio
import random
import time
from collections.abc import Callable, Hashable, Sequence
from typing import ClassVar, Literal

from tutor.conversations.provenance import Counts, Provenance
from tutor.dialogue import ModelRequest
from tutor.live import timing
from tutor.live.first_chunk import FirstChunk
from tutor.live.outcomes import CallEnded
from tutor.live.queue import GaveWay, ModelQueue, Rank
from tutor.live.thinking import is_refused, wanted_thinking
from tutor.llm.engine_status import engine_status
from tutor.llm.engines import Engines
from tutor.llm.faults import is_busy, worth_another_try
from tutor.llm.selection import CurrentModel
from tutor.ollama import AsyncClient, ChatResponse

NANOSECONDS_A_MS = 1_000_000
LARGEST_COUNT = 2**31 - 1
OpenState = Literal["queued", "loading", "running"]
# How often an engine that is just starting is looked at again.
STARTING_PATIENCE_S = (1.0, 3.0, 6.0)


class AskAgain(Exception):
    """Raised by ``on_chunks``: what comes is not wanted; ``request_for`` gives the next question, in the same slot."""


class Question:
    """What is asked, for whom, and who hears how it goes. Only ``choose`` and ``request_for`` must be written."""

    rank: Rank
    learner: int
    keep_alive: str = ""
    # Whether a full engine is asked again, and one that stumbled once more; else the fault itself is the answer.
    is_patient: ClassVar[bool] = True
    # Work about the same thing helps each other along: see ``ModelQueue.slot``.
    about: Hashable = None

    def choose(self) -> CurrentModel:
        """The model to ask now; one that is not available says why."""
        raise NotImplementedError

    def request_for(self, model: CurrentModel) -> ModelRequest:
        raise NotImplementedError

    async def begin(self, provenance: Provenance) -> None:
        """The request goes out next: note what is asked."""

    def gave_way(self) -> None:
        """Somebody of a higher rank waits: what has come is void, and ``request_for`` is called again later."""

    def on_position(self, position: int, seconds: int | None) -> None:
        """The queue moved: 1 is next, 0 that work about the same thing is under way; ``seconds`` if anybody knows."""

    def on_state(self, state: OpenState, *, prompt_evaluation: bool = False) -> None:
        """Asked again, being loaded, or running; ``prompt_evaluation`` while not a word has come."""

    def on_chunks(self, chunks: Sequence[ChatResponse]) -> bool:
        """Take what came. True: that is enough, the model can be let go."""
        return False


class ModelCall:
    """Asks one question, or several of one piece of work, each but the first of which is the next of its rank.

    Afterwards, also after a fault, it knows what was asked last and what the engine counted.
    """

    def __init__(self, engines: Engines, queues: "ModelQueues") -> None:
        self._engines = engines
        self._queues = queues
        self._came = 0.0
        self._was_served = False
        self.model: CurrentModel | None = None
        self.request: ModelRequest | None = None
        self.last: ChatResponse | None = None
        self._first_token_ms: int | None = None
        self._mentions_thinking = True

    async def ask(self, question: Question) -> None:
        """Put the question and pass on the whole answer. Raises what the client raises; :class:`CallEnded` where
        nobody can answer. A question of the background that has to give way is put again, from its beginning."""
        self._came = time.monotonic()
        while True:
            try:
                return await self._ask_in_turn(question)
            except GaveWay:
                question.gave_way()

    async def _ask_in_turn(self, question: Question) -> None:
        self.model = model = await self._choose(question)
        assert model.host_pk is not None  # noqa: S101 - a model that is available has a host
        queue = self._queues.at(model.host_pk)
        async with queue.slot(
            question.learner, question.rank, question.on_position, question.about, returns=self._was_served
        ) as slot:
            self._was_served, self._first_token_ms = True, None
            await self._ask_until_answered(question, model)
            slot.finished()

    @property
    def counts(self) -> Counts:
        last = self.last
        return Counts(
            prompt_tokens=_count(last.prompt_eval_count) if last else None,
            reply_tokens=_count(last.eval_count) if last else None,
            first_token_ms=self._first_token_ms,
            prompt_ms=_ms(last.prompt_eval_duration) if last else None,
            writing_ms=_ms(last.eval_duration) if last else None,
        )

    @property
    def was_cut(self) -> bool:
        """Whether the answer ended because it was as long as it may be."""
        return self.last is not None and self.last.done_reason == "length"

    async def _choose(self, question: Question) -> CurrentModel:
        """The model that the question wants. An engine that is just starting is waited for."""
        model = question.choose()
        for patience_s in STARTING_PATIENCE_S:
            if model.available or not _is_any_starting():
                break
            await asyncio.sleep(timing.scaled(patience_s))
            await self._engines.probe_now()
            model = question.choose()
        if not model.available:
            raise CallEnded(model.problem)
        return model

    async def _ask_until_answered(self, question: Question, model: CurrentModel) -> None:
        """One more try after a hiccup before the first word; patience, with jitter, while the engine is full."""
        tries, deadline = 0, time.monotonic() + timing.scaled(timing.BUSY_PATIENCE_S)
        while True:
            try:
                return await self._ask_once(question, model)
            except AskAgain:
                continue
            except Exception as fault:
                if self._mentions_thinking and is_refused(fault):
                    self._mentions_thinking = False
                    continue
                tries += 1
                busy = is_busy(fault) and time.monotonic() < deadline
                again = question.is_patient and (busy or (tries == 1 and worth_another_try(fault)))
                if self._first_token_ms is not None or not again:
                    raise
            question.on_state("queued")
            question.on_position(1, None)
            await asyncio.sleep(timing.scaled(random.uniform(0.5, 1.5) * min(8, 2**tries) / 4))  # noqa: S311

    async def _ask_once(self, question: Question, model: CurrentModel) -> None:
        self.request = request = question.request_for(model)
        await question.begin(self._provenance(model, request))
        question.on_state("running", prompt_evaluation=True)
        engine = engine_status().engine(model.host_pk)
        if engine is None:
            raise CallEnded("offline")
        client = self._engines.client(engine)

        def tell(*, loading: bool) -> None:
            question.on_state("loading" if loading else "running", prompt_evaluation=True)

        waiting = FirstChunk(client, model, request, tell)
        await waiting.within(lambda: self._stream(question, client, model, waiting.has_come))

    async def _stream(
        self, question: Question, client: AsyncClient, model: CurrentModel, has_begun: Callable[[], object]
    ) -> None:
        assert self.request is not None  # noqa: S101 - it has just been made
        asked = time.monotonic()
        stream = await client.chat(
            model.model,
            self.request.messages,
            stream=True,
            format=self.request.format,
            options=dict(self.request.options),
            think=wanted_thinking(model) if self._mentions_thinking else None,
            keep_alive=question.keep_alive or None,
            logprobs=self.request.top_logprobs > 0 or None,
            top_logprobs=self.request.top_logprobs or None,
        )
        async with stream:
            async for chunks in stream.in_batches(self._queues.gather_s):
                if self._first_token_ms is None:
                    self._first_token_ms = _ms_since(asked)
                has_begun()
                self.last = next((chunk for chunk in chunks if chunk.done), self.last)
                if question.on_chunks(chunks):
                    return

    def _provenance(self, model: CurrentModel, request: ModelRequest) -> Provenance:
        return Provenance(
            host_pk=model.host_pk,
            model=model.model,
            model_digest=model.digest,
            prompt_version=request.prompt_version,
            options=dict(request.options),
            queued_ms=_ms_since(self._came),
        )


class ModelQueues:
    """A queue for each host, as long as what the host takes at once."""

    def __init__(self) -> None:
        self._queues: dict[int, ModelQueue] = {}

    def at(self, host_pk: int) -> ModelQueue:
        engine = engine_status().engine(host_pk)
        parallelism = engine.parallelism if engine else 1
        queue = self._queues.setdefault(host_pk, ModelQueue(parallelism))
        queue.resize(parallelism)
        return queue

    def gather_s(self) -> float:
        """How long an answer's words are gathered now."""
        taken = sum(queue.taken for queue in self._queues.values())
        return timing.gather_s(taken, asyncio.get_running_loop().time())


def _is_any_starting() -> bool:
    return any(engine.problem == "starting" for engine in engine_status().engines)


def _ms_since(moment: float) -> int:
    return round((time.monotonic() - moment) * 1000)


def _ms(nanoseconds: int | None) -> int | None:
    return None if nanoseconds is None else _count(round(nanoseconds / NANOSECONDS_A_MS))


def _count(claimed: int | None) -> int | None:
    """What an engine claims to have counted, if a database column can hold it."""
    return claimed if claimed is not None and 0 <= claimed <= LARGEST_COUNT else None
