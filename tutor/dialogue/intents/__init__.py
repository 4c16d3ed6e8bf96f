"""What kind of thing a learner has said: by fixed phrasings, one file a language that a teacher can read.

The phrasings of the language studied, of the learner's own and of English are all tried: beginners mix them.
In a file, each kind has up to four lists: `anywhere` in the message, as a whole `clause` (between marks),
or `alone`, when nothing else is said; `unless` takes back what stands anywhere. `fillers` around a clause do not count.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from typing import Final, Literal

from tutor.dialogue import phrases
from tutor.dialogue.message_signals import base, folded, is_foreign, is_noise
from tutor.dialogue.phrases import Clause, Found, Phrase, Word

Kind = Literal[
    "distress",
    "rude",
    "correct_me",
    "was_that_right",
    "meaning",
    "how_to_say",
    "difference",
    "grammar",
    "report",
    "stuck",
    "goodbye",
    "thanks",
    "noise",
    "own_language",
    "question",
    "answer",
]
ABOUT_LANGUAGE: Final = frozenset({"correct_me", "was_that_right", "meaning", "how_to_say", "difference", "grammar"})
_BY_PHRASE: Final[tuple[Kind, ...]] = (
    "distress",
    "rude",
    "correct_me",
    "was_that_right",
    "difference",
    "meaning",
    "how_to_say",
    "grammar",
    "report",
    "stuck",
    "goodbye",
    "thanks",
)
_ABOUT_WORDS: Final = frozenset({"meaning", "how_to_say", "difference", "grammar"})
_LISTS: Final = ("anywhere", "clause", "alone", "unless")
_QUESTION_MARKS: Final = "?？؟"


@dataclass(frozen=True)
class Intent:
    """A kind, and for a question about the language the words asked about, as they were written."""

    kind: Kind
    about: str = ""

    @property
    def about_language(self) -> bool:
        return self.kind in ABOUT_LANGUAGE


@dataclass(frozen=True)
class Phrasings:
    """How one language says these things."""

    kinds: dict[Kind, dict[str, tuple[Phrase, ...]]]
    fillers: tuple[Phrase, ...]
    language_names: Mapping[str, str]  # to the language's code
    question_words: tuple[Phrase, ...]
    question_endings: tuple[Phrase, ...]
    pronouns: frozenset[str]


@lru_cache(maxsize=512)
def intent_of(message: str, language: str, own_language: str) -> Intent:
    """The kind of a learner's message. Never fails: what no phrasing fits is a question or an answer."""
    text = folded(message)
    parts = phrases.clauses(text)
    spoken = [found for code in _spoken(language, own_language) if (found := phrasings(code))]
    names = dict(pair for one in spoken for pair in one.language_names.items())
    for heard in (_within, _between_marks):
        for kind in _BY_PHRASE:
            for one in spoken:
                phrase = heard(one, kind, parts, names)
                if phrase is not None:
                    return _asked(_by_language(kind, parts, names, language), phrase, one, names)
    return Intent(_without_phrase(text, parts, language, own_language))


def asks_in(message: str, kind: Kind, language: str) -> bool:
    """Whether a message of this kind is said in this language's own phrasings, and not in those of another."""
    one, parts = phrasings(base(language)), phrases.clauses(folded(message))
    if one is None:
        return False
    return any(heard(one, kind, parts, one.language_names) for heard in (_within, _between_marks))


def _without_phrase(text: str, parts: Sequence[Clause], language: str, own_language: str) -> Kind:
    if is_noise(text):
        return "noise"
    if is_foreign(text, language, own_language):
        return "own_language"
    return "question" if _asks(text, parts, language) else "answer"


def _spoken(language: str, own_language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((base(language), base(own_language), "en")))


def _within(one: Phrasings, kind: Kind, parts: Sequence[Clause], names: Mapping[str, str]) -> Found | None:
    """A phrase that stands anywhere in the message."""
    lists = one.kinds[kind]
    if any(phrases.anywhere(lists["unless"], clause, names) for clause in parts):
        return None
    found = (phrases.anywhere(lists["anywhere"], clause, names) for clause in parts)
    return next((one for one in found if one is not None), None)


