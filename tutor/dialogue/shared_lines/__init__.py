"""What the tutor of every scenario says at moments that no scenario is about: one file a language."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files

from pydantic import BaseModel, ConfigDict

from tutor.dialogue.readings import plain_table


class SharedLines(BaseModel):
    """`neutral`: to an answer that no reaction is made for; it praises nothing, since nothing was understood.
    `unknown`: to a question that nobody wrote an answer to. `unclear`: to what is no words. `calm`: to rude words.
    `another`: before another question, for somebody who is stuck."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    neutral: tuple[str, ...]
    unknown: tuple[str, ...]
    unclear: tuple[str, ...]
    calm: tuple[str, ...]
    thanks: tuple[str, ...]
    goodbye: tuple[str, ...]
    another: tuple[str, ...]


@cache
def shared_lines(language: str) -> SharedLines:
    """The shared lines of a language that has scenarios."""
    text = files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8")
    return SharedLines.model_validate(plain_table(tomllib.loads(text)))


@cache
def spoken() -> frozenset[str]:
    """The languages that have shared lines."""
    names = (file.name for file in files(__package__).iterdir())
    return frozenset(name.removesuffix(".toml") for name in names if name.endswith(".toml"))
