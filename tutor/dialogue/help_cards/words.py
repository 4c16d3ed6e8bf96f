"""A word that a learner asks about: looked up in the word list, with its gender and a sentence it stands in."""

from __future__ import annotations

from functools import cache
from typing import Final

from tutor.dialogue import glossary, phrases, scenario_files
from tutor.dialogue.help_cards.card import Asking, HelpCard, Wanted
from tutor.dialogue.help_cards.sentences import FALLBACK, sentence
from tutor.dialogue.message_signals import base

_EXAMPLE_CHARACTERS: Final = 120


def meaning(asking: Asking) -> HelpCard:
    """What a word of the studied language means; a word of the own language is taken for "how do you say"."""
    word, studied, into = asking.intent.about, base(asking.language), _into(asking)
    if senses := glossary.senses(word, studied, into):
        return _found(asking, _tidy(word), senses)
    return _said(asking) or _unknown(asking)


def how_to_say(asking: Asking) -> HelpCard:
    """How something is said in the studied language."""
    word, studied, into = asking.intent.about, base(asking.language), _into(asking)
    if found := _said(asking):
        return found
    if senses := glossary.senses(word, studied, into):
        return _found(asking, _tidy(word), senses)
    return _unknown(asking)


def _said(asking: Asking) -> HelpCard | None:
    word, studied = asking.intent.about, base(asking.language)
    for known in dict.fromkeys((_into(asking), FALLBACK)):
        if said := glossary.senses(word, known, studied):
            first, *others = said
            return _found(asking, first, (_tidy(word),), other_words=tuple(others))
    return None


def _found(asking: Asking, word: str, senses: tuple[str, ...], other_words: tuple[str, ...] = ()) -> HelpCard:
    studied, (first, *more) = base(asking.language), senses
    return HelpCard(
        asking.intent.kind,
        "dictionary",
        word=word,
        mark=glossary.gender(word, studied),
        meaning=first,
        senses=tuple(more) or other_words,
        example=_example(word, asking),
    )


def _unknown(asking: Asking) -> HelpCard:
    own, word, question = asking.own_language, asking.intent.about, asking.question
    notes = [sentence("word_unknown", own, word=word)]
    if asking.intent.kind == "meaning" and question is not None and question.meaning:
        notes.append(sentence("means", own, meaning=question.meaning))
    wanted: Wanted = "meaning" if asking.intent.kind == "meaning" else "translation"
    return HelpCard(asking.intent.kind, word=word, notes=tuple(notes), example=_example(word, asking), wanted=wanted)


def _into(asking: Asking) -> str:
    own = base(asking.own_language)
    return own if glossary.knows(own) and own != base(asking.language) else FALLBACK


def _tidy(word: str) -> str:
    return word.strip(" \"'«»“”„?¿!¡.,;:")


def _example(word: str, asking: Asking) -> str:
    """The tutor's latest sentence with this word, else one of a scenario."""
    sought = _folded(word)
    if not sought:
        return ""
    for text in reversed(asking.told):
        for one in _sentences_in(text):
            if f" {sought} " in f" {_folded(one)} ":
                return one
    return next((one for folded, one in _authored(base(asking.language)) if f" {sought} " in f" {folded} "), "")


@cache
def _authored(language: str) -> tuple[tuple[str, str], ...]:
    """The sentences that people wrote for tutors in a language, the short ones first."""
    shipped = (one.lines[language] for one in scenario_files.shipped().values() if language in one.lines)
    texts = {part for lines in shipped for text in lines.texts() for part in _sentences_in(text)}
    fitting = sorted((one for one in texts if len(phrases.words(one)) >= 3), key=lambda one: (len(one), one))
    return tuple((_folded(one), one) for one in fitting)


def _sentences_in(text: str) -> list[str]:
    parts = [part.strip() for part in _split(text)]
    return [part for part in parts if part and len(part) <= _EXAMPLE_CHARACTERS]


def _split(text: str) -> list[str]:
    found, begun = [], 0
    for place, letter in enumerate(text):
        if letter in ".!?。！？…\n":
            found.append(text[begun : place + 1])
            begun = place + 1
    return [*found, text[begun:]]


def _folded(text: str) -> str:
    return " ".join(one.folded for one in phrases.words(text))
