"""What a phrase alone does not tell: words in quotation marks, words of grammar, pairs that are often confused, and
what a question mark behind one word asks."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tutor.dialogue import grammar, phrases
from tutor.dialogue.intents.kinds import Intent, Kind
from tutor.dialogue.intents.phrasings import Phrasings
from tutor.dialogue.phrases import Clause, Phrase, Word

_QUOTED: Final = re.compile(
    r"[\"“”„«»「『‹›]\s*([^\"“”„«»「」『』‹›]{1,60}?)\s*[\"“”«»」』‹›]|(?<!\w)'([^']{1,40})'(?!\w)"
)
_WITH_WORDS: Final[frozenset[Kind]] = frozenset({"meaning", "how_to_say", "grammar"})
_MAYBE_GRAMMAR: Final[frozenset[Kind]] = frozenset({"meaning", "difference"})
_MAYBE_A_PAIR: Final[frozenset[Kind]] = frozenset({"was_that_right", "meaning", "grammar"})
_LEAST_LETTERS: Final = 3


def refined(intent: Intent, text: str, spoken: Sequence[Phrasings], language: str) -> Intent:
    """The same, as far as a phrase has heard it right."""
    quoted = [one or other for one, other in _QUOTED.findall(text)]
    if intent.kind in _WITH_WORDS and len(quoted) == 1:
        intent = replace(intent, about=quoted[0])
    words = {word.folded for word in phrases.words(intent.about)}
    if intent.kind in _MAYBE_GRAMMAR and any(words & one.grammar_words for one in spoken):
        return replace(intent, kind="grammar")
    if intent.kind in _MAYBE_A_PAIR and grammar.point_of(intent.about.split(" / "), language) is not None:
        return replace(intent, kind="difference")
    return intent if intent.kind in {*_WITH_WORDS, "difference"} else replace(intent, about="")


def asked_by_a_mark(parts: Sequence[Clause], text: str, spoken: Sequence[Phrasings], language: str) -> Intent | None:
    """Two words that are often confused ("ser or estar?"), one word ("gata?"), or nothing but a mark ("sorry?")."""
    bare = [shorter for clause in parts if len(shorter := _without_all_fillers(clause, spoken))]
    pair = _pair(bare, spoken, language)
    if pair:
        return Intent("difference", pair)
    if not any(mark in text for mark in "?？؟=") or (not bare and not parts):
        return None
    if not bare:
        return Intent("stuck")
    return _one_word(bare, spoken)


def _pair(parts: Sequence[Clause], spoken: Sequence[Phrasings], language: str) -> str:
    words = [word for clause in parts for word in clause.words]
    between = frozenset(word for one in spoken for word in one.or_words)
    sides = [word for word in words if word.folded not in between]
    if len(sides) != 2 or len(words) > len(sides) + 1 or len(words) == len(sides):
        return ""
    named = [written([word]) for word in sides]
    return " / ".join(named) if grammar.point_of(named, language) is not None else ""


def _one_word(parts: Sequence[Clause], spoken: Sequence[Phrasings]) -> Intent | None:
    (first, *others) = parts
    word = first.words[-1]
    is_short = len(first) == 1 and not others and word.folded.isalpha() and len(word.folded) >= _LEAST_LETTERS
    known = any(word.folded in one.no_word or word.folded in one.pronouns for one in spoken)
    return Intent("meaning", written([word])) if is_short and not known else None


def written(words: Sequence[Word]) -> str:
    """Words as they were written."""
    wide = (word.written if ord(word.written[0]) >= 0x3040 else f"{word.written} " for word in words)
    return "".join(wide).replace(f"{phrases.ELIDED} ", "'").strip()


def without_fillers(clause: Clause, one: Phrasings) -> Clause:
    """The clause without "please", "sorry", "um" at its ends."""
    for _ in range(4):
        shorter = without_last(_without_first(clause, one), one.fillers)
        if len(shorter) == len(clause):
            break
        clause = shorter
    return clause


def _without_all_fillers(clause: Clause, spoken: Sequence[Phrasings]) -> Clause:
    for one in spoken:
        clause = without_fillers(clause, one)
    return clause


def _without_first(clause: Clause, one: Phrasings) -> Clause:
    for filler in one.fillers:
        for found in phrases.found_at(filler, clause, 0):
            return clause.part(found.end, len(clause))
    return clause


def without_last(clause: Clause, endings: Sequence[Phrase]) -> Clause:
    """The clause without one of these at its end; the same one where none stands there."""
    for start in range(max(0, len(clause) - 4), len(clause)):
        if phrases.whole(endings, clause.part(start, len(clause))):
            return clause.part(0, start)
    return clause
