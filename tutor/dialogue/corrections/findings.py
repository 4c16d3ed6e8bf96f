"""What is found in a sentence, and how sure it is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

# sure: shown as a correction. possible: shown as a suggestion. place: "look here again", without an answer.
Certainty = Literal["sure", "possible", "place"]
# Who says so: a rule of ours, a dictionary, the model's own probabilities, what it wrote, a grammar checker, the
# model's blind choice in both orders.
Witness = Literal["rule", "dictionary", "probability", "generation", "checker", "comparison"]


@dataclass(frozen=True, slots=True)
class Finding:
    """``start:end`` of the sentence (code points) would be ``new``; nothing is proposed where ``certainty`` is *place*.

    ``kind`` is a code of :mod:`tutor.dialogue.corrections.kinds`; ``margin`` is in nats, 0 where no model was asked.
    """

    start: int
    end: int
    old: str
    new: str
    certainty: Certainty
    kind: str
    witnesses: tuple[Witness, ...]
    margin: float = 0.0
    reason: str = ""
    # Whoever wrote it knows the right form: no mistake that comes again.
    slip: bool = False

    def overlaps(self, start: int, end: int) -> bool:
        """Whether this finding and ``start:end`` share a letter, or stand at the same place."""
        return self.start < max(end, start + 1) and start < max(self.end, self.start + 1)


def with_witness(finding: Finding, witness: Witness) -> Finding:
    """Return the finding, made sure by one more who says so."""
    return replace(finding, certainty="sure", witnesses=(*finding.witnesses, witness))


def with_neighbours(text: str, finding: Finding) -> Finding:
    """Return a finding that can be seen: what only adds a word takes its neighbours along ("voy ir", "voy a ir")."""
    if finding.old:
        return finding
    before, after = text[: finding.start].rstrip(), text[finding.start :].lstrip()
    first, last = before.rpartition(" ")[2], after.partition(" ")[0].rstrip(".,;:!?…")
    start = len(before) - len(first)
    end = len(text) - len(after) + len(last)
    new = " ".join(word for word in (first, finding.new, last) if word)
    return replace(finding, start=start, end=end, old=text[start:end], new=new)
