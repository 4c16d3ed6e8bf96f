"""The correction of a learner's message: by rules and a dictionary first, then by what a model would change.

It comes after its reply, at a lower rank, and gives way: whoever writes on has the model at once, and the sentence that
was being looked at is asked about again when nobody waits.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any
from uuid import UUID

from django.conf import settings

from tutor.checkers import witnessed
from tutor.conversations import margin, store
from tutor.conversations.margin import CorrectionInput
from tutor.conversations.models import Card
from tutor.conversations.provenance import Provenance
from tutor.conversations.store import Ending
from tutor.database import in_database
from tutor.dialogue import ModelRequest
from tutor.dialogue.corrections import (
    TOP,
    CorrectionLanguage,
    Finding,
    Sentence,
    comparison_messages,
    comparison_request,
    copy_request,
    corrected_from,
    correction_language,
    deviations,
    findings,
    first_rung,
    generation_request,
    is_wanted,
    messages_for,
    preferred,
    prompt_version,
    put_right,
    sentences_of,
    with_neighbours,
    with_slips,
    with_witness,
    within_budget,
)
from tutor.dialogue.intents import intent_of
from tutor.dialogue.intents.kinds import IN_THE_TALK
from tutor.dialogue.types import Message
from tutor.dictionaries import dictionary
from tutor.live.budget import options_for
from tutor.live.calls import ModelCall, Question
from tutor.live.hub import Hub
from tutor.live.outcomes import DONE, RESTART, STOPPED, Outcome
from tutor.live.queue import Rank
from tutor.llm.options import loaded_with
from tutor.llm.selection import CurrentModel, for_conversation
from tutor.ollama import ChatResponse
from tutor.ollama.types import Logprob

# What a model is asked about in one message; rules and dictionary look at all of it.
SENTENCES = 4


@dataclass(frozen=True)
class _Asked:
    """What one call asks for, the schema of its answer, options of its own, how many likeliest tokens are told."""

    messages: Sequence[Message]
    schema: Mapping[str, Any]
    options: Mapping[str, Any]
    top_logprobs: int = 0


class CorrectionWork(Question):
    """One message, sentence by sentence: copied under a schema, and where that shows a doubt, corrected freely."""

    rank = Rank.CORRECTION

    def __init__(self, hub: Hub, pk: int, on_asked: Callable[[UUID, CurrentModel], None]) -> None:
        self.hub = hub
        self.pk = pk
        self.on_asked = on_asked
        self.found: list[tuple[Sentence, Finding]] = []
        self.call: ModelCall | None = None

    @property
    def has_content(self) -> bool:
        return bool(self.found)

    async def load(self) -> None:
        self.input: CorrectionInput = await in_database(margin.correction_input, self.pk)
        self.learner, self.keep_alive = self.input.learner_pk, self.input.keep_alive
        self.known = correction_language(self.input.language)
        if self.input.asked:
            self.rank = Rank.TAP

    async def give_up(self) -> None:
        await in_database(store.give_up, Card, self.pk)

    async def run(self, call: Callable[[], ModelCall]) -> Outcome:
        known = self.known
        if known is None:
            return DONE
        self.speller = await asyncio.to_thread(dictionary, self.input.language)
        sentences = self._sentences()
        for sentence in sentences:
            await self._note(sentence, known)
        self.call = call()
        if settings.CORRECTIONS == "model":
            await self._show()
            for sentence in sentences[:SENTENCES]:
                await self._ask_model(sentence, known, self.call)
        return DONE

    async def _show(self) -> None:
        """What rules and dictionary know needs no model: it stands there while the model is waited for."""
        if self.found:
            said = {"findings": self._rows(), "asked": self.input.asked}
            await in_database(margin.note_findings, self.pk, said)
            self.hub.tell(self.input.conversation, "card", self.input.card)

    def _sentences(self) -> list[Sentence]:
        """What is said in the studied language; a question about it ("… was that right?") is passed over."""
        given, sentences = self.input, sentences_of(self.input.text)
        said = [one for one in sentences if intent_of(one.text, given.language, given.own_language).kind in IN_THE_TALK]
        return said if len(sentences) > 1 else list(sentences)

    async def _ask_model(self, sentence: Sentence, known: CorrectionLanguage, call: ModelCall) -> None:
        """Begin alike for every sentence, so that it is read once."""
        messages = messages_for(self.input.language, known, sentence.text)
        _, logprobs = await self._answer(_Asked(messages, *copy_request(sentence.text), TOP), call)
        doubts = deviations(sentence.text, logprobs)
        margins = known.margins_of(self.choose().model)
        if any(doubt.gap >= margins.place for doubt in doubts):
            content, _ = await self._answer(_Asked(messages, *generation_request(sentence.text)), call)
            await self._note(sentence, known, deviations=doubts, generated=corrected_from(content))
            if not self.input.guided:
                await self._compare(sentence, call)

    async def _compare(self, sentence: Sentence, call: ModelCall) -> None:
        """Let a model that is not a small one choose blindly: what it prefers in both orders is sure."""
        for at, (where, finding) in enumerate(self.found):
            if where == sentence and finding.certainty == "possible":
                right = put_right(sentence.text, finding)
                orders = ((sentence.text, right), (right, sentence.text))
                if [await self._preferred(*order, call) for order in orders] == ["B", "A"]:
                    self.found[at] = (where, with_witness(finding, "comparison"))

    async def _preferred(self, first: str, second: str, call: ModelCall) -> str:
        messages = comparison_messages(self.input.language, first, second)
        content, _ = await self._answer(_Asked(messages, *comparison_request()), call)
        return preferred(content)

    async def _answer(self, asked: _Asked, call: ModelCall) -> tuple[str, list[Logprob]]:
        self.asked = asked
        await call.ask(self)
        return self.content, self.logprobs

    async def _note(self, sentence: Sentence, known: CorrectionLanguage, **said: Any) -> None:
        """Take what is found now for what was found before. Suggestions of a dictionary take a while."""
        model = self.choose().model
        alone = await asyncio.to_thread(findings, sentence.text, known, speller=self.speller, model=model, **said)
        found = await asyncio.to_thread(witnessed, self.input.language, sentence.text, alone)
        others = [one for one in self.found if one[0] != sentence]
        self.found = sorted([*others, *((sentence, one) for one in found)], key=_place)

    async def close(self, outcome: Outcome) -> None:
        """What rules and dictionary found stands, whatever became of the model. What was cut off is made again."""
        said = {"findings": self._rows(), "asked": self.input.asked} if self.found or outcome == DONE else None
        counts = self.call.counts if self.call else None
        state = "done" if self.found and outcome not in {STOPPED, RESTART} else outcome.state
        ending = Ending(state, self.input.epoch, outcome.code, counts)
        await in_database(margin.close_correction, self.pk, ending, said)
        self.hub.tell(self.input.conversation, "card", self.input.card)
        if self.call is not None and self.call.model is not None and outcome not in {STOPPED, RESTART}:
            self.on_asked(self.input.conversation, self.call.model)

    def _rows(self) -> list[dict[str, Any]]:
        """The findings that are shown, with their places in the whole message."""
        whole = [_in_message(sentence, one) for sentence, one in self.found if is_wanted(one.kind, self.input.kinds)]
        known = with_slips(self.input.text, whole, self.input.others)
        shown = within_budget(known, self.input.level, self.input.recurring)
        return [_row(one, self.input.level) for one in shown]

    def choose(self) -> CurrentModel:
        """The model that the preset names, if it is here and words do not leave the house for it; else the talk's."""
        given, wanted = self.input, self.input.preset.model
        if wanted:
            found = for_conversation(given.host_pk, wanted, guided=given.guided)
            if found.available and found.model == wanted and not found.remote:
                return found
        return for_conversation(given.host_pk, given.model, guided=given.guided)

    def request_for(self, model: CurrentModel) -> ModelRequest:
        """A talk's own model is not loaded anew for it."""
        self.content, self.logprobs = "", list[Logprob]()
        asked, options = self.asked, self.input.preset.options
        if model.model == self.input.model:
            options = loaded_with(options, self.input.loaded)
        version = prompt_version(self.input.language)
        whole = {**options_for(model, options), **asked.options}
        return ModelRequest(asked.messages, asked.schema, whole, version, top_logprobs=asked.top_logprobs)

    async def begin(self, provenance: Provenance) -> None:
        await in_database(store.begin, Card, self.pk, replace(provenance, preset_version_pk=self.input.preset.pk))

    def on_chunks(self, chunks: Sequence[ChatResponse]) -> bool:
        for chunk in chunks:
            self.content += chunk.message.content or ""
            self.logprobs += chunk.logprobs or ()
        return False


def _place(one: tuple[Sentence, Finding]) -> int:
    return one[0].start + one[1].start


def _in_message(sentence: Sentence, one: Finding) -> Finding:
    """The finding as it can be seen, with its place in the whole message."""
    seen = with_neighbours(sentence.text, one)
    return replace(seen, start=seen.start + sentence.start, end=seen.end + sentence.start)


def _row(one: Finding, level: str) -> dict[str, Any]:
    return {**asdict(one), "rung": first_rung(one, level), "disputed": False}
