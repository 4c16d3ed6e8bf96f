"""The report of a talk: goals met, what went well, what to work on, words to keep. Made by code; every claim rests on
a quote that is found in the talk, when it is made and again each time it is shown.

Pure: a record of the talk goes in, a body of codes and quotes comes out.
"""

from __future__ import annotations

from typing import Final

from tutor.dialogue import prompts
from tutor.dialogue.goals import talk_progress
from tutor.dialogue.reports.body import MOST as MOST_PRAISE
from tutor.dialogue.reports.body import KeptWord, Merit, Praise, ReportBody, ToWorkOn
from tutor.dialogue.reports.kept_words import kept_words
from tutor.dialogue.reports.model_praise import praise_request, with_praise
from tutor.dialogue.reports.praise import praise
from tutor.dialogue.reports.quotes import Quote, find_quote, quote
from tutor.dialogue.reports.record import Noted, SaidTurn, TalkRecord, utterances_of
from tutor.dialogue.reports.to_work_on import to_work_on

REPORT_VERSION: Final = f"report-{prompts.REPORT_VERSION}"

__all__ = [
    "MOST_PRAISE",
    "REPORT_VERSION",
    "KeptWord",
    "Merit",
    "Noted",
    "Praise",
    "Quote",
    "ReportBody",
    "SaidTurn",
    "TalkRecord",
    "ToWorkOn",
    "find_quote",
    "praise_request",
    "quote",
    "report_of",
    "resolved",
    "utterances_of",
    "with_praise",
]


def report_of(record: TalkRecord) -> ReportBody:
    """The report that code alone makes of a talk."""
    found = praise(record)
    repaired = [one.about for one in found if one.merit == "repaired"]
    return ReportBody(
        met=talk_progress(record.talk).met,
        praise=found,
        to_work_on=to_work_on(record, repaired),
        words=kept_words(record),
        messages=len(record.messages),
        minutes=record.minutes,
    )


def resolved(body: ReportBody, record: TalkRecord) -> ReportBody:
    """What of a stored report still holds: each quote stands in the talk as it can be read now, each correction on its
    card, and the learner has not disputed it."""
    said = record.said
    return body.model_copy(
        update={
            "praise": tuple(one for one in body.praise if one.quote.resolves(said)),
            "to_work_on": tuple(one for one in body.to_work_on if one.quote.resolves(said) and _stands(one, record)),
            "words": tuple(one for one in body.words if one.quote.resolves(said)),
        }
    )


def _stands(one: ToWorkOn, record: TalkRecord) -> bool:
    turn = next((turn for turn in record.turns if turn.ordinal == one.quote.turn), None)
    note = next((note for note in turn.notes if note.index == one.index), None) if turn is not None else None
    if turn is None or note is None or note.disputed or turn.text[one.start : one.end] != one.old:
        return False
    return note.finding.new in one.new and note.finding.kind == one.kind
