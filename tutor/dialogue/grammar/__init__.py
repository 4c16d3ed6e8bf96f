"""Answers that people wrote to the questions of grammar that learners ask most: one file a studied language.

In a file, each point has `sides`: the words that are confused, each with its forms; `topics`: words that name it
("subjunctive"); and what is to be said about it, by own language; English is always there.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from tutor.dialogue.message_signals import base
from tutor.dialogue.phrases import words


class Point(BaseModel):
    """One thing to know: in which language it is explained, and how."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sides: tuple[str, ...] = ()
    topics: str = ""
    en: str
    es: str = ""
    fr: str = ""
    de: str = ""

    def explained(self, own_language: str) -> str:
        """In the own language, or in English where nobody wrote it there."""
        return {"es": self.es, "fr": self.fr, "de": self.de}.get(base(own_language), "") or self.en

    def side_of(self, word: str) -> int | None:
        """Which side a word or phrase is on, whatever stands before it ("when to use ser")."""
        parts = word.split(" ")
        ends = [" ".join(parts[start:]) for start in range(len(parts))]
        sides = ((place, _forms(side)) for place, side in enumerate(self.sides))
        return next((place for place, forms in sides if any(end in forms for end in ends)), None)


def point_of(asked: Sequence[str], language: str) -> Point | None:
    """The point that is about these two words, or all of these: each on another side."""
    about = [_folded(one) for one in asked]
    if len(about) < 2:
        return None
    for point in points(base(language)):
        sides = [point.side_of(one) for one in about]
        if None not in sides and len(set(sides)) == len(sides):
            return point
    return None


def topic_of(asked: str, language: str) -> Point | None:
    """The point that has the words of a question among its topics."""
    said = [one.folded for one in words(asked)]
    found = (point for point in points(base(language)) if any(word in _forms(point.topics) for word in said))
    return next(found, None)


@cache
def points(language: str) -> tuple[Point, ...]:
    """The points of one studied language; none where nobody wrote any."""
    file = files(__package__).joinpath(f"{language}.toml")
    if not file.is_file():
        return ()
    return tuple(Point.model_validate(one) for one in tomllib.loads(file.read_text(encoding="utf-8"))["points"])


@cache
def _forms(side: str) -> frozenset[str]:
    return frozenset(_folded(form) for form in side.split(", "))


def _folded(text: str) -> str:
    return " ".join(one.folded for one in words(text))
