"""Notices that a model has begun to go round in circles, while it still writes.

The end of the text is compared with itself, shifted by one period: the same words, line or sentence over and over. How
often something has to come back depends on how long it is, so that drills, lists and refrains stay.
"""

from __future__ import annotations

import re
from typing import Final

_LOOKED_AT_CHARACTERS: Final = 2_400
_PROBE_CHARACTERS: Final = 12
_CANDIDATES: Final = 24
_EVERY_CHARACTERS: Final = 24
_LEAST_CHARACTERS: Final = 24
# (a period of at most so many letters' weight, comes so often): anything longer four times.
_OFTEN: Final = ((1, 30), (6, 14), (16, 10), (120, 6))
_FILLING_TIMES: Final = 150
# The number of an item in a list: it grows from round to round.
_NUMBER: Final = re.compile(r"(?:^|(?<=[.!?:;。] ))\d{1,3}(?=[.)]\s)", re.MULTILINE)
_TOKEN: Final = re.compile(f"({_NUMBER.pattern})|.", re.DOTALL | re.MULTILINE)
_SENTENCE_REST: Final = re.compile(r"[^.!?…。！？\n]*[.!?…。！？]+")
_WIDE: Final = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff66-\uff9d]")


class RepetitionWatch:
    """Looks at a growing text every few characters, at places that do not depend on how it was split."""

    def __init__(self, shown: str = "") -> None:
        self._text = shown
        self._looked_at = len(shown)
        self._begun = len(shown)

    def feed(self, text: str) -> str | None:
        """Take the next words. Once they go round: all of them so far, cut to one round. Else None."""
        self._text += text
        while len(self._text) - self._looked_at >= _EVERY_CHARACTERS:
            self._looked_at += _EVERY_CHARACTERS
            kept = without_repetition(self._text[: self._looked_at])
            if kept is not None:
                return kept[self._begun :]
        return None

    def finish(self) -> str | None:
        """The same at the end of the text."""
        kept = without_repetition(self._text)
        return None if kept is None else kept[self._begun :]


def without_repetition(text: str) -> str | None:
    """The text to the end of its first round, if it ends in rounds that nobody means; else None."""
    if _ends_in_news(text):
        return None
    tail = text[-_LOOKED_AT_CHARACTERS:].casefold()
    if "." in tail or ")" in tail:
        tail = _NUMBER.sub("0", tail)
    period = _period(tail.rstrip())
    if period is None:
        return None
    return _first_round(text, period)


def _ends_in_news(text: str) -> bool:
    """The quick way out: the last characters have not been there before."""
    probe = text.rstrip()[-_PROBE_CHARACTERS:]
    begin = max(0, len(text) - _LOOKED_AT_CHARACTERS)
    return not any(map(str.isdigit, probe)) and text.find(probe, begin) >= len(text.rstrip()) - len(probe)


def _period(tail: str) -> int | None:
    """The length of what is repeated at the end, with the numbers of items counted as one character."""
    if len(tail) < _LEAST_CHARACTERS:
        return None
    probe, place = tail[-_PROBE_CHARACTERS:], len(tail) - _PROBE_CHARACTERS
    for _ in range(_CANDIDATES):
        place = tail.rfind(probe, 0, place + _PROBE_CHARACTERS - 1)
        if place < 0:
            return None
        period = len(tail) - _PROBE_CHARACTERS - place
        if _comes_back(tail, period):
            return period
    return None


def _comes_back(tail: str, period: int) -> bool:
    unit = tail[-period:]
    if not tail.endswith(unit, 0, len(tail) - period):  # nothing may come twice without being looked at further
        return False
    times = _times(unit)
    return len(tail) >= period * times and tail.endswith(unit * times)


def _times(unit: str) -> int:
    """How often this may not come: lines to write on and rows of marks are no words."""
    letters = sum(map(str.isalpha, unit))
    if letters * 4 < len(unit) or not letters:
        return max(2, _FILLING_TIMES // len(unit))
    weight = len(unit) + 2 * len(_WIDE.findall(unit))
    return next((times for most, times in _OFTEN if weight <= most), 4)


def _first_round(text: str, period: int) -> str:
    """Cut after the first round. Numbers may have grown from round to round, so the text is walked token by token."""
    places, folded = _folded(text)
    end = len(folded.rstrip())
    begin = end - period
    while begin > 0 and folded[begin - 1] == folded[begin - 1 + period]:
        begin -= 1
    begin += len(folded[begin : begin + period]) - len(folded[begin : begin + period].lstrip(" \n,.;:!?…-、。，"))
    last, after = (places[min(place, end)] for place in (begin + period, begin + 2 * period))
    kept = _trimmed(text[:last])
    return kept + _rest_of_sentence(text[len(kept) : after]) if kept[-1:].isalnum() else kept


def _rest_of_sentence(following: str) -> str:
    """Where the words before the rounds happen to end like a round, the first one seems to end within a sentence."""
    rest = _SENTENCE_REST.match(following)
    return rest[0] if rest else ""


def _folded(text: str) -> tuple[list[int], str]:
    """The text with each item's number as "0", and where each of its characters stood."""
    places: list[int] = []
    letters: list[str] = []
    for token in _TOKEN.finditer(text):
        folded = "0" if token[1] else token[0].casefold()
        places += [token.start()] * len(folded)
        letters.append(folded)
    return [*places, len(text)], "".join(letters)


def _trimmed(text: str) -> str:
    """Without the number of a round that does not come any more, and a comma that waits for it."""
    return re.sub(r"(?:\s|[,;、，]|(?<=\s)(?:\d+[.)]?|[-*•]))+$", "", text)
