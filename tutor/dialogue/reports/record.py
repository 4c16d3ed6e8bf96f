"""The talk that a report is about, read once: its messages, what was found in them, its sentences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

from tutor.dialogue.corrections import Finding, Sentence, by_rule, correction_language, sentences_of
from tutor.dialogue.intents import Kind, intent_of
from tutor.dialogue.reports.quotes import Quote, Said, quote
from tutor.dialogue.types import Speaker, TalkContext, Utterance

# What is said in earnest in the language studied, and what is asked about it; nothing else is ever quoted.
_QUOTED: Final = frozenset({"answer", "question", "thanks", "goodbye"})


@dataclass(frozen=True)
class Noted:
    """A finding at its place in the whole message, as it stands on the turn's card under `index`."""

    index: int
    finding: Finding
    disputed: bool = False


@dataclass(frozen=True)
class SaidTurn:
    """One turn: the learner's message, the tutor's reply, and what was found in the message."""

    ordinal: int
    text: str
    reply: str = ""
    notes: tuple[Noted, ...] = ()


@dataclass(frozen=True)
class LearnerSentence:
    """A sentence of the learner's. `clean`: nothing was found in it that they have not disputed."""

    turn: int
    sentence: Sentence
    kind: Kind
    clean: bool


@dataclass(frozen=True)
class TalkRecord:
    """`talk` with its `turns`, oldest first; its utterances are those of the turns.

    `earlier_words`: what the learner has written in other talks in this language, folded; None where that is too
    little to tell what is new.
    """

    talk: TalkContext
    turns: Sequence[SaidTurn]
    earlier_words: frozenset[str] | None = None
    minutes: int = 0

    @cached_property
    def said(self) -> Said:
        found: dict[tuple[Speaker, int], str] = {}
        for turn in self.turns:
            found["learner", turn.ordinal] = turn.text
            found["tutor", turn.ordinal] = turn.reply
        return found

    @cached_property
    def messages(self) -> tuple[SaidTurn, ...]:
        """The turns in which the learner has said something."""
        return tuple(turn for turn in self.turns if turn.text)

    @cached_property
    def kinds(self) -> Mapping[int, Kind]:
        """What kind of thing each message is, by the number of its turn."""
        language, own = self.talk.language, self.talk.own_language
        return {turn.ordinal: intent_of(turn.text, language, own).kind for turn in self.messages}

    @cached_property
    def sentences(self) -> tuple[LearnerSentence, ...]:
        """All sentences that may be quoted."""
        known = correction_language(self.talk.language)
        found: list[LearnerSentence] = []
        for turn in self.messages:
            kind = self.kinds[turn.ordinal]
            for one in sentences_of(turn.text) if kind in _QUOTED else ():
                ruled = bool(known and by_rule(one.text, known))
                found.append(LearnerSentence(turn.ordinal, one, kind, not ruled and not _is_noted(turn, one)))
        return tuple(found)

    def quoted(self, one: LearnerSentence) -> Quote | None:
        start = one.sentence.start
        message = self.said["learner", one.turn]
        return quote("learner", one.turn, message, start, start + len(one.sentence.text))


def utterances_of(turns: Sequence[SaidTurn]) -> list[Utterance]:
    """What was said, oldest first."""
    said: list[Utterance] = []
    for turn in turns:
        said += [Utterance("learner", turn.text)] if turn.text else []
        said += [Utterance("tutor", turn.reply)] if turn.reply else []
    return said


def _is_noted(turn: SaidTurn, one: Sentence) -> bool:
    end = one.start + len(one.text)
    return any(not note.disputed and note.finding.overlaps(one.start, end) for note in turn.notes)
