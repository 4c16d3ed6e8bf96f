"""Let the model take in a new conversation's beginning while its learner still thinks about the first sentence."""

import asyncio
import contextlib
from collections.abc import Callable
from uuid import UUID

from tutor.catalogue.board import EngineState, board
from tutor.catalogue.choice import Answering, for_conversation
from tutor.catalogue.engines import Engines
from tutor.conversations import store
from tutor.conversations.store import Brief
from tutor.database import in_database
from tutor.dialogue import dialogue_for
from tutor.live.budget import budget_of, options_for
from tutor.live.seats import Seats

SeatsOf = Callable[[int], Seats]


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
            brief = await in_database(store.brief_of_conversation, conversation)
            answer = for_conversation(brief.host_pk, brief.model, guided=brief.guided)
            engine = board().engine(answer.host_pk)
            if engine is None or not answer.available or seats_of(engine.host_pk).waiting:
                return
            async with seats_of(engine.host_pk).seat(brief.learner_pk, _nobody_looks):
                await self._ask(brief, answer, engine)

    async def _ask(self, brief: Brief, answer: Answering, engine: EngineState) -> None:
        options = options_for(answer, brief.options)
        dialogue = dialogue_for(brief.talk.style, guided=brief.guided, language=brief.talk.language)
        request = dialogue.warm(brief.talk, budget_of(options, brief.characters_per_token), options)
        await self.engines.client(engine).chat(
            answer.model,
            request.messages,
            format=request.format,
            options=dict(request.options),
            keep_alive=brief.keep_alive or None,
        )


def _nobody_looks(_place: int, _seconds: int | None) -> None:
    """Nobody is shown the place of a warming."""
