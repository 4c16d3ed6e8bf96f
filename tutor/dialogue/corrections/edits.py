"""The smallest set of changes that turns one sentence into another, counted in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

# A word with its apostrophes and hyphens; a single sign of a script without spaces; a single other mark.
_TOKEN: Final = re.compile(
    r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]|[^\W_](?:[^\W_]|[\u0300-\u036f]|['’\-](?=[^\W_]))*['’]?|[^\w\s]"
)


@dataclass(frozen=True, slots=True)
class Token:
    """A word or a mark, with its place in code points."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Edit:
    """``old`` at ``start:end`` of a sentence (code points) becomes ``new``. An insertion has ``start == end``."""

    start: int
    end: int
    old: str
    new: str


def tokens(text: str) -> list[Token]:
    """Return the words and marks of a text, in order. French and Italian elisions (l', un') are words of their own."""
    return [Token(m.start(), m.end(), m.group()) for found in _TOKEN.finditer(text) for m in _parts(found)]


_ELISION: Final = re.compile(
    r"^(?:[cdjlmnstç]|qu|jusqu|lorsqu|puisqu|un|dell|nell|all|sull|dall|quell)['’]", re.IGNORECASE
)


class _Span:
    """A piece of a match, with the same three questions."""

    def __init__(self, start: int, text: str) -> None:
        self._start, self._text = start, text

    def start(self) -> int:
        return self._start

    def end(self) -> int:
        return self._start + len(self._text)

    def group(self) -> str:
        return self._text


def _parts(match: re.Match[str]) -> list[_Span]:
    text, start = match.group(), match.start()
    elided = _ELISION.match(text)
    if elided is None or elided.end() == len(text):
        return [_Span(start, text)]
    cut = elided.end()
    return [_Span(start, text[:cut]), _Span(start + cut, text[cut:])]


def edits_between(source: str, corrected: str) -> list[Edit]:
    """Return the smallest changes by words, neighbours joined, an exchange of two neighbours as one."""
    old, new = tokens(source), tokens(corrected)
    return [_edit(source, corrected, old, new, run) for run in _joined(_aligned(old, new))]


def applied(source: str, edits: Iterable[Edit]) -> str:
    """Return the sentence with these changes made. They must not overlap."""
    text = source
    for edit in sorted(edits, key=lambda one: one.start, reverse=True):
        new = edit.new
        if edit.start == edit.end and new:
            before = text[edit.start - 1 : edit.start]
            new = f"{new} " if text[edit.start : edit.start + 1].isalnum() and new[-1] not in "'’" else new
            new = f" {new}" if before and not before.isspace() and before not in "'’¿¡(" else new
        start, end = edit.start, edit.end
        if (not edit.new or edit.new[-1] in "'’") and text[end : end + 1] == " ":
            end += 1
        elif not edit.new and text[start - 1 : start] == " ":
            start -= 1
        text = text[:start] + new + text[end:]
    return text.strip()


_Run = tuple[int, int, int, int]


def _aligned(old: Sequence[Token], new: Sequence[Token]) -> list[_Run]:
    """Align by words; a changed word costs less the more it looks like the other. Returns differing runs (i, j, k, l):
    ``old[i:j]`` became ``new[k:l]``."""
    rows, columns = len(old) + 1, len(new) + 1
    cost = [[0.0] * columns for _ in range(rows)]
    for i in range(1, rows):
        cost[i][0] = float(i)
    for k in range(1, columns):
        cost[0][k] = float(k)
    for i in range(1, rows):
        for k in range(1, columns):
            swap = cost[i - 1][k - 1] + _difference(old[i - 1].text, new[k - 1].text)
            cost[i][k] = min(swap, cost[i - 1][k] + 1, cost[i][k - 1] + 1)
    return list(reversed(list(_walked(old, new, cost))))


def _walked(old: Sequence[Token], new: Sequence[Token], cost: list[list[float]]) -> Iterable[_Run]:
    i, k = len(old), len(new)
    while i or k:
        if i and k:
            difference = _difference(old[i - 1].text, new[k - 1].text)
            if abs(cost[i][k] - cost[i - 1][k - 1] - difference) < 1e-9:
                if difference:
                    yield i - 1, i, k - 1, k
                i, k = i - 1, k - 1
                continue
        if i and abs(cost[i][k] - cost[i - 1][k] - 1) < 1e-9:
            yield i - 1, i, k, k
            i -= 1
        else:
            yield i, i, k - 1, k
            k -= 1


def _difference(old: str, new: str) -> float:
    """0 for the same word; from 0.6 for two that begin alike to 1.5 for two that share nothing."""
    if old == new:
        return 0.0
    if old.casefold() == new.casefold():
        return 0.5
    shared = next((n for n, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), min(len(old), len(new)))
    return 1.5 - 0.9 * shared / max(len(old), len(new))


def _joined(runs: Sequence[_Run]) -> list[_Run]:
    """Join runs that touch."""
    joined: list[_Run] = []
    for run in runs:
        if joined and joined[-1][1] == run[0] and joined[-1][3] == run[2]:
            i, _, k, _ = joined.pop()
            joined.append((i, run[1], k, run[3]))
        else:
            joined.append(run)
    return _exchanged(joined)


def _exchanged(runs: list[_Run]) -> list[_Run]:
    """Take a word that left one place and came back at another, one or two words away, for one change."""
    found: list[_Run] = []
    for run in runs:
        if found:
            before = found[-1]
            gap = run[0] - before[1]
            lengths = {before[1] - before[0] - (before[3] - before[2]), run[1] - run[0] - (run[3] - run[2])}
            if gap <= 2 and lengths == {1, -1}:
                found[-1] = (before[0], run[1], before[2], run[3])
                continue
        found.append(run)
    return found


def _edit(source: str, corrected: str, old: Sequence[Token], new: Sequence[Token], run: _Run) -> Edit:
    i, j, k, last = run
    after = corrected[new[k].start : new[last - 1].end] if k < last else ""
    if i < j:
        start, end = old[i].start, old[j - 1].end
        return Edit(start, end, source[start:end], after)
    place = old[i].start if i < len(old) else len(source)
    return Edit(place, place, "", after)
