"""How well sentences were corrected, in counts; and the margins under which a half of them is corrected best.

*Located* counts sentences; precision and recall count answers: one is right if it lies on the shortest way, in words,
from the sentence to a reference.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from tests.bench.correcting.sets import Sentence
from tutor.dialogue.corrections import (
    CorrectionLanguage,
    Edit,
    Finding,
    Speller,
    applied,
    edits_between,
    findings,
)
from tutor.dialogue.corrections.edits import tokens
from tutor.dialogue.corrections.language import Margins

NEVER: Final = 99.0
RULES_ALONE: Final = Margins(place=NEVER, possible=NEVER, sure=NEVER)
GAPS: Final = (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 8.0, NEVER)
MOST_SURE, MOST_ANY, LEAST_PRECISION = 0.02, 0.08, 0.85


@dataclass
class Score:
    """Counts over sentences, over what was shown, and over what there was to correct (``gold``)."""

    wrong: int = 0
    located: int = 0
    clean: int = 0
    clean_sure: int = 0
    clean_any: int = 0
    sure: int = 0
    sure_right: int = 0
    shown: int = 0
    shown_right: int = 0
    gold: int = 0
    recovered: int = 0

    @property
    def recall(self) -> float:
        """Of what there was to correct, how much was shown with a right answer."""
        return self.recovered / self.gold if self.gold else 0.0

    @property
    def half_f(self) -> float:
        """F0.5 of the answers: precision counts twice as much as recall."""
        precision = self.shown_right / self.shown if self.shown else 0.0
        return 1.25 * precision * self.recall / (0.25 * precision + self.recall) if precision and self.recall else 0.0

    @property
    def fits(self) -> bool:
        """Whether clean sentences are left alone, and what is sure is right, as often as is asked."""
        return (
            self.clean_sure <= MOST_SURE * self.clean
            and self.clean_any <= MOST_ANY * self.clean
            and self.sure_right >= LEAST_PRECISION * self.sure
        )


def score(known: CorrectionLanguage, speller: Speller | None, sentences: Iterable[Sentence], margins: Margins) -> Score:
    """Score what is shown of these sentences under these margins."""
    tried, total = known.model_copy(update={"margins": {"default": margins}}), Score()
    for one in sentences:
        _count(total, one, findings(one.text, tried, speller=speller, deviations=one.doubts, generated=one.generated))
    return total


def score_generated(sentences: Iterable[Sentence]) -> Score:
    """Score what the model wrote freely, if all of it were shown."""
    total = Score()
    for one in sentences:
        changes = edits_between(one.text, one.generated) if one.generated else []
        _count(total, one, [Finding(e.start, e.end, e.old, e.new, "possible", "", ()) for e in changes])
    return total


def chosen(known: CorrectionLanguage, speller: Speller | None, half: Sequence[Sentence]) -> Margins:
    """Return the margins that locate most, then answer most, while clean sentences are left alone: one by one."""
    best = RULES_ALONE
    for name in ("place", "possible", "sure"):
        tried = [best.model_copy(update={name: gap}) for gap in GAPS if name == "place" or gap >= best.place]
        worth = [(_worth(score(known, speller, half, one)), number) for number, one in enumerate(tried)]
        best = tried[max(worth)[1]]
    return best


def _worth(found: Score) -> tuple[bool, int, float]:
    return found.fits, found.located, found.recall


def _count(total: Score, one: Sentence, found: Sequence[Finding]) -> None:
    answers = [finding for finding in found if finding.certainty != "place"]
    right = [finding for finding in answers if _is_right(one, finding)]
    sure = [finding for finding in answers if finding.certainty == "sure"]
    total.shown += len(answers)
    total.shown_right += len(right)
    total.sure += len(sure)
    total.sure_right += sum(finding in right for finding in sure)
    if not one.right:
        total.clean += 1
        total.clean_sure += bool(sure)
        total.clean_any += bool(found)
        return
    total.wrong += 1
    total.located += any(
        _is_near(finding, edit) for finding in found for ref in one.right for edit in edits_between(one.text, ref)
    )
    mended = _mended(one.text, right)
    left = min(one.right, key=lambda ref: len(edits_between(mended, ref)))
    before, after = len(edits_between(one.text, left)), len(edits_between(mended, left))
    total.gold += before
    total.recovered += max(0, before - after)


def _mended(text: str, answers: Sequence[Finding]) -> str:
    return applied(text, [Edit(a.start, a.end, a.old, a.new) for a in answers])


def _is_right(one: Sentence, answer: Finding) -> bool:
    there, here = _words(_mended(one.text, [answer])), _words(one.text)
    return any(_distance(here, there) + _distance(there, end) == _distance(here, end) for end in map(_words, one.right))


def _words(text: str) -> list[str]:
    return [token.text.casefold() for token in tokens(text) if token.text[0].isalnum()]


def _distance(one: Sequence[str], other: Sequence[str]) -> int:
    row = list(range(len(other) + 1))
    for i, word in enumerate(one, 1):
        before, row[0] = row[0], i
        for k, its in enumerate(other, 1):
            before, row[k] = row[k], min(before + (word != its), row[k] + 1, row[k - 1] + 1)
    return row[-1]


def _is_near(finding: Finding, edit: Edit) -> bool:
    """Whether the place that is shown is the edit's, or the word before or after something that is missing."""
    return finding.start <= edit.end + 1 and edit.start <= finding.end + 1
