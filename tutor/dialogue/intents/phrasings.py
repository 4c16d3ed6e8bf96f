"""How a language says what is said about the lesson itself, read from its file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Final

from tutor.dialogue import phrases
from tutor.dialogue.intents.kinds import BY_PHRASE, Kind
from tutor.dialogue.phrases import Phrase

_LISTS: Final = ("anywhere", "asked", "abroad", "clause", "abroad_clause", "alone", "unless")


@dataclass(frozen=True)
class Phrasings:
    """How one language says these things."""

    language: str
    kinds: dict[Kind, dict[str, tuple[Phrase, ...]]]
    fillers: tuple[Phrase, ...]
    language_names: Mapping[str, str]  # to the language's code
    question_words: tuple[Phrase, ...]
    question_endings: tuple[Phrase, ...]
    pronouns: frozenset[str]
    or_words: frozenset[str]
    grammar_words: frozenset[str]
    no_word: frozenset[str]  # what is never asked for by itself with a mark: "yes?", "two?"


@cache
def phrasings(language: str) -> Phrasings | None:
    """The phrasings of one language; None where nobody wrote any."""
    file = files(__package__).joinpath(f"{language}.toml")
    if not file.is_file():
        return None
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    kinds = {kind: {name: _read(table.get(kind, {}).get(name, ())) for name in _LISTS} for kind in BY_PHRASE}
    names = {phrases.folded(name): code for code, those in table["language_names"].items() for name in those}
    pronouns = frozenset(map(phrases.folded, table["pronouns"]))
    return Phrasings(
        language,
        kinds,
        _read(table["fillers"]),
        names,
        _read(table["question_words"]),
        _read(table.get("question_endings", ())),
        pronouns,
        *(
            frozenset(map(phrases.folded, table.get(name, "").split()))
            for name in ("or_words", "grammar_words", "no_word")
        ),
    )


def _read(texts: Sequence[str]) -> tuple[Phrase, ...]:
    return tuple(phrases.phrase(text) for text in texts)
