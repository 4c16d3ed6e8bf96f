"""What kind of thing a learner has said: by fixed phrasings, one file a language that a teacher can read.

The phrasings of the language studied, of the learner's own and of English are all tried: beginners mix them.
In a file, each kind has up to seven lists: `anywhere` in the message, the same only with a question mark (`asked`) or
only where this is not the language studied (`abroad`); as a whole `clause` between marks, or `abroad_clause`; `alone`,
when nothing else is said. `unless` takes back what stands anywhere. `fillers` around a clause do not count.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final

from tutor.dialogue import phrases
from tutor.dialogue.intents.kinds import ABOUT_LANGUAGE, BY_PHRASE, CHECKED, Intent, Kind
from tutor.dialogue.intents.phrasings import Phrasings, phrasings
from tutor.dialogue.intents.refining import asked_by_a_mark, refined, without_fillers, without_last, written
from tutor.dialogue.message_signals import base, folded, is_foreign, is_noise
from tutor.dialogue.phrases import Clause, Found, Word

__all__ = ["ABOUT_LANGUAGE", "Intent", "Kind", "Phrasings", "intent_of", "phrasings"]

_ABOUT_WORDS: Final = frozenset({"meaning", "how_to_say", "difference", "grammar"})
_QUESTION_MARKS: Final = "?？؟"
_SENTENCE: Final = re.compile(r"[^.!?。！？؟…\n]+[.!?。！？؟…]*")
_LEAST_ANSWER_WORDS: Final = 3
_WORDS_BEHIND_A_COLON: Final = 4


@dataclass(frozen=True)
class _Message:
    """A message as it is compared with phrasings: its clauses, and the names of languages."""

    text: str
    parts: Sequence[Clause]
    names: Mapping[str, str]
    language: str
    own_language: str

    @property
    def asks(self) -> bool:
        return any(mark in self.text for mark in _QUESTION_MARKS)


@lru_cache(maxsize=512)
def intent_of(message: str, language: str, own_language: str) -> Intent:
    """The kind of a learner's message. Never fails: what no phrasing fits is a question or an answer."""
    text = folded(message)
    spoken = [found for code in _spoken(language, own_language) if (found := phrasings(code))]
    names = dict(pair for one in spoken for pair in one.language_names.items())
    given = _Message(text, phrases.clauses(text), names, base(language), base(own_language))
    for heard in (_within, _between_marks):
        for kind in BY_PHRASE:
            for one in spoken:
                phrase = heard(one, kind, given)
                if phrase is not None:
                    intent = refined(
                        _asked(_by_language(kind, given), phrase, one, given), text, spoken, given.language
                    )
                    return replace(intent, answer=_answer_beside(message, intent, phrase, (language, own_language)))
    return asked_by_a_mark(given.parts, text, spoken, given.language) or Intent(_without_phrase(given))


def _answer_beside(message: str, intent: Intent, phrase: Found, languages: tuple[str, str]) -> str:
    """What a message that asks about the language says to the tutor besides: "Tengo un perro. Was that right?"."""
    if not intent.about_language:
        return ""
    sentences = [found.strip() for found in _SENTENCE.findall(message)]
    said = [one for one in sentences if one != message.strip() and _is_answer(one, languages)]
    before = written(phrase.before)
    if not said and intent.kind in CHECKED and _is_answer(before, languages):
        said = [before]
    return " ".join(said)


def _is_answer(sentence: str, languages: tuple[str, str]) -> bool:
    enough = len(phrases.words(sentence)) >= _LEAST_ANSWER_WORDS
    return enough and intent_of(sentence, *languages).kind == "answer"


def asks_in(message: str, kind: Kind, language: str) -> bool:
    """Whether a message of this kind is said in this language's own phrasings, and not in those of another."""
    one, text = phrasings(base(language)), folded(message)
    if one is None:
        return False
    given = _Message(text, phrases.clauses(text), one.language_names, base(language), base(language))
    return any(heard(one, kind, given) for heard in (_within, _between_marks))


