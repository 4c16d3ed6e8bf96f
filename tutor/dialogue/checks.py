"""What a scenario must hold before a learner meets it, shipped or somebody's own. Problems are named in English."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence
from typing import Final

from tutor.dialogue import topics
from tutor.dialogue.readings import WITH_READINGS
from tutor.dialogue.scenario import SPOKEN_LEVELS, Levelled, Scenario, ScenarioLines
from tutor.dialogue.shared_lines import shared_lines

TRANSLATED_INTO: Final = ("en", "es")
_LEAST: Final = {"moves": 12, "reactions": 12, "endings": 3}
_LEAST_GOALS: Final = 3
_MOST_WORDS: Final = {"A1": 12, "A2": 16, "B1": 22}
_FORBIDDEN: Final = frozenset('{}[]<>"*_#`\n\r\t\u2028')
_QUESTION_MARKS: Final = "?？؟"
_GAP: Final = "___"


def validate(scenario: Scenario) -> list[str]:
    """Everything that is wrong; an empty list is a scenario that can be shown to learners."""
    problems = [
        f"{name} has no {tag}"
        for name in ("title", "about")
        for tag in TRANSLATED_INTO
        if not getattr(scenario, name).get(tag)
    ]
    if scenario.lines and len(scenario.goals) < _LEAST_GOALS:
        problems.append(f"goals: {len(scenario.goals)}, at least {_LEAST_GOALS} are needed")
    checks = (_counts, _topics, _uniqueness, _shape, _questions, _lengths, _answers)
    for language, lines in scenario.lines.items():
        found = (problem for check in checks for problem in check(lines))
        problems += [f"{language}: {problem}" for problem in (*found, *_translations(scenario, lines))]
    return problems


def _counts(lines: ScenarioLines) -> Iterator[str]:
    for name, least in _LEAST.items():
        if (there := len(getattr(lines, name))) < least:
            yield f"{name}: {there}, at least {least} are needed"
    if not lines.opening_moves():
        yield "no move is marked as first"


def _topics(lines: ScenarioLines) -> Iterator[str]:
    heard = topics.known(lines.language)
    conditions = [on for move in lines.moves for on in (*move.on, *move.unless)]
    conditions += [on for one in lines.reactions for on in one.on]
    named = [part.removeprefix("no ") for on in conditions for part in on.split(" + ")]
    named += [topic for move in lines.moves for topic in move.asks]
    yield from (f"{topic}: nobody has written how this topic is heard" for topic in sorted({*named} - heard))


def _uniqueness(lines: ScenarioLines) -> Iterator[str]:
    """The stored words of a message must be enough to know which lines were said."""
    moves = [(one.id, text) for one in lines.moves for text in one.texts()]
    others = [(text, text) for text in _others(lines)]
    yield from _contained([*moves, *others], " ")
    if lines.language in WITH_READINGS:  # no spaces between words: a question could stand in another one
        yield from _contained(moves, "")


def _contained(owned: Sequence[tuple[str, str]], space: str) -> Iterator[str]:
    for owner, text in owned:
        for other_owner, other in owned:
            if owner != other_owner and f"{space}{text}{space}" in f"{space}{other}{space}":
                yield f"{text!r} is contained in {other!r}"


def _others(lines: ScenarioLines) -> Iterator[str]:
    for reaction in lines.reactions:
        yield from reaction.say
    yield from (move.me for move in lines.moves if move.me)
    yield from lines.endings
    shared = shared_lines(lines.language)
    yield from (*shared.neutral, *shared.unknown, *shared.thanks, *shared.goodbye)


def _shape(lines: ScenarioLines) -> Iterator[str]:
    for text in (*lines.texts(), *lines.greeting.texts()):
        if not text or text != text.strip() or text != unicodedata.normalize("NFC", text):
            yield f"{text!r} is empty, has space around it or is not NFC"
        if _FORBIDDEN.intersection(text):
            yield f"{text!r} holds a brace, a double quote, markdown or a line break"


def _questions(lines: ScenarioLines) -> Iterator[str]:
    """A move ends by asking, at A1 and A2 one thing only; nothing else asks, so that the question stands out."""
    for move in lines.moves:
        for level, text in zip(SPOKEN_LEVELS, move.say, strict=True):
            marks = sum(map(text.count, _QUESTION_MARKS))
            if text[-1:] not in _QUESTION_MARKS or marks > (2 if level == "B1" else 1):
                yield f"{move.id}, {level}: ends with its one question"
    asking = (text for text in (*_others(lines), *lines.greeting.say) if any(mark in text for mark in _QUESTION_MARKS))
    yield from (f"{text!r} asks; only a move does" for text in asking)


def _lengths(lines: ScenarioLines) -> Iterator[str]:
    def too_long(one: Levelled) -> Iterator[str]:
        for level, text in zip(SPOKEN_LEVELS, one.say, strict=True):
            if sum(any(map(str.isalnum, word)) for word in text.split()) > _MOST_WORDS[level]:
                yield level

    yield from (
        f"{move.id}, {level}: more than {_MOST_WORDS[level]} words" for move in lines.moves for level in too_long(move)
    )


def _answers(lines: ScenarioLines) -> Iterator[str]:
    for move in lines.moves:
        *whole, last = move.answers
        if _GAP not in last or any(_GAP in text for text in whole):
            yield f"{move.id}: of three answers only the last has a gap ({_GAP})"
        if len(set(move.answers)) < len(move.answers):
            yield f"{move.id}: an answer stands there twice"


def _translations(scenario: Scenario, lines: ScenarioLines) -> Iterator[str]:
    """Each question can be shown in the languages that help speaks: in the same scenario's lines, or translated."""
    for tag in TRANSLATED_INTO:
        there = scenario.lines.get(tag)
        for move in lines.moves if tag != lines.language else ():
            if not (move.meaning(tag) or (there is not None and there.move(move.id))):
                yield f"{move.id}: no {tag} translation"
