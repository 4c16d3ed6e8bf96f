"""The hint ladder: where, what kind, two choices, the answer. Only the last two say the answer, and that by code.

By level: A1 and A2 are given the answer at once, from B1 the learner is asked to look again first.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from tutor.dialogue.corrections.findings import Finding

Rung = Literal["where", "kind", "choices", "answer"]
RUNGS: Final[tuple[Rung, ...]] = ("where", "kind", "choices", "answer")
_GIVEN_AT_ONCE: Final = {"A1", "A2"}
# How many corrections one message brings at most, by level: more is not read.
BUDGET: Final = {"A1": 1, "A2": 2, "B1": 2, "B2": 3, "C1": 3, "C2": 3}
# Kinds that are taught later than from the beginning.
_BELONGS_FROM: Final = {"case": "A2", "conjunction": "A2", "tense": "A2", "mood": "B1"}
_WEIGHT: Final = {"word-order": 0, "verb-form": 0, "word-choice": 0, "missing-word": 0, "spelling": 2, "accent": 3}


@dataclass(frozen=True, slots=True)
class Hint:
    """What is shown at a rung. ``choices`` holds the answer and what stood there, in an order that tells nothing."""

    rung: Rung
    kind: str = ""
    choices: tuple[str, ...] = ()
    answer: str | None = None


def first_rung(finding: Finding, level: str) -> Rung:
    """Return where the ladder begins: without an answer it never leaves its first rung."""
    if finding.certainty == "place":
        return "where"
    return "answer" if level in _GIVEN_AT_ONCE else "where"


def next_rung(finding: Finding, rung: Rung) -> Rung:
    """Return the rung after this one; the last one is its own next, and a place without an answer has only one."""
    if finding.certainty == "place":
        return "where"
    at = RUNGS.index(rung) + 1
    return RUNGS[min(at, len(RUNGS) - 1)]


def hint(finding: Finding, rung: Rung) -> Hint:
    """Return what may be seen at this rung, and nothing of what comes later."""
    if rung == "where" or finding.certainty == "place":
        return Hint("where")
    if rung == "kind":
        return Hint("kind", finding.kind)
    if rung == "choices":
        both = (finding.old or "–", finding.new or "–")
        turned = zlib.crc32(f"{finding.old}/{finding.new}".encode()) % 2
        return Hint("choices", finding.kind, both[::-1] if turned else both)
    return Hint("answer", finding.kind, answer=finding.new)


def without_answer(words: str, finding: Finding, shown: Hint) -> str:
    """Return these words, or nothing where the answer happens to be one of them and is not to be seen yet."""
    if shown.answer is not None or not finding.new:
        return words
    said = re.search(rf"(?<!\w){re.escape(finding.new)}(?!\w)", words, re.IGNORECASE)
    return "" if said else words


def within_budget(findings: Sequence[Finding], level: str, recurring: Collection[str] = ()) -> list[Finding]:
    """Return the findings of one message that are shown at a level, in their order.

    First the surest; of these what the learner keeps getting wrong (``recurring`` kinds), then what belongs to the
    level, then what weighs most; slips last.
    """
    certain = {"sure": 0, "possible": 1, "place": 2}

    def rank(one: Finding) -> tuple[object, ...]:
        late = _BELONGS_FROM.get(one.kind, "A1") > level
        return (one.slip, certain[one.certainty], one.kind not in recurring, late, _WEIGHT.get(one.kind, 1), one.start)

    kept = sorted(findings, key=rank)[: BUDGET.get(level, 2)]
    return [one for one in findings if one in kept]
