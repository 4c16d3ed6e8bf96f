"""The kinds of things that learners say."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

Kind = Literal[
    "distress",
    "rude",
    "correct_me",
    "was_that_right",
    "meaning",
    "how_to_say",
    "difference",
    "grammar",
    "report",
    "stuck",
    "goodbye",
    "thanks",
    "noise",
    "own_language",
    "question",
    "answer",
]
ABOUT_LANGUAGE: Final = frozenset({"correct_me", "was_that_right", "meaning", "how_to_say", "difference", "grammar"})
# What is said in the studied language, and not about it.
IN_THE_TALK: Final = frozenset({"answer", "question", "thanks", "goodbye"})
# Both ask about what the learner has written.
CHECKED: Final = frozenset({"correct_me", "was_that_right"})
BY_PHRASE: Final[tuple[Kind, ...]] = (
    "distress",
    "rude",
    "correct_me",
    "was_that_right",
    "difference",
    "meaning",
    "how_to_say",
    "grammar",
    "report",
    "stuck",
    "goodbye",
    "thanks",
)


@dataclass(frozen=True)
class Intent:
    """A kind; for a question about the language the words asked about, as they were written, and `answer`: what the
    message says besides, where it also answers the tutor ("I have a dog. Was that right?")."""

    kind: Kind
    about: str = ""
    answer: str = ""

    @property
    def about_language(self) -> bool:
        return self.kind in ABOUT_LANGUAGE
