"""Guided talk, for small models: all lines are authored, the model chooses under a schema's enums.

The prompt lists the ordinary lines and never changes; only the enums do, so the engine's prefix stays good.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tutor.dialogue import prompts
from tutor.dialogue.alternation import awaiting_reply
from tutor.dialogue.guided_reader import GuidedReader
from tutor.dialogue.scenario import Scenario
from tutor.dialogue.selection import Choice, progress_of
from tutor.dialogue.types import AuthoredReply, Budget, Message, ModelRequest, TalkContext, Utterance
from tutor.dialogue.window import fits, fitted

NUM_PREDICT: Final = 200
GUIDED_OPTIONS: Final = {"temperature": 0.0, "repeat_penalty": 1.0, "num_predict": NUM_PREDICT}
"""What guided talk asks with, whatever the preset says."""


@dataclass(frozen=True)
class GuidedDialogue:
    """One scenario in one language."""

    scenario: Scenario
    guided: bool = True

    def opener(self, talk: TalkContext) -> str:
        return self.scenario.openers[talk.seed % len(self.scenario.openers)]

    def request(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        return self._asking(talk, budget, options, self._choice(talk))

    def continuation(self, talk: TalkContext, sofar: str, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        """The same request, in which only lines that complete the words already shown are left."""
        return self._asking(talk, budget, options, self._choice(talk, sofar))

    def authored_reply(self, talk: TalkContext, sofar: str = "") -> AuthoredReply | None:
        replies = self._choice(talk, sofar).replies()
        if len(replies) != 1:
            return None
        return AuthoredReply(replies[0].removeprefix(sofar), self.prompt_version)

    def warm(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        messages = awaiting_reply(self._messages(talk, budget))
        return ModelRequest(messages, None, {**options, **GUIDED_OPTIONS, "num_predict": 1}, self.prompt_version)

    def insistent(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        """Authored lines are in no wrong language: the same again."""
        return self.request(talk, budget, options)

    def fits(self, talk: TalkContext, text: str, budget: Budget) -> bool:
        del talk
        return fits(text, self._system(), _spent(budget))

    def reader(self, talk: TalkContext, sofar: str = "", *, last_try: bool = False) -> GuidedReader:
        return GuidedReader(self._choice(talk, sofar).replies(), sofar)

    def ended(self, talk: TalkContext) -> bool:
        return progress_of(self.scenario, talk).ended()

    @property
    def prompt_version(self) -> str:
        scenario = self.scenario
        return f"guided-{prompts.GUIDED_VERSION} {scenario.language}/{scenario.key}-{scenario.version}"

    def _asking(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any], choice: Choice) -> ModelRequest:
        messages = self._messages(talk, budget)
        return ModelRequest(messages, schema(choice), {**options, **GUIDED_OPTIONS}, self.prompt_version)

    def _messages(self, talk: TalkContext, budget: Budget) -> list[Message]:
        history = [self._message(said) for said in talk.utterances if said.text.strip()]
        return fitted(self._system(), history, _spent(budget))

    def _system(self) -> Message:
        return {"role": "system", "content": system_prompt(self.scenario)}

    def _message(self, said: Utterance) -> Message:
        if said.speaker == "learner":
            return {"role": "user", "content": said.text}
        return {"role": "assistant", "content": as_written(self.scenario, said.text)}

    def _choice(self, talk: TalkContext, sofar: str = "") -> Choice:
        """What may come now, and only what completes the words already shown. Words of an older scenario stay."""
        choice = progress_of(self.scenario, talk).choice()
        fitting = choice.completing(sofar) or self._anything().completing(sofar)
        return fitting or Choice((sofar.rstrip(),), choice.questions)

    def _anything(self) -> Choice:
        reactions = tuple(line.text for line in self.scenario.reactions)
        questions = tuple(line.text for line in self.scenario.questions)
        return Choice(reactions + self.scenario.alone(), questions)


def _spent(budget: Budget) -> Budget:
    return Budget(budget.num_ctx, NUM_PREDICT, budget.characters_per_token)


def system_prompt(scenario: Scenario) -> str:
    """The ordinary lines in the order of the file, and how to choose.

    Lines of a higher rank are left out: when one fits, the enum holds only that one or a few, so that the model needs
    no list of them, and half the prompt is read in half the time.
    """
    return prompts.filled(
        "guided/scenario",
        persona=scenario.persona,
        language=prompts.language_name(scenario.language),
        reactions="\n".join(f"- {line.text}" for line in scenario.reactions if line.rank == 0),
        questions="\n".join(f"- {line.text}" for line in scenario.questions if line.rank == 0),
    )


def schema(choice: Choice) -> dict[str, Any]:
    """The JSON schema whose only solutions are the fitting lines."""
    enums = {"reaction": choice.reactions, "question": choice.questions}
    fields = {name: {"type": "string", "enum": list(lines)} for name, lines in enums.items() if lines}
    return {
        "type": "object",
        "properties": fields,
        "required": list(fields),
        "additionalProperties": False,
    }


def as_written(scenario: Scenario, text: str) -> str:
    """A message of the tutor in the form in which the model wrote it, so that its own words stay a
    prefix of the next request."""
    reaction, question = _parted(scenario, text)
    fields = {"reaction": reaction, "question": question}
    shown = {name: words for name, words in fields.items() if words}
    return json.dumps(shown, ensure_ascii=False, separators=(",", ":"))


def _parted(scenario: Scenario, text: str) -> tuple[str, str]:
    if text in scenario.openers:
        return "", text
    firsts: Sequence[str] = [line.text for line in scenario.reactions] + list(scenario.specials.thanks)
    for first in firsts:
        if text.startswith(first):
            return first, text[len(first) :].strip()
    return text, ""
