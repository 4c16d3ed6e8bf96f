"""What rules find in what a learner wrote, at once; a dictionary and a model look at it beside the talk."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from tutor.dialogue.corrections import (
    Finding,
    by_rule,
    correction_language,
    explained_languages,
    explanation,
    sentences_of,
    with_neighbours,
)
from tutor.dialogue.help_cards.card import Asking, Change, HelpCard
from tutor.dialogue.help_cards.sentences import sentence
from tutor.dialogue.intents import Intent
from tutor.dialogue.message_signals import base
from tutor.dialogue.types import TalkContext

# How far back "correct my mistakes" looks, and how much of that is told at once.
CHECKED_MESSAGES: Final = 3
CHECKED_CHANGES: Final = 3


def checked(asking: Asking) -> HelpCard:
    """The message itself, where the question stands behind a sentence ("… Was that right?"), else the latest ones."""
    kind, own = asking.intent.kind, asking.own_language
    known = correction_language(asking.language)
    if known is None:
        return HelpCard(kind, notes=(sentence("check_unknown", own),))
    found = [
        with_neighbours(one.text, finding)
        for text in checked_texts(asking)
        for one in sentences_of(text)
        for finding in by_rule(one.text, known)
    ]
    changes = tuple(_change(finding, own) for finding in found[-CHECKED_CHANGES:])
    notes = () if changes else (sentence("check_nothing", own),)
    return HelpCard(kind, "correction", notes=notes, changes=changes)


def checked_texts(asking: Asking) -> tuple[str, ...]:
    """The texts that are looked at, oldest first."""
    if asking.intent.answer:
        return (asking.intent.answer,)
    count = messages_back(asking.intent)
    return asking.messages[:-1][-count:]


def messages_back(intent: Intent) -> int:
    """How many messages before this one are looked at; none where it holds what is asked about."""
    if intent.answer:
        return 0
    return 1 if intent.kind == "was_that_right" else CHECKED_MESSAGES


def with_changes(card: HelpCard, found: Sequence[Mapping[str, Any]], talk: TalkContext) -> HelpCard:
    """The same with what was found beside the talk in the messages that the card is about."""
    if not found or card.source != "correction":
        return card
    rows = [row for row in found if not row.get("disputed")]
    beside = [_stored(row, talk.own_language) for row in rows]
    known = {(one.old, one.new) for one in beside}
    changes = [*(one for one in card.changes if (one.old, one.new) not in known), *beside][-CHECKED_CHANGES:]
    return replace(card, changes=tuple(changes), notes=() if changes else card.notes)


def _stored(row: Mapping[str, Any], own_language: str) -> Change:
    """A finding as it is stored at the margin; where only a place is known there is no answer."""
    certainty = row["certainty"]
    return Change(row["old"], None if certainty == "place" else row["new"], _why(row["kind"], own_language), certainty)


def _change(finding: Finding, own_language: str) -> Change:
    return Change(finding.old, finding.new, _why(finding.kind, own_language), finding.certainty)


def _why(kind: str, own_language: str) -> str:
    own = base(own_language)
    why = explanation(kind, own) if own in explained_languages() else None
    return why.why if why is not None else ""