def _between_marks(one: Phrasings, kind: Kind, parts: Sequence[Clause], names: Mapping[str, str]) -> Found | None:
    """A phrase that is a whole clause (goodbye: the last one), or all that is said."""
    lists = one.kinds[kind]
    if kind == "thanks":
        bare = list(parts)
    else:
        bare = [shorter for clause in parts if len(shorter := _without_fillers(clause, one))]
    for clause in bare[-1:] if kind == "goodbye" else bare:
        found = phrases.whole(lists["clause"], clause, names)
        if found is not None:
            return found
    each = [phrases.whole(lists["alone"] + lists["clause"], clause, names) for clause in bare]
    return each[0] if each and all(each) else None


def _asked(kind: Kind, phrase: Found, one: Phrasings, names: Mapping[str, str]) -> Intent:
    """What does *that* mean, how do you say *it*: asks about the tutor's own words."""
    about = [_bare(x, one, names) for x in phrase.x]
    if kind in {"meaning", "how_to_say"} and all(word.folded in one.pronouns for x in about for word in x):
        return Intent("stuck")
    return Intent(kind, " / ".join(filter(None, map(_written, about))) if kind in _ABOUT_WORDS else "")


def _by_language(kind: Kind, parts: Sequence[Clause], names: Mapping[str, str], language: str) -> Kind:
    """What X is "in Spanish" asks for the Spanish word, what it is "in English" for its meaning."""
    if kind not in {"meaning", "how_to_say"}:
        return kind
    named = [names[word.folded] for clause in parts for word in clause.words if word.folded in names]
    return kind if not named else "how_to_say" if named[-1] == base(language) else "meaning"


def _bare(x: Sequence[Word], one: Phrasings, names: Mapping[str, str]) -> tuple[Word, ...]:
    """The words asked about, without "in Spanish" or "please" behind them and without "the word" before."""
    words = _without_fillers(Clause(x), one).words or tuple(x)
    return words[:-2] if len(words) > 2 and words[-1].folded in names else words


def _written(words: Sequence[Word]) -> str:
    wide = (word.written if ord(word.written[0]) >= 0x3040 else f"{word.written} " for word in words)
    return "".join(wide).replace(f"{phrases.ELIDED} ", "'").strip()


def _without_fillers(clause: Clause, one: Phrasings) -> Clause:
    """The clause without "please", "sorry", "um" at its ends."""
    for _ in range(4):
        shorter = _without_last(_without_first(clause, one.fillers), one.fillers)
        if len(shorter) == len(clause):
            break
        clause = shorter
    return clause


def _without_first(clause: Clause, fillers: Sequence[Phrase]) -> Clause:
    for filler in fillers:
        for found in phrases.found_at(filler, clause, 0):
            return clause.part(found.end, len(clause))
    return clause


def _without_last(clause: Clause, fillers: Sequence[Phrase]) -> Clause:
    for start in range(max(0, len(clause) - 4), len(clause)):
        if phrases.whole(fillers, clause.part(start, len(clause))):
            return clause.part(0, start)
    return clause


def _asks(text: str, parts: Sequence[Clause], language: str) -> bool:
    """With a question mark, or beginning with a question word of the language studied, or ending like a question."""
    if any(mark in text for mark in _QUESTION_MARKS):
        return True
    one = phrasings(base(language))
    if one is None or not parts:
        return False
    begins = any(next(phrases.found_at(word, parts[-1], 0), None) for word in one.question_words)
    return begins or _without_last(parts[-1], one.question_endings) is not parts[-1]


@cache
def phrasings(language: str) -> Phrasings | None:
    """The phrasings of one language; None where nobody wrote any."""
    file = files(__package__).joinpath(f"{language}.toml")
    if not file.is_file():
        return None
    table = tomllib.loads(file.read_text(encoding="utf-8"))
    kinds = {kind: {name: _read(table.get(kind, {}).get(name, ())) for name in _LISTS} for kind in _BY_PHRASE}
    names = {phrases.folded(name): code for code, those in table["language_names"].items() for name in those}
    pronouns = frozenset(map(phrases.folded, table["pronouns"]))
    endings = _read(table.get("question_endings", ()))
    return Phrasings(kinds, _read(table["fillers"]), names, _read(table["question_words"]), endings, pronouns)


def _read(texts: Sequence[str]) -> tuple[Phrase, ...]:
    return tuple(phrases.phrase(text) for text in texts)
