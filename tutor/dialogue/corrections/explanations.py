"""What is said about a finding, in the learner's own language: the kind by name, the reason, who says so."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any, Final

_FALLBACK: Final = "en"
# A model's doubts and what it writes are two witnesses in code; people read of one.
_SPOKEN: Final = {"probability": "model", "generation": "model"}


@dataclass(frozen=True, slots=True)
class Explanation:
    """``name`` of the kind, and ``why``: at most 15 words, none of which is the answer.

    ``because`` says it of one word of the sentence, which decides; empty where no single word does.
    """

    name: str
    why: str
    because: str = ""

    def about(self, word: str) -> str:
        """Return why, by the word of the learner's own sentence that decides, where one is known."""
        return self.because.replace("{word}", word) if word and self.because else self.why


def explanation(kind: str, own_language: str) -> Explanation | None:
    """Return what to say about a kind in the learner's own language, in English where it is not written in that one."""
    row = _read(_told_in(own_language)).get(kind)
    return Explanation(row["name"], row["why"], row.get("because", "")) if row else None


def spoken_for(witnesses: Sequence[str], own_language: str) -> str:
    """Return who says so, in words of the own language: "a rule", "the model · a dictionary"."""
    names = _read(_told_in(own_language))["witnesses"]
    codes = dict.fromkeys(_SPOKEN.get(one, one) for one in witnesses)
    return " · ".join(names[code] for code in codes)


def _told_in(own_language: str) -> str:
    own = own_language.split("-", maxsplit=1)[0].lower()
    return own if own in explained_languages() else _FALLBACK


@cache
def explained_languages() -> frozenset[str]:
    """Return the own languages in which reasons are written."""
    folder = files(__package__).joinpath("reasons")
    return frozenset(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))


@cache
def _read(language: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath("reasons", f"{language}.toml").read_text("utf-8"))
