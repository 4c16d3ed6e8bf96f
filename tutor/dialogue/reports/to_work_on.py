"""What to work on: corrections that stand beside the talk, those that came up most first, at most one of a kind."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from typing import Final

from tutor.dialogue.corrections import sentences_of, with_neighbours
from tutor.dialogue.reports.body import MOST, ToWorkOn
from tutor.dialogue.reports.quotes import quote
from tutor.dialogue.reports.record import Noted, SaidTurn, TalkRecord

_CERTAIN: Final = {"sure": 0, "possible": 1}
_LIGHT: Final = frozenset({"spelling", "accent"})


def to_work_on(record: TalkRecord, repaired: Collection[str] = ()) -> tuple[ToWorkOn, ...]:
    """At most three: sure ones first, what the learner has disputed never. `repaired`: what is right by now."""
    noted = [(turn, note) for turn in record.messages for note in turn.notes if _counts(note)]
    times = Counter(note.finding.kind for _, note in noted)
    noted.sort(key=lambda one: _weight(one[1], times))
    found: list[ToWorkOn] = []
    for turn, note in noted:
        if note.finding.kind not in {one.kind for one in found} and not _is_repaired(note, repaired):
            found += _item(turn, note, times[note.finding.kind])
    return tuple(found[:MOST])


def _counts(note: Noted) -> bool:
    """A slip is known already: it is nothing to work on."""
    return not note.disputed and not note.finding.slip and note.finding.certainty in _CERTAIN


def _weight(note: Noted, times: Counter[str]) -> tuple[int, int, bool]:
    return _CERTAIN[note.finding.certainty], -times[note.finding.kind], note.finding.kind in _LIGHT


def _is_repaired(note: Noted, repaired: Collection[str]) -> bool:
    return any(form == note.finding.new or form.startswith(f"{note.finding.new} ") for form in repaired)


def _item(turn: SaidTurn, note: Noted, times: int) -> list[ToWorkOn]:
    shown = with_neighbours(turn.text, note.finding)
    if turn.text[shown.start : shown.end] != shown.old:
        return []
    spans = [(one.start, one.start + len(one.text)) for one in sentences_of(turn.text)]
    start, end = next((span for span in spans if span[0] <= shown.start and shown.end <= span[1]), (0, len(turn.text)))
    found = quote("learner", turn.ordinal, turn.text, start, end)
    if found is None or not found.start <= shown.start or shown.end > found.end:
        found = quote("learner", turn.ordinal, turn.text, shown.start, shown.end)
    if found is None or shown.certainty == "place":
        return []
    return [
        ToWorkOn(
            quote=found, index=note.index, start=shown.start, end=shown.end, old=shown.old, new=shown.new,
            certainty=shown.certainty, kind=shown.kind, times=times,
        )
    ]  # fmt: skip
