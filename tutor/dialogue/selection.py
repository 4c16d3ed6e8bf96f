"""Which authored lines fit now. The model chooses, but only among these.

Everything is worked out from the words of the talk, each time anew: nothing is remembered elsewhere.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tutor.dialogue import message_signals
from tutor.dialogue.negation import affirmed
from tutor.dialogue.scenario import Line, Scenario
from tutor.dialogue.types import TalkContext

_MUST_COME: Final = 3


@dataclass(frozen=True)
class Choice:
    """What the next message may be: one of the reactions, then one of the questions, if there are any."""

    reactions: tuple[str, ...]
    questions: tuple[str, ...] = ()

    def completing(self, sofar: str) -> Choice:
        """Only what begins with the words already shown; empty when nothing does."""
        if not sofar:
            return self
        longer = tuple(text for text in self.reactions if text.startswith(sofar))
        if longer:
            return Choice(longer, self.questions)
        for reaction in self.reactions:
            rest = sofar.removeprefix(reaction).lstrip(" ")
            questions = tuple(text for text in self.questions if text.startswith(rest))
            if sofar.startswith(reaction) and (questions or not rest):
                return Choice((reaction,), questions)
        return Choice(())

    def replies(self) -> tuple[str, ...]:
        """Every whole message that this allows, each once."""
        if not self.questions:
            return self.reactions
        return tuple(f"{reaction} {question}" for reaction in self.reactions for question in self.questions)

    def __bool__(self) -> bool:
        return bool(self.reactions)


@dataclass(frozen=True)
class ScenarioProgress:
    """How far a talk has come in its scenario."""

    scenario: Scenario
    heard: tuple[str, ...]
    told: tuple[str, ...]
    own_language: str
    seed: int

    @property
    def latest(self) -> str:
        return self.heard[-1] if self.heard else ""

    def ended(self) -> bool:
        farewells = self.scenario.endings + self.scenario.specials.goodbye
        return any(self._was_said(text) for text in farewells)

    def goals_met(self) -> tuple[str, ...]:
        goals = self.scenario.goals
        return tuple(goal.id for goal in goals if any(_matches(goal.met_by, said) for said in self.heard))

    def choice(self) -> Choice:
        """Never empty: special moments first, then the two tables, then an ending."""
        if self.ended():
            return self._farewell()
        kind = self._special()
        texts = self._unsaid(getattr(self.scenario.specials, kind)) if kind else ()
        if texts and kind != "thanks":
            return Choice((self._one_of(texts),))
        reactions, questions = self._open(self.scenario.reactions), self._open(self.scenario.questions)
        if self._is_over(reactions, questions):
            return Choice((self._one_of(self.scenario.endings),))
        return Choice((self._one_of(texts),) if texts else _texts(reactions), _texts(questions))

    def _special(self) -> str:
        """The name of the special message that the learner's latest words call for, or ""."""
        patterns = self.scenario.heard
        for kind in ("goodbye", "again", "help", "thanks"):
            if _matches(getattr(patterns, kind), self.latest):
                return kind
        if message_signals.is_noise(self.latest):
            return "not_understood"
        if message_signals.is_foreign(self.latest, self.scenario.language, self.own_language):
            return "own_language"
        return ""

    def _open(self, table: Sequence[Line]) -> tuple[Line, ...]:
        there = tuple(line for line in table if self._is_open(line))
        highest = max((line.rank for line in there), default=0)
        return tuple(line for line in there if line.rank == highest)

    def _is_open(self, line: Line) -> bool:
        if self._was_said(line.text) or any(_matches(line.settled_by, said) for said in self.heard):
            return False
        if (line.after or line.verbatim) and not self._was_heard(line):
            return False
        spoken = self.told[-1:] if line.said_last else self.told
        awaited = (other.text for other in self.scenario.lines() if other.id in line.said)
        return not line.said or any(text in message for text in awaited for message in spoken)

    def _was_heard(self, line: Line) -> bool:
        listened = self.heard[-1:] if line.only_last else self.heard
        language = self.scenario.language
        return any(_matches(line.verbatim, said) or _matches(line.after, affirmed(said, language)) for said in listened)

    def _is_over(self, reactions: Sequence[Line], questions: Sequence[Line]) -> bool:
        """Nothing left to say; or the goals are met, and the learner is not waiting for an answer."""
        if not (reactions and questions):
            return True
        asked = any(mark in self.latest for mark in "?？") and reactions[0].rank > 0
        waiting = asked or reactions[0].rank >= _MUST_COME
        enough = len(self.heard) >= self.scenario.least_turns
        return enough and not waiting and len(self.goals_met()) == len(self.scenario.goals)

    def _farewell(self) -> Choice:
        """After the end: one more goodbye. Only when every farewell was said does one come again."""
        farewells = self.scenario.specials.goodbye + self.scenario.endings
        return Choice((self._one_of(self._unsaid(farewells) or farewells),))

    def _one_of(self, texts: Sequence[str]) -> str:
        return texts[self.seed % len(texts)]

    def _unsaid(self, texts: Sequence[str]) -> tuple[str, ...]:
        return tuple(text for text in texts if not self._was_said(text))

    def _was_said(self, text: str) -> bool:
        return any(text in message for message in self.told)


def progress_of(scenario: Scenario, talk: TalkContext) -> ScenarioProgress:
    """Reads a talk against its scenario."""
    heard = tuple(message_signals.folded(said.text) for said in talk.utterances if said.speaker == "learner")
    told = tuple(said.text for said in talk.utterances if said.speaker == "tutor" and said.text)
    return ScenarioProgress(scenario, heard, told, talk.own_language, talk.seed)


def _matches(patterns: Iterable[re.Pattern[str]], message: str) -> bool:
    return any(pattern.search(message) for pattern in patterns)


def _texts(lines: Iterable[Line]) -> tuple[str, ...]:
    return tuple(line.text for line in lines)