def _without_phrase(given: _Message) -> Kind:
    if is_noise(given.text):
        return "noise"
    if is_foreign(given.text, given.language, given.own_language):
        return "own_language"
    return "question" if given.asks or _begins_with_a_question(given) else "answer"


def _spoken(language: str, own_language: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys((base(language), base(own_language), "en")))


def _within(one: Phrasings, kind: Kind, given: _Message) -> Found | None:
    """A phrase that stands anywhere in the message."""
    lists, parts, names = one.kinds[kind], given.parts, given.names
    if _is_taken_back(one, kind, given):
        return None
    sought = lists["anywhere"] + (lists["asked"] if given.asks else ())
    ways = [(sought, names)]
    if one.language != given.language:
        ways.append((lists["abroad"], one.language_names))
    found = (phrases.anywhere(way, clause, named) for way, named in ways for clause in parts)
    return next((one for one in found if one is not None), None)


def _is_taken_back(one: Phrasings, kind: Kind, given: _Message) -> bool:
    return any(phrases.anywhere(one.kinds[kind]["unless"], clause, given.names) for clause in given.parts)


def _between_marks(one: Phrasings, kind: Kind, given: _Message) -> Found | None:
    """A phrase that is a whole clause (goodbye: the last one), or all that is said."""
    lists, parts, names = one.kinds[kind], given.parts, given.names
    if _is_taken_back(one, kind, given):
        return None
    if kind == "thanks":
        bare = list(parts)
    else:
        bare = [shorter for clause in parts if len(shorter := without_fillers(clause, one))]
    if one.language != given.language:
        for clause in bare:
            if found := phrases.whole(lists["abroad_clause"], clause, one.language_names):
                return found
    for clause in bare[-1:] if kind == "goodbye" else bare:
        found = phrases.whole(lists["clause"], clause, names)
        if found is not None:
            return found
    each = [phrases.whole(lists["alone"] + lists["clause"], clause, names) for clause in bare]
    return each[0] if each and all(each) else None


def _asked(kind: Kind, phrase: Found, one: Phrasings, given: _Message) -> Intent:
    """What does *that* mean asks about the tutor's own words, unless a word follows ("this word: gata")."""
    about = [_bare(x, one, given.names) for x in phrase.x]
    if kind in {"meaning", "how_to_say"} and all(word.folded in one.pronouns for x in about for word in x):
        last = given.parts[-1]
        if len(given.parts) < 2 or len(last) > _WORDS_BEHIND_A_COLON or ":" not in given.text:
            return Intent("stuck")
        about = [last.words]
    words = " / ".join(filter(None, map(written, about)))
    return Intent(kind, words if kind in _ABOUT_WORDS or len(about) > 1 else "")


def _by_language(kind: Kind, given: _Message) -> Kind:
    """What X is "in Spanish" asks for the Spanish word, what it is "in English" for its meaning."""
    if kind not in {"meaning", "how_to_say"}:
        return kind
    names = given.names
    named = [names[word.folded] for clause in given.parts for word in clause.words if word.folded in names]
    return kind if not named else "how_to_say" if named[-1] == given.language else "meaning"


def _bare(x: Sequence[Word], one: Phrasings, names: Mapping[str, str]) -> tuple[Word, ...]:
    """The words asked about, without "in Spanish" or "please" behind them and without "the word" before."""
    words = without_fillers(Clause(x), one).words or tuple(x)
    return words[:-2] if len(words) > 2 and words[-1].folded in names else words


def _begins_with_a_question(given: _Message) -> bool:
    """With a question word of the language studied; or it ends like a question."""
    one = phrasings(given.language)
    if one is None or not given.parts:
        return False
    last = given.parts[-1]
    begins = any(next(phrases.found_at(word, last, 0), None) for word in one.question_words)
    return begins or without_last(last, one.question_endings) is not last
