"""Guided talk, for small models: all lines are authored. Code answers what it has heard; where several questions may
come next, the model chooses one under a schema's enum.

The prompt lists the questions and never changes; only the enum does, so the engine's prefix stays good.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from tutor.dialogue import prompts
from tutor.dialogue.alternation import awaiting_reply
from tutor.dialogue.guided_help import asking_of
from tutor.dialogue.guided_reader import FIELD, GuidedReader
from tutor.dialogue.help_cards import HELPED, HelpCard, help_card, sentence
from tutor.dialogue.recasts import recast
from tutor.dialogue.scenario import Scenario, ScenarioLines
from tutor.dialogue.selection import STUCK, Choice, ScenarioProgress
from tutor.dialogue.types import AuthoredReply, Budget, Message, ModelRequest, TalkContext, Utterance
from tutor.dialogue.window import fits, fitted

NUM_PREDICT: Final = 120
GUIDED_OPTIONS: Final = {"temperature": 0.0, "repeat_penalty": 1.0, "num_predict": NUM_PREDICT}
"""What guided talk asks with, whatever the preset says."""


@dataclass(frozen=True)
class GuidedDialogue:
    """One scenario in one language."""

    scenario: Scenario
    language: str
    guided: bool = True

    @property
    def lines(self) -> ScenarioLines:
        return self.scenario.lines[self.language]

    def opener(self, talk: TalkContext) -> str:
        """A greeting, and the question that the talk begins with."""
        moves = self.lines.opening_moves()
        first = moves[talk.seed % len(moves)]
        return f"{self.lines.greeting.at(talk.level)} {first.at(talk.level)}"

    def request(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        return self._asking(talk, budget, options, self.replies(talk))

    def continuation(self, talk: TalkContext, sofar: str, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        """The same request, in which only replies that complete the words already shown are left."""
        return self._asking(talk, budget, options, self.replies(talk, sofar))

    def authored_reply(self, talk: TalkContext, sofar: str = "") -> AuthoredReply | None:
        replies = self.replies(talk, sofar)
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
        return GuidedReader(self.replies(talk, sofar), sofar)

    def ended(self, talk: TalkContext) -> bool:
        return self._progress(talk).ended()

    def help(self, talk: TalkContext) -> HelpCard | None:
        return help_card(asking_of(self._progress(talk)))

    def answers(self, talk: TalkContext) -> tuple[str, ...]:
        progress = self._progress(talk)
        return progress.current.answers if progress.current is not None and not progress.ended() else ()

    @property
    def prompt_version(self) -> str:
        return f"guided-{prompts.GUIDED_VERSION} {self.language}/{self.scenario.key}-{self.scenario.version}"

    def _progress(self, talk: TalkContext) -> ScenarioProgress:
        return ScenarioProgress(self.scenario, self.lines, talk)

    def replies(self, talk: TalkContext, sofar: str = "") -> tuple[str, ...]:
        """What may come now, and only what completes the words already shown. Words of an older version stay."""
        progress = self._progress(talk)
        whole = _settled(progress)
        choice = Choice(whole) if whole else _saying_back(progress)
        return choice.completing(sofar) or tuple(
            f"{sofar.rstrip()} {text}".strip() for text in choice.questions or ("",)
        )

    def _asking(
        self, talk: TalkContext, budget: Budget, options: Mapping[str, Any], replies: tuple[str, ...]
    ) -> ModelRequest:
        messages = self._messages(talk, budget)
        return ModelRequest(messages, schema(replies), {**options, **GUIDED_OPTIONS}, self.prompt_version)

    def _messages(self, talk: TalkContext, budget: Budget) -> list[Message]:
        history = [_message(one) for one in talk.utterances if one.text.strip()]
        return fitted(self._system(), history, _spent(budget))

    def _system(self) -> Message:
        return {"role": "system", "content": system_prompt(self.lines)}


def _spent(budget: Budget) -> Budget:
    return Budget(budget.num_ctx, NUM_PREDICT, budget.characters_per_token)


def _settled(progress: ScenarioProgress) -> str:
    """The reply to what asks for help, is rude, no words or a cry for help; "" where the talk simply goes on."""
    kind, level, question = progress.kind, progress.talk.level, progress.standing_question()
    if kind == "distress":
        return progress.talk.distress or sentence("distress", progress.talk.own_language)
    if question is None or progress.ended() or progress.is_question:
        return ""
    if kind in STUCK:
        return question.at("A1")
    if kind in HELPED:
        return question.at(level)
    shared = {"rude": progress.shared.calm, "noise": progress.shared.unclear}.get(kind)
    return f"{shared[len(progress.messages) % len(shared)]} {question.at(level)}" if shared else ""


def _saying_back(progress: ScenarioProgress) -> Choice:
    """What may come next, begun by the learner's own sentence put right: in place of a line that says nothing, or
    before one that does. What is sad is not said back."""
    choice = progress.choice()
    is_light = progress.kind == "answer" and not {"bad", "loss"} & progress.heard_now.affirmed
    text = (
        recast(progress.intent.answer or progress.latest, progress.lines, progress.talk.level)
        if is_light and not progress.ended()
        else ""
    )
    if not text or any(text in told for told in progress.told):
        return choice
    says_nothing = choice.reaction in progress.shared.neutral
    return replace(choice, reaction=text if says_nothing else f"{text} {choice.reaction}".strip())


def system_prompt(lines: ScenarioLines) -> str:
    """The questions in the order of the file, and how to choose."""
    return prompts.filled(
        "guided/scenario",
        role=lines.role,
        language=prompts.language_name(lines.language),
        questions="\n".join(f"- {move.at('A2')}" for move in lines.moves),
    )


def schema(replies: tuple[str, ...]) -> dict[str, Any]:
    """The JSON schema whose only solutions are the replies that may come."""
    return {
        "type": "object",
        "properties": {FIELD: {"type": "string", "enum": list(replies)}},
        "required": [FIELD],
        "additionalProperties": False,
    }


def _message(one: Utterance) -> Message:
    """The tutor's words stand in the form in which the model writes them, so that they stay a prefix."""
    if one.speaker == "learner":
        return {"role": "user", "content": one.text}
    return {"role": "assistant", "content": json.dumps({FIELD: one.text}, ensure_ascii=False, separators=(",", ":"))}
