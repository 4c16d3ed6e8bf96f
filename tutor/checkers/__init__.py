"""Grammar checkers beside the house, as witnesses: LanguageTool and, for French, Grammalecte.

They are programs of their own, under licences of their own; none comes with the application, and without them
everything else goes on. Calls block: they belong into a thread.
"""

from __future__ import annotations

from collections.abc import Sequence

from tutor.checkers import grammalecte, languagetool
from tutor.dialogue.corrections import Finding, Objection, lone_places, put_right, seconded

__all__ = ["objections", "witnessed"]


def objections(language: str, sentence: str) -> list[Objection]:
    """Return what the checkers that are there object to; nothing where none is, or none answers in time."""
    return [*languagetool.objections(language, sentence), *grammalecte.objections(language, sentence)]


def witnessed(language: str, sentence: str, found: Sequence[Finding]) -> list[Finding]:
    """Return what was found with what the checkers say to it: surer where they agree, and the places they see alone."""
    objected = objections(language, sentence)
    if not objected:
        return list(found)
    heard = [_heard(language, sentence, one, objected) for one in found]
    return sorted([*heard, *lone_places(sentence, found, objected)], key=lambda one: one.start)


def _heard(language: str, sentence: str, finding: Finding, objected: Sequence[Objection]) -> Finding:
    """Let the checkers look at the sentence put right, where they object to what a finding is about."""
    if finding.certainty == "place" or not any(one.meets(finding.start, finding.end) for one in objected):
        return finding
    return seconded(sentence, finding, objected, objections(language, put_right(sentence, finding)))
