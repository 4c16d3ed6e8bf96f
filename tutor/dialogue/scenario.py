"""Guided scenarios: authored lines in TOML files that a teacher could read, and what each line waits for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field


def _compiled(pattern: object) -> object:
    return re.compile(pattern, re.IGNORECASE) if isinstance(pattern, str) else pattern


Pattern = Annotated[re.Pattern[str], BeforeValidator(_compiled)]
Patterns = tuple[Pattern, ...]
Texts = tuple[str, ...]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Line(_Part):
    """A reaction or a question.

    `after`: the learner must have said something like it (`only_last`: just now), in words that are not denied:
    "I don't like tea" is nothing about tea. `verbatim`: or this, read with the denials. `said`: the tutor must
    have said one of these lines before (`said_last`: just now). `settled_by`: words of the learner that
    make the line pointless. Of the lines that fit, only those of the highest `rank` are offered: 0 ordinary,
    1 the learner asked something, 2 about the subject just named, 3 must come.
    """

    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
    text: str
    after: Patterns = ()
    verbatim: Patterns = ()
    only_last: bool = False
    said: Texts = ()
    said_last: bool = False
    settled_by: Patterns = ()
    rank: Annotated[int, Field(ge=0, le=3)] = 0

    @property
    def is_free(self) -> bool:
        """Whether it may come at any time, unless it has been settled."""
        return not (self.after or self.verbatim or self.said)


class Goal(_Part):
    """Something the learner does in the course of the talk; `en` names it in short English."""

    id: str
    en: str
    met_by: Patterns


class Specials(_Part):
    """Complete messages for moments that no line of the scenario is made for."""

    not_understood: Texts
    own_language: Texts
    help: Texts
    again: Texts
    thanks: Texts
    goodbye: Texts


class Heard(_Part):
    """What a learner says when a special is called for."""

    thanks: Patterns
    goodbye: Patterns
    help: Patterns
    again: Patterns


class Scenario(_Part):
    """One guided talk in one language."""

    key: str
    language: str
    version: int
    title: str
    title_en: str
    about: str
    about_en: str
    level: str
    tutor_name: str
    persona: str
    least_turns: int = 6
    openers: Texts
    endings: Texts
    goals: tuple[Goal, ...]
    reactions: tuple[Line, ...]
    questions: tuple[Line, ...]
    specials: Specials
    heard: Heard

    def lines(self) -> tuple[Line, ...]:
        return self.reactions + self.questions

    def alone(self) -> tuple[str, ...]:
        """The complete messages: all that the tutor says outside the two tables."""
        special = self.specials
        asking = special.not_understood + special.own_language + special.help + special.again
        return self.openers + self.endings + asking + special.thanks + special.goodbye

    def texts(self) -> Iterator[str]:
        """Every sentence the tutor of this scenario can ever say."""
        yield from (line.text for line in self.lines())
        yield from self.alone()


def load(toml: str) -> Scenario:
    """A scenario from the words of its file. Raises pydantic's ValidationError, or TOMLDecodeError."""
    return Scenario.model_validate(tomllib.loads(toml))


@cache
def shipped() -> dict[tuple[str, str], Scenario]:
    """All scenarios of this release by (language, key), in the order of their names."""
    found: dict[tuple[str, str], Scenario] = {}
    folders = files(__package__).joinpath("scenarios")
    for folder in sorted(folders.iterdir(), key=lambda entry: entry.name) if folders.is_dir() else ():
        if not folder.is_dir():
            continue
        for file in sorted(folder.iterdir(), key=lambda entry: entry.name):
            if file.name.endswith(".toml"):
                one = load(file.read_text(encoding="utf-8"))
                found[one.language, one.key] = one
    return found
