"""Slips apart from errors: who has the right form elsewhere knows it, and fingers go astray."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from tutor.dialogue.corrections.edits import tokens
from tutor.dialogue.corrections.findings import Finding, with_neighbours

# Of these kinds one letter tells what somebody does not know; of a misspelt word it may be a finger's.
_TYPED: Final = frozenset({"spelling"})
_LONG_ENOUGH: Final = 5


def with_slips(message: str, found: Sequence[Finding], others: Sequence[str]) -> list[Finding]:
    """Return the findings of a message, slips marked; ``others`` are what its learner wrote beside it."""
    return [replace(one, slip=_is_slip(message, one, others)) for one in found]


def _is_slip(message: str, finding: Finding, others: Sequence[str]) -> bool:
    if finding.certainty == "place" or not finding.new:
        return False
    return (finding.kind in _TYPED and _is_typo(finding.old, finding.new)) or _is_known(message, finding, others)


def _is_known(message: str, finding: Finding, others: Sequence[str]) -> bool:
    """Whether the right form stands, with the word that follows, in another message or elsewhere in this one, and the
    wrong one in none."""
    seen = with_neighbours(message, finding)
    follows = next((token.text for token in tokens(message) if token.start >= seen.end and token.text[0].isalnum()), "")
    right, wrong = f"{seen.new} {follows}".strip(), f"{seen.old} {follows}".strip()
    if len(right.split()) < 2:
        return False
    elsewhere = [*others, message[: seen.start], message[seen.end + len(follows) + 1 :]]
    return any(_holds(text, right) for text in elsewhere) and not any(_holds(text, wrong) for text in elsewhere)


def _holds(text: str, words: str) -> bool:
    return re.search(rf"(?<!\w){re.escape(words)}(?!\w)", text, re.IGNORECASE) is not None


def _is_typo(old: str, new: str) -> bool:
    """Whether two neighbouring letters changed places, or one stands twice, in a word of some length."""
    a, b = old.casefold(), new.casefold()
    if len(b) < _LONG_ENOUGH or a == b:
        return False
    swapped = any(a == b[:at] + b[at + 1] + b[at] + b[at + 2 :] for at in range(len(b) - 1))
    doubled = any(a == b[: at + 1] + b[at:] for at in range(len(b)))
    return swapped or doubled
