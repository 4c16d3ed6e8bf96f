"""Let the model take in a conversation while its learner still thinks about the next sentence.

That is a new one's beginning, and all of one that another question has put out of the engine's memory.
"""

from collections.abc import Callable
from uuid import UUID

from tutor.conversations import store
from tutor.conversations.provenance import Provenance
from tutor.conversations.store import ReplyInput
from tutor.database import in_database
from tutor.dialogue import ModelRequest, dialogue_for
from tutor.live.budget import budget_of, options_for
from tutor.live.calls import ModelCall, Question
from tutor.live.outcomes import DONE, Outcome
from tutor.live.queue import Rank
from tutor.llm.selection import CurrentModel, for_conversation


class WarmingWork(Question):
    """One request of one token. It gives way to whoever waits, and asks again when nobody does."""

    rank = Rank.WARM_UP
    has_content = False

    def __init__(self, conversation: UUID) -> None:
        self.about = conversation
        self.conversation = conversation
        self.is_asking = False

    async def load(self) -> None:
        self.input: ReplyInput = await in_database(store.standing_input, self.conversation)
        self.learner, self.keep_alive = self.input.learner_pk, self.input.keep_alive

    async def run(self, call: Callable[[], ModelCall]) -> Outcome:
        await call().ask(self)
        return DONE

    async def close(self, outcome: Outcome) -> None:
        """Nobody is told, and nothing is kept: what it was for is in the engine."""

    async def give_up(self) -> None:
        """It was a favour."""

    def choose(self) -> CurrentModel:
        return for_conversation(self.input.host_pk, self.input.model, guided=self.input.guided)

    def request_for(self, model: CurrentModel) -> ModelRequest:
        talk, options = self.input.talk, options_for(model, self.input.options)
        dialogue = dialogue_for(
            talk.style, guided=self.input.guided, language=talk.language, version=talk.style_version
        )
        return dialogue.warm(talk, budget_of(options, self.input.characters_per_token), options)

    async def begin(self, provenance: Provenance) -> None:
        self.is_asking = True

    def gave_way(self) -> None:
        self.is_asking = False
