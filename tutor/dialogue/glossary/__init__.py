"""Common words in the languages that have scenarios, one row a meaning: `words.tsv`.

A cell is the word as it is shown, then other forms of it behind a semicolon: "el perro; perra perros".
"""

from __future__ import annotations

import csv
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Final

from tutor.dialogue.phrases import words

_ARTICLES: Final = {
    "en": ("the", "a", "an", "to"),
    "es": ("el", "la", "los", "las", "un", "una", "unos", "unas"),
    "fr": ("le", "la", "les", "l", "un", "une", "des", "du", "de"),
    "de": ("der", "die", "das", "den", "dem", "ein", "eine", "einen"),
    "it": ("il", "lo", "la", "l", "i", "gli", "le", "un", "uno", "una"),
    "ja": (),
    "pt": ("o", "a", "os", "as", "um", "uma", "uns", "umas"),
}
_ENDINGS: Final = {
    "en": ("s", "es"),
    "es": ("s", "es"),
    "fr": ("s", "x"),
    "de": ("n", "en", "e", "s", "er"),
    "it": (),
    "ja": (),
    "pt": ("s", "es"),
}
_MARKS: Final[Mapping[str, Mapping[str, str]]] = {
    "en": {},
    "es": {"m": "el · m.", "f": "la · f.", "el_f": "el · f.", "m_pl": "los · m. pl.", "f_pl": "las · f. pl."},
    "fr": {
        "m": "le · m.",
        "f": "la · f.",
        "m_el": "l’ · m.",
        "f_el": "l’ · f.",
        "m_pl": "les · m. pl.",
        "f_pl": "les · f. pl.",
    },
    "de": {"m": "der · m.", "f": "die · f.", "n": "das · n.", "pl": "die · pl."},
}


def knows(language: str) -> bool:
    return language in _ARTICLES


def senses(word: str, language: str, into: str) -> tuple[str, ...]:
    """The word or short phrase of one language in another, one a meaning; none where it is not in the list."""
    if not (knows(language) and knows(into)):
        return ()
    rows = _rows()
    found = (rows[place][into].partition(";")[0].strip() for place in _places(word, language))
    return tuple(dict.fromkeys(filter(None, found)))


def translated(word: str, language: str, into: str) -> str:
    """All its senses in one line; "" where it is not in the list."""
    return " / ".join(senses(word, language, into))


def gender(word: str, language: str) -> str:
    """The article of a noun and what it stands for, such as "la · f."; "" where that is not known."""
    if not knows(language):
        return ""
    shown = [_rows()[place][language] for place in _places(word, language)]
    is_noun = bool(shown) and (language != "de" or all(one[:1].isupper() for one in shown))
    return _MARKS.get(language, {}).get(_genders(language).get(_plain(word, language), ""), "") if is_noun else ""


def _places(word: str, language: str) -> tuple[int, ...]:
    index = _index(language)
    return next((index[form] for form in _forms(word, language) if form and form in index), ())


@cache
def _genders(language: str) -> Mapping[str, str]:
    """What is written in `genders.toml`: the nouns of each gender."""
    table = tomllib.loads(files(__package__).joinpath("genders.toml").read_text(encoding="utf-8"))
    named = table.get(language, {})
    return {_plain(noun, language): name for name, nouns in named.items() for noun in nouns.split(", ")}


def entry(word: str, language: str, into: str) -> tuple[str, str] | None:
    """The word as the list shows it, and its meaning; None where it is not in the list or may be several words."""
    if not (knows(language) and knows(into)):
        return None
    rows = _rows_of_forms(language)
    places = next((rows[form] for form in _forms(word, language) if form in rows), frozenset())
    if len(places) != 1:
        return None
    row = _rows()[next(iter(places))]
    return row[language].partition(";")[0].strip(), row[into].partition(";")[0].strip()


@cache
def _rows_of_forms(language: str) -> Mapping[str, frozenset[int]]:
    """All rows in which a form stands, as the word itself or as another form of it."""
    found: dict[str, set[int]] = {}
    for place, row in enumerate(_rows()):
        shown, _, more = row[language].partition(";")
        for form in (shown, *more.split()):
            found.setdefault(_plain(form, language), set()).add(place)
    return {form: frozenset(places) for form, places in found.items()}


def _forms(word: str, language: str) -> list[str]:
    """How it may stand in the list: as it is, without its article, without a plural's ending."""
    plain = _plain(word, language)
    shorter = [plain.removesuffix(ending) for ending in _ENDINGS[language] if plain.endswith(ending) and len(plain) > 4]
    return [" ".join(one.folded for one in words(word)), plain, *shorter]


def _plain(word: str, language: str) -> str:
    parts = [one.folded for one in words(word)]
    while len(parts) > 1 and parts[0] in _ARTICLES[language]:
        parts = parts[1:]
    return " ".join(parts)


@cache
def _rows() -> tuple[Mapping[str, str], ...]:
    with files(__package__).joinpath("words.tsv").open(encoding="utf-8") as file:
        return tuple(csv.DictReader(file, delimiter="\t"))


@cache
def _index(language: str) -> Mapping[str, tuple[int, ...]]:
    """The rows of each form; a form of its own stands before another word's other form."""
    first: dict[str, list[int]] = {}
    other: dict[str, list[int]] = {}
    for place, row in enumerate(_rows()):
        shown, _, more = row[language].partition(";")
        first.setdefault(_plain(shown, language), []).append(place)
        for form in more.split():
            other.setdefault(_plain(form, language), []).append(place)
    return {form: tuple(first.get(form) or other[form]) for form in {*first, *other}}
