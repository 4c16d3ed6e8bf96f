"""What a scenario must hold before a learner meets it. Problems are named in English, for its author."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator

from tutor.dialogue.scenario import Line, Scenario

_LEAST_FREE_LINES = 12
_MOST_WORDS = 16
_FORBIDDEN = frozenset('{}[]<>"*_#`\n\r\t\u2028')
_ROLE_NAMES = ("tutor:", "learner:", "user:", "assistant:", "system:")
_QUESTION_MARKS = "?？"


def validate(scenario: Scenario) -> list[str]:
    """Everything that is wrong; an empty list is a scenario that can be shipped."""
    checks = (_counts, _ids, _uniqueness, _shape, _reactions, _openers, _endings, _words)
    return [problem for check in checks for problem in check(scenario)]


def _counts(scenario: Scenario) -> Iterator[str]:
    special = scenario.specials
    least = {
        "openers": (len(scenario.openers), 4),
        "endings": (len(scenario.endings), 3),
        "goals": (len(scenario.goals), 3),
        "reactions": (len(scenario.reactions), 15),
        "questions": (len(scenario.questions), 25),
        "free reactions": (sum(line.is_free for line in scenario.reactions), _LEAST_FREE_LINES),
        "free questions": (sum(line.is_free for line in scenario.questions), _LEAST_FREE_LINES),
        "not_understood": (len(special.not_understood), 4),
        "own_language": (len(special.own_language), 4),
        "help": (len(special.help), 3),
        "again": (len(special.again), 3),
        "thanks": (len(special.thanks), 3),
        "goodbye": (len(special.goodbye), 3),
    }
    for name, (there, needed) in least.items():
        if there < needed:
            yield f"{name}: {there}, at least {needed} are needed"


def _ids(scenario: Scenario) -> Iterator[str]:
    known = Counter(line.id for line in scenario.lines())
    yield from (f"{name}: this id is used {count} times" for name, count in known.items() if count > 1)
    for line in scenario.lines():
        start = "r_" if line in scenario.reactions else "q_"
        if not line.id.startswith(start):
            yield f"{line.id}: begins with {start} in its table"
        yield from (f"{line.id}: there is no line {other}" for other in line.said if other not in known)


def _uniqueness(scenario: Scenario) -> Iterator[str]:
    """The stored words of a message must be enough to know which lines were said."""
    texts = list(scenario.texts())
    for place, text in enumerate(texts):
        for other_place, other in enumerate(texts):
            if place != other_place and text in other and (text != other or place < other_place):
                yield f"{text!r} is contained in {other!r}"


def _shape(scenario: Scenario) -> Iterator[str]:
    for text in scenario.texts():
        if not text or text != text.strip() or text != unicodedata.normalize("NFC", text):
            yield f"{text!r} is empty, has space around it or is not NFC"
        if _FORBIDDEN.intersection(text):
            yield f"{text!r} holds a brace, a double quote, markdown or a line break"
        if any(role in text.lower() for role in _ROLE_NAMES):
            yield f"{text!r} names a role"


def _questions_in(text: str) -> int:
    return sum(text.count(mark) for mark in _QUESTION_MARKS)


def _reactions(scenario: Scenario) -> Iterator[str]:
    asking = (line for line in scenario.reactions if _questions_in(line.text))
    yield from (f"{line.id}: a reaction does not ask" for line in asking)


def _openers(scenario: Scenario) -> Iterator[str]:
    wrong = (text for text in scenario.openers if _questions_in(text) != 1)
    yield from (f"{text!r}: an opener asks exactly one question" for text in wrong)


def _endings(scenario: Scenario) -> Iterator[str]:
    asking = (text for text in scenario.endings + scenario.specials.goodbye if _questions_in(text))
    yield from (f"{text!r}: a last message does not ask" for text in asking)


def _words(scenario: Scenario) -> Iterator[str]:
    def too_long(line: Line) -> bool:
        spoken = [word for word in line.text.split() if any(map(str.isalnum, word))]
        return not 1 <= len(spoken) <= _MOST_WORDS

    yield from (f"{line.id}: 1 to {_MOST_WORDS} words" for line in scenario.lines() if too_long(line))
