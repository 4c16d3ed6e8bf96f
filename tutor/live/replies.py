"""A reply: the tutor's words, growing while whoever wrote looks on."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Protocol
from uuid import UUID

from tutor.conversations import store
from tutor.conversations.models import Reply
from tutor.conversations.provenance import Provenance
from tutor.conversations.store import Ending, ReplyInput
from tutor.database import in_database
from tutor.dialogue import (
    AuthoredReply,
    Dialogue,
    ModelRequest,
    Utterance,
    calibrated,
    dialogue_for,
    moves_on,
    talk_progress,
)
from tutor.live import timing
from tutor.live.budget import budget_of, options_for
from tutor.live.calls import ModelCall, OpenState, Question
from tutor.live.hub import Hub
from tutor.live.outcomes import DONE, CallEnded, Outcome
from tutor.live.queue import Rank
from tutor.live.reading import Reading
from tutor.live.shown_reply import ShownReply
from tutor.live.thinking import thinks_by_level, with_room
from tutor.llm.selection import CurrentModel, for_conversation
from tutor.ollama import ChatResponse

log = logging.getLogger(__name__)


class Beside(Protocol):
    """What else is done about a message, beside the reply to it."""

    def begun(self, given: ReplyInput) -> None: ...

    def written(self, given: ReplyInput, *, asks_for_report: bool) -> None:
        """The reply is stored. ``asks_for_report``: now is the time to look back at the whole talk."""
        ...


class ReplyWork(Question):
    """One run of a reply, from its place in the queue to its last word."""

    rank = Rank.REPLY

    def __init__(self, hub: Hub, reply: UUID, pk: int, beside: Beside) -> None:
        self.hub = hub
        self.reply = reply
        self.pk = pk
        self.beside = beside
        self.call: ModelCall | None = None

    async def load(self) -> None:
        self.input: ReplyInput = await in_database(store.reply_input, self.pk)
        given = self.input
        self.learner, self.about, self.keep_alive = given.learner_pk, given.conversation, given.keep_alive
        talk = given.talk
        self.dialogue: Dialogue = dialogue_for(
            talk.style, guided=given.guided, language=talk.language, version=talk.style_version
        )
        self.shown = ShownReply(self.hub, self.pk, given)
        self.reading = Reading(self.dialogue, given, self.shown)
        self.moves_on = moves_on(talk)
        self._tell_goals()
        self.beside.begun(given)

    async def give_up(self) -> None:
        await in_database(store.give_up, Reply, self.pk)

    @property
    def has_content(self) -> bool:
        return self.shown.growing.characters > 0

    async def run(self, call: Callable[[], ModelCall]) -> Outcome:
        authored = self.dialogue.authored_reply(self.input.talk, self.input.sofar)
        if authored is not None:
            return await self._say(authored)
        self.call = call()
        await self.call.ask(self)
        self.reading.finish()
        if not self.has_content:
            raise CallEnded("empty")
        return Outcome("done", self.reading.flaw)

    async def close(self, outcome: Outcome) -> None:
        """Store first, then say so. What cannot be stored is shown as such, and tried again until it can."""
        counts = self.call.counts if self.call else None
        ending = self.shown.growing.end(outcome.state, outcome.code, counts, outcome.detail)
        try:
            while not await self._stored(ending):
                self.shown.end("interrupted", "not_saved")
                await asyncio.sleep(timing.scaled(timing.STORE_AGAIN_S))
            self.shown.end(outcome.state, outcome.code)
            self._tell_goals()
        finally:
            self.shown.let_go()
        self.beside.written(self.input, asks_for_report=outcome == DONE and self._asks_for_report())

    def _asks_for_report(self) -> bool:
        """Whether the talk is over with this reply, or was asked how it went."""
        if not self.moves_on:
            return False
        utterances = [*self.input.talk.utterances, Utterance("tutor", self.shown.growing.text)]
        progress = talk_progress(replace(self.input.talk, utterances=utterances))
        return progress.stage == "over" or progress.asks_how_it_went

    def choose(self) -> CurrentModel:
        """The conversation's model, or the one that takes over."""
        return for_conversation(self.input.host_pk, self.input.model, guided=self.input.guided)

    def request_for(self, model: CurrentModel) -> ModelRequest:
        given = self.input
        self.reading.begin()
        options = options_for(model, given.options)
        if self.reading.may_think or thinks_by_level(model):
            options = with_room(options)
        budget = budget_of(options, given.characters_per_token)
        if given.sofar:
            return self.dialogue.continuation(given.talk, given.sofar, budget, options)
        ask = self.dialogue.insistent if self.reading.insists else self.dialogue.request
        return ask(given.talk, budget, options)

    async def begin(self, provenance: Provenance) -> None:
        await in_database(store.begin_reply, self.pk, provenance)
        if provenance.model not in {"", self.input.model}:
            self.shown.tell_of_model()

    def on_position(self, position: int, seconds: int | None) -> None:
        if position == 0:  # the model is just taking in this conversation's beginning
            self.shown.be("running", prompt_evaluation=True)
        else:
            self.shown.be("queued", position=position, seconds=seconds)

    def on_state(self, state: OpenState, *, prompt_evaluation: bool = False) -> None:
        self.shown.be(state, prompt_evaluation=prompt_evaluation)

    def on_chunks(self, chunks: Sequence[ChatResponse]) -> bool:
        return self.reading.take(chunks)

    async def _say(self, authored: AuthoredReply) -> Outcome:
        """One reply only is possible: no engine is needed, and none is asked."""
        await self.begin(Provenance(authored.prompt_version))
        self.shown.grow(authored.text)
        return DONE

    def _tell_goals(self) -> None:
        """With the message, and again with the reply, which may be the last."""
        if self.moves_on:
            self.hub.tell(self.input.conversation, "goals", self.input.conversation)

    async def _stored(self, ending: Ending) -> bool:
        try:
            await in_database(store.close_reply, self.pk, ending, self._calibrated())
        except Exception:
            log.exception("reply %s could not be stored", self.reply)
            return False
        return True

    def _calibrated(self) -> float | None:
        """Characters a token, by what the engine counted for what it was sent."""
        call = self.call
        if call is None or call.request is None or call.last is None or not call.last.prompt_eval_count:
            return None
        return calibrated(call.request.messages, call.last.prompt_eval_count, self.input.characters_per_token)
