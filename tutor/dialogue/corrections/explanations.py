"""What is said about a finding, in the learner's own language: the kind by name, the reason in one clause."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

_FALLBACK: Final = "en"


@dataclass(frozen=True, slots=True)
class Explanation:
    """``name`` of the kind, and ``why``: at most 15 words, none of which is the answer."""

    name: str
    why: str


def explanation(kind: str, own_language: str) -> Explanation | None:
    """Return what to say about a kind in the learner's own language, in English where it is not written in that one."""
    own = own_language.split("-", maxsplit=1)[0].lower()
    return _read(own if own in explained_languages() else _FALLBACK).get(kind)


@cache
def explained_languages() -> frozenset[str]:
    """Return the own languages in which reasons are written."""
    folder = files(__package__).joinpath("reasons")
    return frozenset(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


@cache
def _read(language: str) -> dict[str, Explanation]:
    file = files(__package__).joinpath("reasons", f"{language}.toml")
    rows = tomllib.loads(file.read_text("utf-8"))
    return {kind: Explanation(row["name"], row["why"]) for kind, row in rows.items()}
