"""What a language's file says of verbs and nouns, and what follows from it: forms, persons, genders, plurals."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cached_property
from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict

Pair = tuple[str, str]
# (verb, time, person from 0)
Analysis = tuple[int, int, int]
# (gender: 0 masculine, 1 feminine, 2 neuter; whether it is several)
Noun = tuple[int, bool]


def _words(text: object) -> object:
    return frozenset(word.replace("_", " ") for word in text.split()) if isinstance(text, str) else text


def _changes(text: object) -> object:
    if not isinstance(text, str):
        return text
    return {old: new for old, _, new in (word.replace("_", " ").partition(">") for word in text.split())}


# "ayer la_semana_pasada": words, a line between the words of one; "der>dem ein>einem": what becomes what.
Words = Annotated[frozenset[str], BeforeValidator(_words)]
Changes = Annotated[dict[str, str], BeforeValidator(_changes)]


class Part(BaseModel):
    """A part of a language's file."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, ignored_types=(cached_property,))


class Endings(Part):
    """The six endings of a regular class, I to they, by time; and of its participle and its -ing."""

    present: str
    past: str = ""
    imperfect: str = ""
    participle: str = ""
    gerund: str = ""

    @property
    def times(self) -> tuple[str, ...]:
        """The rows that are known: today, the past, and what was going on."""
        return tuple(row for row in (self.present, self.past, self.imperfect) if row)


class Verbs(Part):
    """``regular`` names infinitives by class; ``irregular`` gives six forms today and, maybe, in the past.

    ``subjects`` names the words that decide the person: pronouns (1 to 6), determiners before any noun (``noun3``,
    ``noun6``) or before a noun of the tables (``known``), what joins two, what opens a clause.
    """

    subjects: dict[str, Words]
    between: Words = frozenset()
    classes: dict[str, Endings] = {}
    regular: dict[str, Words] = {}
    irregular: dict[str, tuple[str, ...]] = {}
    # Verbs with one form for all but one person: "go goes went gone going".
    parts: tuple[str, ...] = ()
    participles: Changes = {}
    gerunds: Changes = {}
    past_words: Words = frozenset()
    # The past is said with two words ("ho comprato"): only the place of a verb of today is shown.
    compound_past: bool = False
    auxiliaries: Words = frozenset()

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
        for ending, infinitive in self._regulars():
            stem = infinitive.removesuffix(ending)
            found.append([tuple(stem + e for e in row.split()) for row in self.classes[ending].times])
        for base, third, past, *_ in self._five:
            found.append([(base, base, third, base, base, base), (past,) * 6])
        return found

    @property
    def _five(self) -> list[list[str]]:
        return [five.split() for five in self.parts]

    @cached_property
    def infinitives(self) -> tuple[str, ...]:
        """The verbs, in the order of ``conjugated``."""
        return (*self.irregular, *(verb for _, verb in self._regulars()), *(five[0] for five in self._five))

    def _regulars(self) -> list[Pair]:
        return [(ending, verb) for ending, verbs in self.regular.items() for verb in sorted(verbs)]

    @cached_property
    def participle_of(self) -> dict[str, str]:
        """The participle of each infinitive that has one."""
        made = {verb: verb.removesuffix(e) + self.classes[e].participle for e, verb in self._regulars()}
        made = made if any(c.participle for c in self.classes.values()) else {}
        return {**made, **{five[0]: five[3] for five in self._five}, **self.participles}

    @cached_property
    def gerund_of(self) -> dict[str, str]:
        """The -ing of each infinitive that has one."""
        made = {verb: verb.removesuffix(e) + self.classes[e].gerund for e, verb in self._regulars()}
        made = made if any(c.gerund for c in self.classes.values()) else {}
        return {**made, **{five[0]: five[4] for five in self._five}, **self.gerunds}

    @cached_property
    def infinitive_of(self) -> dict[str, str]:
        """The infinitive of each form that belongs to one verb only."""
        found: dict[str, set[str]] = {}
        for form, analyses in self.analyses.items():
            found.setdefault(form, set()).update(self.infinitives[verb] for verb, _, _ in analyses)
        for forms in (self.participle_of, self.gerund_of):
            for infinitive, form in forms.items():
                found.setdefault(form, set()).add(infinitive)
        return {form: next(iter(verbs)) for form, verbs in found.items() if len(verbs) == 1}


class Genders(Part):
    """Nouns whose gender is not in doubt (``neuter``: all of a language without), their plurals, and adjectives."""

    masculine: Words = frozenset()
    feminine: Words = frozenset()
    neuter: Words = frozenset()
    # The first pattern that fits makes the plural; what does not follow one stands in ``plurals``.
    plural_endings: tuple[Pair, ...] = ()
    plurals: Changes = {}
    # Nouns that say when: they are no subject ("el lunes trabajo").
    times: Words = frozenset()
    # "ella ellos": gender and number like nouns, without a determiner.
    pronouns: Words = frozenset()
    pairs: tuple[Pair, ...] = ()
    adjectives: tuple[Pair, ...] = ()
    copulas: Words = frozenset()
    between: Words = frozenset()
    # "of": adjectives behind a second noun may be the first one's.
    joining: Words = frozenset()
    # Letters before which these determiners (all, if none is named) are not looked at: they change (mon école, l'eau).
    elided_before: str = ""
    changing: Words = frozenset()

    @cached_property
    def of(self) -> dict[str, Noun]:
        """Gender and number of each form of a noun."""
        found: dict[str, Noun] = {}
        for gender, nouns in enumerate((self.masculine, self.feminine, self.neuter)):
            for noun in nouns:
                found[noun.casefold()] = (gender, False)
                found.setdefault(self.plural_of(noun).casefold(), (gender, True))
        return found

    @cached_property
    def unchanging(self) -> frozenset[str]:
        """Nouns that are one or several without a sign of it (die Lehrer, les bras)."""
        nouns = (*self.masculine, *self.feminine, *self.neuter)
        return frozenset(noun.casefold() for noun in nouns if self.plural_of(noun) == noun)

    @cached_property
    def all_times(self) -> frozenset[str]:
        """Words of time, one or several."""
        return frozenset(one.casefold() for word in self.times for one in (word, self.plural_of(word)))

    def plural_of(self, word: str) -> str:
        """Return the plural, or the word itself where nothing says what it is."""
        if word in self.plurals:
            return self.plurals[word]
        return next((re.sub(end, put, word, count=1) for end, put in self.plural_endings if re.search(end, word)), word)

    @cached_property
    def determiner_pairs(self) -> dict[str, tuple[int, str]]:
        """The gender of each determiner, and what it is in the other one."""
        return _both_ways(self.pairs)

    @cached_property
    def adjective_pairs(self) -> dict[str, tuple[int, str]]:
        """The gender of each form of an adjective, and what it is in the other one."""
        plural = ((self.plural_of(m), self.plural_of(f)) for m, f in self.adjectives)
        return _both_ways(pair for pair in (*self.adjectives, *plural) if pair[0] != pair[1])

    @cached_property
    def adjective_forms(self) -> dict[str, tuple[Pair, Pair]]:
        """Singular (masculine, feminine) and plural of every singular form of an adjective."""
        found: dict[str, tuple[Pair, Pair]] = {}
        for m, f in self.adjectives:
            forms = ((m, f), (self.plural_of(m), self.plural_of(f)))
            found |= dict.fromkeys((m, f), forms)
        return found


def _both_ways(pairs: Iterable[Pair]) -> dict[str, tuple[int, str]]:
    known = list(pairs)
    return {m: (0, f) for m, f in known} | {f: (1, m) for m, f in known}
