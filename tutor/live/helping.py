"""Help beside a turn: put there by code, and completed by a model where nobody has written what it lacks.

Somebody waits for it, so it comes right after replies; what people wrote costs no model anything.
"""

from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from tutor.conversations import help as beside
from tutor.conversations import store
from tutor.conversations.help import HelpInput, Shown
from tutor.conversations.models import Card, Conversation
from tutor.conversations.provenance import Provenance
from tutor.conversations.services import RefusedError
from tutor.conversations.store import Ending
from tutor.database import in_database
from tutor.dialogue import ModelRequest
from tutor.dialogue.help_cards import HelpCard, read_card
from tutor.dialogue.help_questions import HelpQuestion, completed, suggested
from tutor.live.budget import options_for
from tutor.live.calls import ModelCall, Question
from tutor.live.hub import Hub
from tutor.live.outcomes import DONE, Outcome
from tutor.live.queue import Rank
from tutor.live.runner import Runner
from tutor.llm.selection import CurrentModel, for_conversation
from tutor.ollama import ChatResponse


class Helping:
    """Begins the help of one process."""

    def __init__(self, hub: Hub, runner: Runner, owner: str) -> None:
        self.hub = hub
        self.runner = runner
        self.owner = owner

    async def answer(self, reply: UUID) -> None:
        """Help with the message that this reply answers."""
        self._show(await in_database(beside.begin_help, reply, self.owner, _may_ask))

    async def offer(self, reply: UUID) -> bool:
        """Offer three answers to this reply, which is written. Returns False where there are none to be had."""
        shown = await in_database(beside.begin_answers, reply, self.owner, _may_ask)
        self._show(shown)
        return shown is not None

    async def suggest(self, reply: UUID) -> None:
        """The same for who asks for them. Raises RefusedError(``no_suggestions``)."""
        if not await self.offer(reply):
            raise RefusedError("no_suggestions")

    def _show(self, shown: Shown | None) -> None:
        if shown is None:
            return
        self.hub.tell(shown.conversation, "card", shown.card)
        if shown.waits:
            self.runner.start(shown.card, HelpWork(self.hub, shown.pk), shown.conversation)


def _may_ask(conversation: Conversation) -> bool:
    """Whether the model that answers here is big enough to be believed about the language."""
    answer = for_conversation(conversation.host_id, conversation.model, guided=conversation.guided)
    return answer.available and not answer.guided


class HelpWork(Question):
    """One short question about the language. What fails leaves the card as people wrote it."""

    rank = Rank.TAP

    def __init__(self, hub: Hub, pk: int) -> None:
        self.hub = hub
        self.pk = pk
        self.content = ""
        self.made: dict[str, Any] = {}
        self.call: ModelCall | None = None

    @property
    def has_content(self) -> bool:
        return bool(self.made)

    async def load(self) -> None:
        self.input: HelpInput = await in_database(beside.help_input, self.pk)
        self.learner, self.keep_alive = self.input.learner_pk, self.input.keep_alive
        self.card: HelpCard | None = None if "answers" in self.input.body else read_card(self.input.body)
        question = self.input.body.get("question", "")
        self.question = (
            HelpQuestion(self.card.wanted, self.card.word, question) if self.card else HelpQuestion("answers")
        )

    async def give_up(self) -> None:
        await in_database(store.give_up, Card, self.pk)

    async def run(self, call: Callable[[], ModelCall]) -> Outcome:
        self.call = call()
        await self.call.ask(self)
        texts = self.question.read(self.content)
        if self.card is None:
            self.made = {"answers": list(suggested(texts, self.input.talk)), "source": "model"}
        else:
            self.made = asdict(completed(self.card, texts, self.input.talk))
        return DONE

    async def close(self, outcome: Outcome) -> None:
        """A help card stands without the model too; suggestions that did not come are none."""
        body = self.made or self.input.body
        state = outcome.state if self.made or self.card is None else "done"
        counts = self.call.counts if self.call else None
        ending = Ending(state, self.input.epoch, outcome.code, counts, {"body": body})
        await in_database(store.close, Card, self.pk, ending)
        self.hub.tell(self.input.conversation, "card", self.input.card)

    def choose(self) -> CurrentModel:
        return for_conversation(self.input.host_pk, self.input.model, guided=self.input.guided)

    def request_for(self, model: CurrentModel) -> ModelRequest:
        self.content = ""
        return self.question.request(self.input.talk, options_for(model, self.input.options))

    async def begin(self, provenance: Provenance) -> None:
        await in_database(store.begin, Card, self.pk, provenance)

    def on_chunks(self, chunks: Sequence[ChatResponse]) -> bool:
        self.content += "".join([chunk.message.content or "" for chunk in chunks])
        return False
