"""What a grammar checker says about a sentence, and what follows from it for what was found there already. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.dialogue.corrections.edits import Edit, applied
from tutor.dialogue.corrections.findings import Finding, with_witness


@dataclass(frozen=True, slots=True)
class Objection:
    """A checker does not like ``start:end`` of a sentence (code points); what it would write there, if it says so."""

    start: int
    end: int
    suggestions: tuple[str, ...] = ()

    def meets(self, start: int, end: int) -> bool:
        return self.start < max(end, start + 1) and start < self.end


def put_right(sentence: str, finding: Finding) -> str:
    """Return the sentence with this finding's change made."""
    return applied(sentence, [Edit(finding.start, finding.end, finding.old, finding.new)])


def seconded(
    sentence: str, finding: Finding, objections: Sequence[Objection], afterwards: Sequence[Objection]
) -> Finding:
    """Return the finding, *sure* where a checker agrees with it.

    It agrees where it objects to that place and suggests the same, or where it objects there no more ``afterwards``, to
    the sentence put right.
    """
    there = [one for one in objections if one.meets(finding.start, finding.end)]
    if finding.certainty == "place" or not there or "checker" in finding.witnesses:
        return finding
    right = put_right(sentence, finding)
    same = any(_with(sentence, one, text) == right.casefold() for one in there for text in one.suggestions)
    end = finding.start + len(finding.new)
    if same or not any(one.meets(finding.start, end) for one in afterwards):
        return with_witness(finding, "checker")
    return finding


def lone_places(sentence: str, found: Sequence[Finding], objections: Sequence[Objection]) -> list[Finding]:
    """Return the places that only a checker objects to: to be looked at again, without its answer."""
    alone = [one for one in objections if not any(other.overlaps(one.start, one.end) for other in found)]
    return [Finding(one.start, one.end, sentence[one.start : one.end], "", "place", "", ("checker",)) for one in alone]


def _with(sentence: str, objection: Objection, suggestion: str) -> str:
    return f"{sentence[: objection.start]}{suggestion}{sentence[objection.end :]}".casefold()
