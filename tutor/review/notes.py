"""Corrections as whoever reads along sees them: whole, and with how far the student has got in the hints."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tutor.conversations.margin import finding_of
from tutor.conversations.models import Card, Turn
from tutor.dialogue.corrections import Finding, around, explanation, first_rung, spoken_for


@dataclass(frozen=True)
class Note:
    """One finding. ``hints`` and ``disputed`` say what the student did with it."""

    finding: Finding
    before: str
    after: str
    name: str
    why: str
    witness: str
    hints: str
    disputed: bool


def notes_of(card: Card, turn: Turn, *, left: bool) -> list[Note]:
    """The findings of a correction. What a student did with them after they had ``left`` is theirs alone, and as it
    is not known when that was, nothing of it is told."""
    return [_note(row, turn, left=left) for row in card.body.get("findings", ())]


def _note(row: Mapping[str, Any], turn: Turn, *, left: bool) -> Note:
    finding, language = finding_of(row), get_language() or "en"
    said = explanation(finding.kind, language)
    return Note(
        finding,
        *around(turn.text, finding.start, finding.end),
        name=said.name if said else "",
        why=said.about(finding.reason) if said else "",
        witness=spoken_for(finding.witnesses, language),
        hints="" if left else _hints(finding, row["rung"], turn.conversation.level),
        disputed=bool(row.get("disputed")) and not left,
    )


def _hints(finding: Finding, rung: str, level: str) -> str:
    """How far the student has looked; nothing where the answer was given at once, or there is none."""
    if first_rung(finding, level) == "answer" or finding.certainty == "place":
        return ""
    return {
        "where": _("No hint taken; the answer was not seen."),
        "kind": _("Has seen which kind it is, not the answer."),
        "choices": _("Has seen two choices, not the answer."),
        "answer": _("Took all hints up to the answer."),
    }[rung]


def marked(text: str, notes: Sequence[Note]) -> list[tuple[str, str]]:
    """The message in pieces: those that a finding is about with how sure it is, the others with nothing."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for finding in sorted((note.finding for note in notes), key=lambda one: one.start):
        if finding.start >= at:
            pieces += [(text[at : finding.start], ""), (text[finding.start : finding.end], finding.certainty)]
            at = finding.end
    return [piece for piece in [*pieces, (text[at:], "")] if piece[0]]
