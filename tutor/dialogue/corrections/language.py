"""What is known about one studied language: examples for the model, margins, verbs, nouns and rules, read from a file.

One file a language, ``languages/es.toml``, in words that a teacher can read and mend.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

Pair = tuple[str, str]
# (verb, time, person from 0)
Analysis = tuple[int, int, int]


def _words(text: object) -> object:
    return frozenset(text.split()) if isinstance(text, str) else text


Words = Annotated[frozenset[str], BeforeValidator(_words)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, ignored_types=(cached_property,))


class Margins(_Part):
    """Gaps in nats between what a model wanted to write and what stands there; chosen by the bench.

    ``place``: a place is shown; ``possible``: with an answer, as a suggestion; ``sure``: as a correction; ``rival``:
    two answers closer than this are no answer.
    """

    place: float
    possible: float
    sure: float
    rival: float = 1.0


class Rule(_Part):
    """A mistake that small models pass over: ``find`` (a regular expression over whole words) becomes ``put``."""

    find: str
    put: str
    kind: str
    unless: str = ""
    right: str
    wrong: str


class Endings(_Part):
    """The six endings of a regular class, I to they, today and in the past."""

    present: str
    past: str = ""


class Verbs(_Part):
    """``regular`` names infinitives by class; ``irregular`` gives six forms today and, maybe, in the past.

    ``subjects`` names the words that decide the person (1 to 6).
    """

    subjects: dict[str, Words]
    between: Words = frozenset()
    classes: dict[str, Endings] = {}
    regular: dict[str, Words] = {}
    irregular: dict[str, tuple[str, ...]] = {}
    past_words: Words = frozenset()

    @cached_property
    def analyses(self) -> dict[str, tuple[Analysis, ...]]:
        """What each form may be: of which verb, in which row, of which person. ``_`` is a form that is not used."""
        found: dict[str, tuple[Analysis, ...]] = {}
        for verb, rows in enumerate(self.conjugated):
            for time, row in enumerate(rows):
                for person, form in enumerate(row):
                    if form != "_":
                        found[form] = (*found.get(form, ()), (verb, time, person))
        return found

    @cached_property
    def conjugated(self) -> list[list[tuple[str, ...]]]:
        """One list of rows a verb: today, and in the past where it is known."""
        found = [[tuple(row.split()) for row in rows] for rows in self.irregular.values()]
        for ending, infinitives in self.regular.items():
            for infinitive in sorted(infinitives):
                stem = infinitive.removesuffix(ending)
                endings = self.classes[ending]
                times = (endings.present, endings.past)
                found.append([tuple(stem + e for e in row.split()) for row in times if row])
        return found


class Genders(_Part):
    """Nouns whose gender is not in doubt, and the words before them in both genders (masculine, feminine)."""

    masculine: Words = frozenset()
    feminine: Words = frozenset()
    pairs: tuple[Pair, ...] = ()
    adjectives: tuple[Pair, ...] = ()
    copulas: Words = frozenset()
    between: Words = frozenset()
    # Letters before which determiners are not looked at, since they change there (mon école, l'eau).
    elided_before: str = ""


class CorrectionLanguage(_Part):
    """Everything of one language; ``margins`` by the name of a model, ``default`` for any other."""

    examples: tuple[Pair, ...]
    margins: dict[str, Margins]
    verbs: Verbs | None = None
    genders: Genders | None = None
    rules: tuple[Rule, ...] = ()
    contractions: tuple[str, ...] = ()
    # Closed classes, for the kind of a change: article, preposition, pronoun …
    classes: dict[str, Words] = {}

    def margins_of(self, model: str) -> Margins:
        """Return what the bench has chosen for this model, or the careful ones of a model it has not seen."""
        known: Mapping[str, Margins] = self.margins
        return known.get(model) or known["default"]

    @cached_property
    def compiled(self) -> list[tuple[Rule, re.Pattern[str], re.Pattern[str] | None]]:
        """The rules as patterns over whole words."""
        return [(rule, _whole(rule.find), _whole(rule.unless) if rule.unless else None) for rule in self.rules]


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.IGNORECASE)


def correction_language(language: str) -> CorrectionLanguage | None:
    """Return what is known about a language (BCP-47; the region does not count), or None where nothing is."""
    return _read(language.split("-", maxsplit=1)[0].lower())


@cache
def _read(language: str) -> CorrectionLanguage | None:
    file = files(__package__).joinpath("languages", f"{language}.toml")
    return CorrectionLanguage.model_validate(tomllib.loads(file.read_text("utf-8"))) if file.is_file() else None


def correction_languages() -> list[str]:
    """Return the languages in which sentences can be corrected."""
    folder = files(__package__).joinpath("languages")
    return sorted(file.name.removesuffix(".toml") for file in folder.iterdir() if file.name.endswith(".toml"))
