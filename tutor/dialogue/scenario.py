"""Scenarios: what a talk is about, and for guided talk the lines, in files that a teacher could write.

A folder a scenario: `scenario.toml` says what it is in every language, `es.toml` holds its Spanish lines.
A scenario that somebody writes for a class is the same types, checked by the same checks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator

Mode = Literal["guided", "free"]
SPOKEN_LEVELS: Final = ("A1", "A2", "B1")
Texts = tuple[str, ...]
Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$")]
Topic = Annotated[str, Field(pattern=r"^[a-z_]+(\.[a-z_]+)*$")]
Condition = Annotated[str, Field(pattern=r"^(no )?[a-z_.]+( \+ (no )?[a-z_.]+)*$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)


class Levelled(_Part):
    """One thing to say, in words of A1, A2 and B1; `en` and `es` say what it means."""

    say: tuple[str, str, str]
    en: str = ""
    es: str = ""

    def at(self, level: str) -> str:
        """The line for a level; from B1 up the same one."""
        return self.say[SPOKEN_LEVELS.index(level) if level in SPOKEN_LEVELS else -1]

    def texts(self) -> Texts:
        return tuple(dict.fromkeys(self.say))

    def meaning(self, language: str) -> str:
        return {"en": self.en, "es": self.es}.get(language, "")


class Move(Levelled):
    """A question of the tutor.

    `asks`: the topics that an answer is about; a learner who has told them is not asked. `any_answer`: whatever is
    answered tells the first of them ("What is your name?" "Ana"). `yes`: what is as good as a "yes" in answer to it,
    written as topics are ("Is the food good?" "Very nice"). `on`: asked right after the learner named one of these, and
    with `only_then` at no other time. `unless`: not asked once one of these holds. `first`: the talk may begin with it.
    `answers`: three examples, rising, the last with a gap. `me`: what the tutor says about it when asked back.
    """

    id: Name
    asks: tuple[Topic, ...] = ()
    on: tuple[Condition, ...] = ()
    only_then: bool = False
    unless: tuple[Condition, ...] = ()
    any_answer: bool = False
    yes: str = ""
    first: bool = False
    answers: tuple[str, str, str]
    me: str = ""


class Reaction(_Part):
    """What the tutor says to what was said: `on` these topics ("price + apple": both; "no pet": denied)."""

    on: tuple[Condition, ...]
    say: Texts


class Goal(_Part):
    """Something the learner does in the course of the talk."""

    id: Name
    title: Mapping[str, str]
    met_by: tuple[Condition, ...]


class ScenarioLines(_Part):
    """One scenario in one language."""

    language: str
    title: str
    situation: str
    tutor: str
    role: str
    greeting: Levelled
    moves: tuple[Move, ...]
    reactions: tuple[Reaction, ...]
    endings: Texts

    @field_validator("moves", mode="before")
    @classmethod
    def _by_name(cls, moves: object) -> object:
        """In a file each move is a table under its name."""
        if not isinstance(moves, dict):
            return moves
        return [{**move, "id": name} for name, move in moves.items()]

    def opening_moves(self) -> tuple[Move, ...]:
        return tuple(move for move in self.moves if move.first)

    def move(self, name: str) -> Move | None:
        return next((move for move in self.moves if move.id == name), None)

    def texts(self) -> Iterator[str]:
        """Every sentence that the tutor of this scenario can say, but for those that all scenarios share."""
        for move in self.moves:
            yield from move.texts()
            yield from (move.me,) if move.me else ()
        for reaction in self.reactions:
            yield from reaction.say
        yield from self.endings


class Scenario(_Part):
    """One way of talking: the same key and version wherever it is shown, begun, stored and reviewed.

    `free`: it can be held freely (a prompt describes it). `lines`: the languages in which it can be held guided.
    """

    key: Name
    version: Annotated[int, Field(ge=1)] = 1
    title: Mapping[str, str]
    about: Mapping[str, str]
    free: bool = False
    goals: tuple[Goal, ...] = ()
    least_turns: int = 8
    in_order: bool = False
    lines: Mapping[str, ScenarioLines] = {}

    @model_validator(mode="after")
    def _can_be_held(self) -> Self:
        if not self.free and not self.lines:
            raise ValueError("a scenario can be held freely, or has lines in some language")
        return self

    def held(self, mode: Mode, language: str) -> bool:
        """Whether it can be held in this way in a studied language."""
        return self.free if mode == "free" else language in self.lines

    def named(self, language: str) -> str:
        """Its title in an interface language, or in English."""
        return self.title.get(language) or self.title["en"]

    def described(self, language: str) -> str:
        return self.about.get(language) or self.about["en"]
