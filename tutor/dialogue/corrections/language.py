"""What is known about one studied language: examples for the model, margins, verbs, nouns and rules, read from a file.

One file a language, ``languages/es.toml``, in words that a teacher can read and mend.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache, cached_property
from importlib.resources import files
from typing import Literal

from tutor.dialogue.corrections.tables import Changes, Genders, Pair, Part, Verbs, Words
from tutor.dialogue.corrections.vocabulary import Vocabulary, vocabulary


class Margins(Part):
    """Gaps in nats between what a model wanted to write and what stands there; chosen by the bench.

    ``place``: a place is shown; ``possible``: with an answer, as a suggestion; ``sure``: as a correction; ``rival``:
    two answers closer than this are no answer.
    """

    place: float
    possible: float
    sure: float
    rival: float = 1.0


class Rule(Part):
    """A mistake that small models pass over: ``find`` (a regular expression over whole words) becomes ``put``.

    Both may name words (``{noun}``) and changes (``{2>plural}``); ``certainty`` *place* shows where, and no answer.
    """

    find: str
    put: str
    kind: str
    certainty: Literal["sure", "possible", "place"] = "sure"
    unless: str = ""
    right: str
    wrong: str


class CorrectionLanguage(Part):
    """Everything of one language; ``margins`` by the name of a model, ``default`` for any other."""

    examples: tuple[Pair, ...]
    margins: dict[str, Margins]
    verbs: Verbs | None = None
    genders: Genders | None = None
    rules: tuple[Rule, ...] = ()
    contractions: tuple[str, ...] = ()
    # Words that a dictionary may not know (another country's spelling, what is said every day).
    also_right: Words = frozenset()
    # Nouns begin with a capital.
    capital_nouns: bool = False
    # Closed classes, for the kind of a change: article, preposition, pronoun …
    classes: dict[str, Words] = {}
    # What rules name, beside what follows from the tables.
    words: dict[str, Words] = {}
    changes: dict[str, Changes] = {}

    def margins_of(self, model: str) -> Margins:
        """Return what the bench has chosen for this model, or the careful ones of a model it has not seen."""
        known: Mapping[str, Margins] = self.margins
        return known.get(model) or known["default"]

    @cached_property
    def vocabulary(self) -> Vocabulary:
        """What rules name."""
        return vocabulary(self.words, self.changes, self.verbs, self.genders)

    @cached_property
    def compiled(self) -> list[tuple[Rule, re.Pattern[str], re.Pattern[str] | None]]:
        """The rules as patterns over whole words."""
        known = self.vocabulary.pattern
        return [
            (rule, _whole(known(rule.find)), _whole(known(rule.unless)) if rule.unless else None) for rule in self.rules
        ]


def _whole(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w|-\w)", re.IGNORECASE)


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
