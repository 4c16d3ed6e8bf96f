"""Free talk, for models that are big enough: a tutor's prompt, and the talk as it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from tutor.dialogue import free_help, openers, prompts
from tutor.dialogue.alternation import awaiting_reply
from tutor.dialogue.free_reader import FreeReader
from tutor.dialogue.help_cards import HelpCard, help_card
from tutor.dialogue.model_output import cleaned
from tutor.dialogue.types import AuthoredReply, Budget, Message, ModelRequest, TalkContext, Utterance
from tutor.dialogue.window import fits, fitted

PROMPT_VERSION: Final = f"free-{prompts.FREE_VERSION}"
LEVELS: Final = ("A1", "A2", "B1", "B2", "C1", "C2")
_REMINDER_EVERY: Final = 4
_GOAL_CHARACTERS: Final = 200
_ROLES: Final = {"learner": "user", "tutor": "assistant"}


@dataclass(frozen=True)
class FreeDialogue:
    """One free style; `style` names its prompt file."""

    style: str
    guided: bool = False

    def opener(self, talk: TalkContext) -> str:
        return openers.opener(talk.language, self.style, talk.level, talk.seed)

    def request(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        return _asking(fitted(self._system(talk), _history(talk), budget), options)

    def continuation(self, talk: TalkContext, sofar: str, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        """The reply so far goes last, in the tutor's own name: the model goes on from its last word."""
        asked = self.request(talk, budget, options)
        begun: Message = {"role": "assistant", "content": sofar.rstrip()}
        return _asking([*asked.messages, begun] if sofar.strip() else asked.messages, options)

    def warm(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        messages = awaiting_reply(fitted(self._system(talk), _history(talk), budget))
        return _asking(messages, {**options, "num_predict": 1})

    def authored_reply(self, talk: TalkContext, sofar: str = "") -> AuthoredReply | None:
        """What is settled before the model is asked; a reply that somebody else has begun is gone on with by it."""
        reply = free_help.settled_reply(talk)
        if not reply or not reply.startswith(sofar):
            return None
        return AuthoredReply(reply.removeprefix(sofar), PROMPT_VERSION)

    def help(self, talk: TalkContext) -> HelpCard | None:
        return help_card(free_help.asking_of(talk))

    def answers(self, talk: TalkContext) -> tuple[str, ...]:
        """Nobody has written any: a model is asked."""
        del talk
        return ()

    def insistent(self, talk: TalkContext, budget: Budget, options: Mapping[str, Any]) -> ModelRequest:
        """The same request once more, with the language asked for in the last line."""
        *earlier, newest = self.request(talk, budget, options).messages
        line = prompts.filled("free/insist", language=prompts.language_name(talk.language))
        return _asking([*earlier, {**newest, "content": f"{newest['content']}\n\n{line}"}], options)

    def fits(self, talk: TalkContext, text: str, budget: Budget) -> bool:
        return fits(text, self._system(talk), budget)

    def reader(self, talk: TalkContext, sofar: str = "", *, last_try: bool = False) -> FreeReader:
        return FreeReader(talk, sofar, last_try=last_try)

    def ended(self, talk: TalkContext) -> bool:
        """Free talk goes on as long as the learner likes."""
        del talk
        return False

    def _system(self, talk: TalkContext) -> Message:
        language = prompts.language_name(talk.language)
        level = _level(talk)
        content = prompts.filled(
            "free/natural",
            style=prompts.filled(f"free/style-{self.style}", language=language),
            language=language,
            own_language=prompts.language_name(talk.own_language),
            level=level,
            level_rule=prompts.text(f"free/level-{level}"),
            goal=_goal(talk.goal),
        )
        return {"role": "system", "content": content}


def _asking(messages: Any, options: Mapping[str, Any]) -> ModelRequest:
    return ModelRequest(messages=messages, format=None, options=dict(options), prompt_version=PROMPT_VERSION)


def _goal(goal: str) -> str:
    """The learner's own words, on one line and not endless; nothing at all when there is no goal."""
    line = " ".join(goal.split())[:_GOAL_CHARACTERS]
    return prompts.filled("free/goal", goal=line) + "\n" if line else ""


def _level(talk: TalkContext) -> str:
    return talk.level if talk.level in LEVELS else "A2"


def _history(talk: TalkContext) -> list[Message]:
    """Every fourth learner message carries the reminder of language and level, and keeps it for ever: one that moved
    on would change what the engine has already read. It is short, because it is read at the learner's expense."""
    reminder = prompts.filled("free/reminder", language=prompts.language_name(talk.language), level=_level(talk))
    history: list[Message] = []
    learner_turns = 0
    for utterance in talk.utterances:
        learner_turns += utterance.speaker == "learner"
        due = utterance.speaker == "learner" and learner_turns % _REMINDER_EVERY == 0
        history.append(_message(utterance, f"\n\n{reminder}" if due else ""))
    return history


def _message(utterance: Utterance, reminder: str) -> Message:
    """A learner's words as they are; of an older reply only what the tutor said."""
    text = utterance.text if utterance.speaker == "learner" else cleaned(utterance.text)
    return {"role": _ROLES[utterance.speaker], "content": f"{text}{reminder}" if text.strip() else ""}
