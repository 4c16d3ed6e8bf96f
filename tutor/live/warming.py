"""Let the model take in a new conversation's beginning while its learner still thinks about the first sentence."""

import asyncio
import contextlib
from collections.abc import Callable
from uuid import UUID

from tutor.conversations import store
from tutor.conversations.store import ReplyInput
from tutor.database import in_database
from tutor.dialogue import dialogue_for
from tutor.live.budget import budget_of, options_for
from tutor.live.queue import ModelQueue
from tutor.llm.engine_status import EngineState, engine_status
from tutor.llm.engines import Engines
from tutor.llm.selection import CurrentModel, for_conversation

SeatsOf = Callable[[int], ModelQueue]


class Warming:
    """At most one request a conversation, only when nobody waits for the model."""

    def __init__(self, engines: Engines) -> None:
        self.engines = engines
        self._tasks: dict[UUID, asyncio.Task[None]] = {}

    def begin(self, conversation: UUID, seats_of: SeatsOf) -> None:
        if conversation not in self._tasks:
            task = asyncio.get_running_loop().create_task(self._warm(conversation, seats_of))
            self._tasks[conversation] = task
            task.add_done_callback(lambda _: self._tasks.pop(conversation, None))

    def under_way(self, conversation: UUID) -> bool:
        return conversation in self._tasks

    async def finished(self, conversation: UUID) -> None:
        """Wait for the warming of this conversation, if there is one: a reply beside it would read everything twice."""
        task = self._tasks.get(conversation)
        if task is not None:
            await asyncio.wait([task])

    async def drain(self) -> None:
        for task in tuple(self._tasks.values()):
            task.cancel()
        await asyncio.gather(*tuple(self._tasks.values()), return_exceptions=True)

    async def _warm(self, conversation: UUID, seats_of: SeatsOf) -> None:
        with contextlib.suppress(Exception):
            reply_input = await in_database(store.opening_input, conversation)
            answer = for_conversation(reply_input.host_pk, reply_input.model, guided=reply_input.guided)
            engine = engine_status().engine(answer.host_pk)
            if engine is None or not answer.available or seats_of(engine.host_pk).waiting:
                return
            async with seats_of(engine.host_pk).slot(reply_input.learner_pk, _nobody_looks):
                await self._ask(reply_input, answer, engine)

    async def _ask(self, reply_input: ReplyInput, answer: CurrentModel, engine: EngineState) -> None:
        options = options_for(answer, reply_input.options)
        dialogue = dialogue_for(reply_input.talk.style, guided=reply_input.guided, language=reply_input.talk.language)
        request = dialogue.warm(reply_input.talk, budget_of(options, reply_input.characters_per_token), options)
        await self.engines.client(engine).chat(
            answer.model,
            request.messages,
            format=request.format,
            options=dict(request.options),
            keep_alive=reply_input.keep_alive or None,
        )


def _nobody_looks(_place: int, _seconds: int | None) -> None:
    """Nobody is shown the place of a warming."""
