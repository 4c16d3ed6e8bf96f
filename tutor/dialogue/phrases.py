"""Phrases that a teacher can write, found in what learners type: accents, marks and small slips do not matter.

A phrase is words. "a/b" is either word, "[a b/c]" either run of words, "(please)" may be missing, "^a" stands only at
the beginning of a clause, "suicid*" is every word with that beginning, "X" is whatever the learner asks about (one to
eight words), "Y" the same in one word, LANG the name of any language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from typing import Final

X: Final = "\x00x"
Y: Final = "\x00y"
LANG: Final = "\x00lang"
BEGINNING: Final = "\x00begins"
ELIDED: Final = "\u2019"  # at the end of j', l', qu', which are words of their own
_CHATTY: Final = {
    "u": "you",
    "ur": "your",
    "r": "are",
    "wat": "what",
    "wht": "what",
    "waht": "what",
    "wha": "what",
    "hw": "how",
    "pls": "please",
    "plz": "please",
    "dnt": "dont",
    "q": "que",
    "k": "que",
    "ke": "que",
    "qe": "que",
    "xq": "porque",
    "koi": "quoi",
    "kwa": "quoi",
    "wass": "was",
    "nich": "nicht",
    "ned": "nicht",
    "isch": "ich",
    "i'm": "im",
}
MASKED: Final = "****"  # a rude word that was masked: f***, sh#t
_ASKED_ABOUT: Final = {X: 8, Y: 1}  # at most so many words
_CLAUSES_HEARD: Final = 8
# Of the same letters, one swap apart, and yet no slip.
_OTHER_WORDS: Final = frozenset(
    map(
        frozenset,
        (
            ("amie", "aime"),
            ("amies", "aimes"),
            ("chien", "chine"),
            ("cena", "cane"),
            ("from", "form"),
            ("bread", "beard"),
        ),
    )
)
_AS_HIRAGANA: Final = {katakana: katakana - 0x60 for katakana in range(ord("ァ"), ord("ヶ") + 1)}

_WIDE: Final = "\u3040-\u30ff\u3400-\u9fff々"
_WORD: Final = re.compile(
    rf"[^\W\d_{_WIDE}]+[*#]+\w*|[{_WIDE}]|[\uac00-\ud7a3]+|[^\W_{_WIDE}\uac00-\ud7a3]+[*\u2019]?|\*{{4}}"
)
_ELISION: Final = re.compile(
    r"\b([ldjmtscn]|qu|lorsqu|jusqu|puisqu|dell|all|nell|sull|un|com|dov)'(?=[aeiouyhàâéèêîôûœ])"
)
_CLAUSE: Final = re.compile(r"[.,;:!?¿¡。、，．！？…؟،؛\n()–—]+|\s-\s")
_ELEMENT: Final = re.compile(r"\(([^)]*)\)|\[([^]]*)\]|(\S+)")


@dataclass(frozen=True)
class Word:
    """One word: as it is compared, and as it was written."""

    folded: str
    written: str


class Clause:
    """The words between two marks. It remembers which words of phrases stand in it."""

    def __init__(self, words: Sequence[Word]) -> None:
        self.words = tuple(words)
        self._beginnings = frozenset(word.folded[:1] for word in words)
        self._known: dict[str, bool] = {}

    def __len__(self) -> int:
        return len(self.words)

    def part(self, start: int, end: int) -> Clause:
        return Clause(self.words[start:end])

    def holds(self, sought: str) -> bool:
        if sought[:1] not in self._beginnings:
            return False
        if sought not in self._known:
            self._known[sought] = any(alike(sought, word.folded) for word in self.words)
        return self._known[sought]


@dataclass(frozen=True)
class Element:
    """One place of a phrase: any of these runs of words, or none where it is optional."""

    runs: tuple[tuple[str, ...], ...]
    optional: bool


class Phrase(tuple[Element, ...]):  # noqa: SLOT001 - it keeps what it needs
    """The elements of a phrase, in their order. Looked for in every message, so it knows what it cannot do without."""

    @cached_property
    def needed(self) -> tuple[tuple[str, ...], ...]:
        """The plain words of which one has to be there, place by place."""
        firsts = (tuple(run[0] for run in element.runs) for element in self if not element.optional)
        return tuple(words for words in firsts if not {X, Y, LANG, BEGINNING}.intersection(words))


def clauses(message: str) -> tuple[Clause, ...]:
    """The parts of a message between its marks; of very many the first and the last eight."""
    parts = [Clause(found) for part in _CLAUSE.split(message.replace("\u2019", "'")) if (found := words(part))]
    return tuple(parts if len(parts) <= 2 * _CLAUSES_HEARD else parts[:_CLAUSES_HEARD] + parts[-_CLAUSES_HEARD:])


def words(text: str) -> tuple[Word, ...]:
    spaced = _ELISION.sub("\\1\u2019 ", text.lower() if text.islower() else _lowered(text))
    return tuple(_word(found.group()) for found in _WORD.finditer(spaced.replace("'", "")))


def _lowered(text: str) -> str:
    """Only the elided beginnings, so that what was written stays as it was."""
    return re.sub(r"\b(\w+)'", lambda found: found.group().lower(), text)


def _word(written: str) -> Word:
    masked = "*" in written.rstrip("*") or "#" in written or written.endswith("**")
    plain = folded(written.removesuffix(ELIDED))
    return Word(MASKED if masked else _CHATTY.get(plain, plain), written)


@lru_cache(maxsize=8192)
def folded(word: str) -> str:
    """A word without case and accents, in letters of ordinary width; katakana as hiragana, Hangul as it is."""
    parts = unicodedata.normalize("NFKD", word.casefold())
    kept = (c for c in parts if not ("\u0300" <= c <= "\u036f" or "\u064b" <= c <= "\u065f" or c == "\u0640"))
    return unicodedata.normalize("NFC", "".join(kept)).translate(_AS_HIRAGANA)


@cache
def phrase(text: str) -> Phrase:
    return Phrase(_element(found[1], found[2] or found[3]) for found in _ELEMENT.finditer(text))


def _element(optional: str | None, plain: str | None) -> Element:
    runs = tuple(_run(part) for part in (optional or plain or "").split("/"))
    return Element(tuple(run for run in runs if run), optional is not None)


def _run(text: str) -> tuple[str, ...]:
    special = {"X": (X,), "Y": (Y,), "LANG": (LANG,)}
    said = tuple(one for part in text.split() for one in special.get(part) or [word.folded for word in words(part)])
    return (BEGINNING, *said) if text.startswith("^") else said


@dataclass(frozen=True)
class Found:
    """Where a phrase ends, the words that stand for each X in it, and those before it in its clause."""

    end: int
    x: tuple[tuple[Word, ...], ...] = ()
    before: tuple[Word, ...] = ()


def found_at(
    sought: tuple[Element, ...], clause: Clause, start: int, languages: Collection[str] = ()
) -> Iterator[Found]:
    """Every way in which the phrase stands here: the shortest X first, but one at its end as long as it can be."""
    if not sought:
        yield Found(start)
        return
    first, rest = sought[0], sought[1:]
    for run in first.runs:
        ways = _run_at(run, clause, start, languages)
        for here in ways if rest or run != (X,) else reversed(list(ways)):
            for there in found_at(rest, clause, here.end, languages):
                yield Found(there.end, here.x + there.x)
    if first.optional:
        yield from found_at(rest, clause, start, languages)


def _run_at(run: tuple[str, ...], clause: Clause, start: int, languages: Collection[str]) -> Iterator[Found]:
    if not run:
        yield Found(start)
    elif run[0] in _ASKED_ABOUT:
        most = _ASKED_ABOUT[run[0]]
        for end in range(start + 1, min(len(clause), start + most) + 1):
            x = clause.words[start:end]
            yield from (Found(more.end, (x, *more.x)) for more in _run_at(run[1:], clause, end, languages))
    elif run[0] == BEGINNING:
        yield from _run_at(run[1:], clause, start, languages) if start == 0 else ()
    elif start < len(clause) and _is(run[0], clause.words[start].folded, languages):
        yield from _run_at(run[1:], clause, start + 1, languages)


def _is(sought: str, word: str, languages: Collection[str]) -> bool:
    return word in languages if sought == LANG else alike(sought, word)


@lru_cache(maxsize=65536)
def alike(sought: str, word: str) -> bool:
    """The same word, or one slip away from it: a longer word with one letter wrong, missing, doubled or swapped."""
    if sought.endswith("*") and sought != MASKED:
        return word.startswith(sought[:-1])
    if sought == word:
        return True
    shorter = min(len(sought), len(word))
    if shorter < 4 or not sought.isalpha() or not word.isalpha() or ord(sought[0]) > 0x24F:
        return False
    if max(len(sought), len(word)) < 8:
        swapped = len(sought) == len(word) and sorted(sought) == sorted(word) and sought[0] == word[0]
        return swapped and frozenset((sought, word)) not in _OTHER_WORDS
    return sought[0] == word[0] and _one_slip(sought, word)


def _one_slip(one: str, other: str) -> bool:
    if abs(len(one) - len(other)) > 1:
        return False
    same = 0
    while same < min(len(one), len(other)) and one[same] == other[same]:
        same += 1
    a, b = one[same:], other[same:]
    swapped = len(a) > 1 and len(b) > 1 and a[0] == b[1] and a[1] == b[0] and a[2:] == b[2:]
    return a[1:] == b[1:] or a[1:] == b or a == b[1:] or swapped


def anywhere(sought: Iterable[Phrase], clause: Clause, languages: Collection[str] = ()) -> Found | None:
    """The first of the phrases that stands somewhere in the clause."""
    for one in sought:
        if not _may_stand(one, clause):
            continue
        for start in range(len(clause)):
            for found in found_at(one, clause, start, languages):
                return replace(found, before=clause.words[:start])
    return None


def whole(sought: Iterable[Phrase], clause: Clause, languages: Collection[str] = ()) -> Found | None:
    """The first of the phrases that is all there is in the clause."""
    for one in sought:
        if not _may_stand(one, clause):
            continue
        for found in found_at(one, clause, 0, languages):
            if found.end == len(clause):
                return found
    return None


def _may_stand(sought: Phrase, clause: Clause) -> bool:
    """Whether a word for each place of the phrase is there at all: most phrases are ruled out by this alone."""
    for words in sought.needed:
        for word in words:
            if clause.holds(word):
                break
        else:
            return False
    return True
