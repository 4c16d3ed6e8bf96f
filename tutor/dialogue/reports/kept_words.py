"""Words to keep: those the learner asked about, then those of the tutor's that they have not used themselves."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from typing import Final

from tutor.dialogue import glossary
from tutor.dialogue.corrections import sentences_of
from tutor.dialogue.intents import intent_of
from tutor.dialogue.message_signals import base
from tutor.dialogue.phrases import Word, words
from tutor.dialogue.reports.body import MOST_WORDS, KeptWord
from tutor.dialogue.reports.quotes import Quote, quote
from tutor.dialogue.reports.record import SaidTurn, TalkRecord
from tutor.dialogue.types import Speaker

_ALIKE: Final = 3


def kept_words(record: TalkRecord) -> tuple[KeptWord, ...]:
    """At most six, each once, where the word list knows both languages."""
    found: dict[str, KeptWord] = {}
    for one in (*_asked(record), *_met(record)):
        found.setdefault(one.word, one)
    return tuple(found.values())[:MOST_WORDS]


def _asked(record: TalkRecord) -> Iterator[KeptWord]:
    language, own = record.talk.language, record.talk.own_language
    for turn in record.messages:
        intent = intent_of(turn.text, language, own)
        if intent.kind not in {"meaning", "how_to_say"} or not intent.about:
            continue
        into = _own(record)
        studied = glossary.translated(intent.about, into, base(language)) or intent.about
        entry = glossary.entry(studied.partition(" / ")[0], base(language), into)
        place = quote("learner", turn.ordinal, turn.text, 0, len(turn.text))
        if entry is not None and place is not None:
            yield KeptWord(word=entry[0], meaning=entry[1], quote=place)


def _met(record: TalkRecord) -> Iterator[KeptWord]:
    """The latest first: these are remembered best, and the first lines are the same in every talk."""
    used = {word.folded for turn in record.messages for word in words(turn.text)}
    for turn in reversed(record.turns):
        for word in words(turn.reply) if record.messages else ():
            entry = _worth_keeping(word, record) if word.folded not in used else None
            place = _sentence(turn, word.written) if entry is not None else None
            if entry is not None and place is not None and not used & {one.folded for one in words(entry[0])}:
                yield KeptWord(word=entry[0], meaning=entry[1], quote=place)


def _worth_keeping(word: Word, record: TalkRecord) -> tuple[str, str] | None:
    """The word as the list shows it, and its meaning. None for one that everybody knows, or that the list shows as
    another word of that meaning: what is kept is what stood there."""
    studied = base(record.talk.language)
    entry, common = glossary.entry(word.written, studied, _own(record)), glossary.entry(word.written, studied, "en")
    if entry is None or (common is not None and common[1] in _known_to_all()):
        return None
    shown = words(entry[0])[-1].folded
    return entry if len(word.folded) > _ALIKE and shown[:_ALIKE] == word.folded[:_ALIKE] else None


def _own(record: TalkRecord) -> str:
    own = base(record.talk.own_language)
    return own if glossary.knows(own) and own != base(record.talk.language) else "en"


def _sentence(turn: SaidTurn, word: str, speaker: Speaker = "tutor") -> Quote | None:
    for one in sentences_of(turn.reply):
        if word in (known.written for known in words(one.text)):
            return quote(speaker, turn.ordinal, turn.reply, one.start, one.start + len(one.text))
    return None


@cache
def _known_to_all() -> frozenset[str]:
    """Meanings, in English, of what everybody knows after the first lessons: small words, greetings, numbers."""
    return frozenset(files(__package__).joinpath("known_to_all.txt").read_text(encoding="utf-8").split("\n"))
