"""What a learner has done well, found by code: each is true, particular, and stands in a sentence of theirs.

There is no praise for its own sake: where nothing of this can be found, nothing is said.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

from tutor.dialogue import glossary
from tutor.dialogue.corrections import sentences_of
from tutor.dialogue.goals import scenario_progress
from tutor.dialogue.intents import Kind, asks_in
from tutor.dialogue.message_signals import base, speaks
from tutor.dialogue.phrases import words
from tutor.dialogue.reports.body import MOST, Praise
from tutor.dialogue.reports.quotes import quote
from tutor.dialogue.reports.record import LearnerSentence, SaidTurn, TalkRecord
from tutor.dialogue.topics import topics_in

_LONG_WORDS: Final = 6
_AMONG_MESSAGES: Final = 3
_ELIDED_QUE: Final = frozenset({"qu", "qu\u2019"})
# Kinds whose right form is one word that is right wherever it stands; of others the next word belongs to it.
_ONE_WORD: Final = frozenset({"spelling", "accent"})


def praise(record: TalkRecord) -> tuple[Praise, ...]:
    """At most three, of different merits, each with another sentence; the rarer ones first."""
    found: list[Praise] = []
    for one in (praise for merit in _MERITS for praise in merit(record)):
        told = {(known.quote.turn, known.quote.start) for known in found}
        if one.merit not in {known.merit for known in found} and (one.quote.turn, one.quote.start) not in told:
            found.append(one)
    return tuple(found[:MOST])


def repaired(record: TalkRecord) -> Iterator[Praise]:
    """What was corrected in one message and is right in a later one."""
    for turn in record.messages:
        for note in turn.notes:
            form = _right_form(turn, note.finding.new, note.finding.end, note.finding.kind)
            if note.disputed or note.finding.certainty != "sure" or not form:
                continue
            for one in _clean(record):
                if one.turn > turn.ordinal and _stands(form, one.sentence.text):
                    yield from _praise(record, "repaired", one, form)


def _right_form(turn: SaidTurn, new: str, end: int, kind: str) -> str:
    """The corrected words, with the one after them where they alone prove nothing ("la" in "la manzana")."""
    following = turn.text[end:].split()
    if not new or (not following and kind not in _ONE_WORD and " " not in new):
        return ""
    alone = kind in _ONE_WORD or " " in new
    return new if alone else f"{new} {following[0].strip('.,;:!?…¿¡»”’')}".strip()


def _asked_word(record: TalkRecord) -> Iterator[Praise]:
    """A word that was not known, asked for in the language itself."""
    for turn in record.messages:
        kind = record.kinds[turn.ordinal]
        if kind in {"meaning", "how_to_say"} and asks_in(turn.text, kind, record.talk.language):
            start, end = _asking(turn.text, kind, record.talk.language)
            found = quote("learner", turn.ordinal, turn.text, start, end)
            if found is not None:
                yield Praise(merit="asked_word", quote=found)


def _asking(message: str, kind: Kind, language: str) -> tuple[int, int]:
    """Where the sentence stands that asks; all of the message where it is none of its sentences alone."""
    spans = [(one.start, one.start + len(one.text)) for one in sentences_of(message)]
    return next((span for span in spans if asks_in(message[slice(*span)], kind, language)), (0, len(message)))


def _reason(record: TalkRecord) -> Iterator[Praise]:
    for one in _clean(record):
        sign = _sign("because", one.sentence.text, record.talk.language)
        if sign and one.kind == "answer" and not _asks(one):
            yield from _praise(record, "reason", one, sign)


def _question(record: TalkRecord) -> Iterator[Praise]:
    """A question to the tutor, in words of the language."""
    language = record.talk.language
    for one in _clean(record):
        text = one.sentence.text
        if _asks(one) and (speaks(text, language) or topics_in(text, base(language)).affirmed):
            yield from _praise(record, "question", one)


def _first_words(record: TalkRecord) -> Iterator[Praise]:
    """Words that were in no talk before, as far as talks are known: the sentence that has most of them."""
    known, studied = record.earlier_words, base(record.talk.language)
    if known is None:
        return
    fresh = [(new, one) for one in _clean(record) if (new := _new_words(one.sentence.text, studied, known))]
    for new, one in sorted(fresh, key=lambda pair: -len(pair[0])):
        yield from _praise(record, "first_words", one, ", ".join(new[:MOST]))


def _new_words(text: str, studied: str, known: frozenset[str]) -> list[str]:
    into = "es" if studied == "en" else "en"
    longer = [word for word in words(text) if len(word.folded) > 3 and word.folded not in known]
    named = [word.written for word in longer if glossary.translated(word.written, studied, into)]
    return list(dict.fromkeys(named))


def _polite(record: TalkRecord) -> Iterator[Praise]:
    for one in _clean(record):
        if sign := _sign("polite", one.sentence.text, record.talk.language):
            yield from _praise(record, "polite", one, sign)


def _goal(record: TalkRecord) -> Iterator[Praise]:
    """A goal, with the sentence that met it: the latest first."""
    progress = scenario_progress(record.talk)
    if progress is None:
        return
    met = progress.goals_met_by()
    goals = [goal for goal in progress.scenario.goals if goal.id in met]
    for goal in sorted(goals, key=lambda goal: -met[goal.id]):
        those = [one for one in _clean(record) if one.turn == record.messages[met[goal.id]].ordinal]
        for one in those:
            topics = topics_in(one.sentence.text, base(record.talk.language))
            if len(those) == 1 or any(map(topics.meet, goal.met_by)):
                yield from _praise(record, "goal", one, goal.id)


def _longest(record: TalkRecord) -> Iterator[Praise]:
    """The longest sentence of the talk, where it is one and there are others."""
    counted = sorted(((len(words(one.sentence.text)), one) for one in record.sentences), key=lambda pair: -pair[0])
    if len(record.messages) < _AMONG_MESSAGES or len(counted) < 2:
        return
    (most, one), (second, _) = counted[0], counted[1]
    if one.clean and most >= _LONG_WORDS and most > second and speaks(one.sentence.text, record.talk.language):
        yield from _praise(record, "longest", one, str(most))


_MERITS: Final[tuple[Callable[[TalkRecord], Iterator[Praise]], ...]] = (
    repaired, _asked_word, _reason, _question, _first_words, _polite, _goal, _longest,
)  # fmt: skip


def _praise(record: TalkRecord, merit: str, one: LearnerSentence, about: str = "") -> Iterator[Praise]:
    found = record.quoted(one)
    if found is not None:
        yield Praise.model_validate({"merit": merit, "quote": found, "about": about})


def _clean(record: TalkRecord) -> Sequence[LearnerSentence]:
    return [one for one in record.sentences if one.clean]


def _asks(one: LearnerSentence) -> bool:
    return one.sentence.text.rstrip("\"'»”’) ").endswith(("?", "？", "؟"))


def _sign(kind: str, text: str, language: str) -> str:
    """The sign of this kind that stands in a sentence, as it is written in the file; "" where there is none."""
    return next((sign for sign in _signs(base(language)).get(kind, ()) if _stands(sign, text)), "")


def _stands(sought: str, text: str) -> bool:
    """Whether these words stand in a row in a text, case and accents aside."""
    run, there = [word.folded for word in words(sought)], [word.folded for word in words(text)]
    starts = range(len(there) - len(run) + 1) if run else ()
    return any(all(map(_same, run, there[start:])) for start in starts)


def _same(sought: str, word: str) -> bool:
    return sought == word or (sought == "que" and word in _ELIDED_QUE)


@cache
def _signs(language: str) -> dict[str, tuple[str, ...]]:
    file = files(__package__).joinpath("signs", f"{language}.toml")
    return {} if not file.is_file() else {
        kind: tuple(signs) for kind, signs in tomllib.loads(file.read_text(encoding="utf-8")).items()
    }  # fmt: skip
