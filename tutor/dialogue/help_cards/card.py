"""A help card as values: what a learner asked for, answered in the own language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from tutor.dialogue.intents.kinds import Intent, Kind

# Where the answer comes from: a word list, rules of correction, what people wrote, or (marked as such) a model.
Source = Literal["dictionary", "correction", "authored", "model"]
# What a model may add where nobody wrote an answer: see `tutor.dialogue.help_questions`.
Wanted = Literal["", "meaning", "translation", "question", "message", "explanation"]
HELPED: Final[frozenset[Kind]] = frozenset(
    {
        "meaning",
        "how_to_say",
        "difference",
        "grammar",
        "was_that_right",
        "correct_me",
        "stuck",
        "own_language",
        "report",
    }
)


@dataclass(frozen=True)
class Change:
    """Something that was written, what it would be (None: look there again), and why."""

    old: str
    new: str | None
    why: str = ""
    certainty: Literal["sure", "possible", "place"] = "sure"


@dataclass(frozen=True)
class HelpCard:
    """`word` and `example` are in the language studied, everything else in the own language.

    `mark`: article and gender of the word. `wanted`: what a model is asked for, if one that is big enough is there.
    """

    about: Kind
    source: Source = "authored"
    word: str = ""
    mark: str = ""
    meaning: str = ""
    senses: tuple[str, ...] = ()
    example: str = ""
    notes: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    wanted: Wanted = ""
    # The tutor's question that stood when help was asked for.
    question: str = ""


def read_card(body: Mapping[str, Any]) -> HelpCard:
    """A card as it was stored by `dataclasses.asdict`."""
    lists = {name: tuple(body[name]) for name in ("senses", "notes")}
    return HelpCard(**{**body, **lists, "changes": tuple(Change(**one) for one in body["changes"])})


@dataclass(frozen=True)
class StandingQuestion:
    """The tutor's question that waits for an answer, and what it means in the own language, where people wrote that."""

    text: str
    meaning: str = ""
    # Whether the meaning is in the own language, and not in English instead.
    is_own: bool = True


@dataclass(frozen=True)
class Asking:
    """What a learner said last, and all that an answer is made from. Messages and told sentences are oldest first."""

    intent: Intent
    language: str
    own_language: str
    question: StandingQuestion | None = None
    messages: tuple[str, ...] = ()
    told: tuple[str, ...] = ()
    # What the talk is for, in the own language, and whether it has been done.
    goals: tuple[tuple[str, bool], ...] = ()
