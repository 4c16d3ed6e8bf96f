"""Reports of talks: made from what stands in the database, kept as rows, and read against the talk as it stands.

Each function is one short transaction.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tutor.classrooms.selectors import has_ended
from tutor.conversations.margin import finding_of
from tutor.conversations.models import Card, CardKind, Conversation, Reply, TalkReport, Turn
from tutor.conversations.provenance import MadeState
from tutor.conversations.store import talk_of
from tutor.dialogue.phrases import words
from tutor.dialogue.reports import (
    MOST_PRAISE,
    REPORT_VERSION,
    Noted,
    ReportBody,
    SaidTurn,
    TalkRecord,
    report_of,
    utterances_of,
)
from tutor.llm.options import loaded_with, loading
from tutor.llm.presets import Purpose, current_version, options_now

# How many messages of other talks are looked at for what was said before, and how few tell nothing.
EARLIER_MESSAGES = 300
FEW_MESSAGES = 10
# What an earlier process left unfinished is made again; what failed for another reason stands as code made it.
_AGAIN = Q(state__in=(MadeState.INTERRUPTED, MadeState.FAILED), error_code="restart")


@dataclass(frozen=True)
class ReportInput:
    """Everything that a report's model is asked with, as plain values."""

    conversation: UUID
    epoch: int
    learner_pk: int
    record: TalkRecord
    body: ReportBody
    guided: bool
    host_pk: int | None
    model: str
    options: dict[str, Any]
    keep_alive: str
    preset_pk: int


def shown(conversation: Conversation) -> TalkReport:
    """The report of a talk as it stands now, made by code where something was said or corrected since the last one;
    for somebody who looks, so that one that is not stored yet has no key. It is done, or a model may add to it."""
    basis = _basis(conversation)
    known = TalkReport.objects.filter(conversation=conversation, basis=basis).first()
    if known is not None:
        known.conversation = conversation
        return known
    body = report_of(own_record(conversation, with_earlier=True))
    made: dict[str, Any] = {"prompt_version": REPORT_VERSION, "body": body.model_dump(mode="json")}
    if not _wants_model(body, conversation):
        made |= {"state": MadeState.DONE, "finished": timezone.now()}
    return TalkReport(conversation=conversation, basis=basis, **made)


@transaction.atomic
def current(conversation: Conversation) -> TalkReport:
    """The same, stored in place of the older ones."""
    report = shown(conversation)
    if not report.pk:
        report.save()
        _older(report).delete()
    return report


def _wants_model(body: ReportBody, conversation: Conversation) -> bool:
    """A small model is not asked, nor is any where nothing was said or code has found enough."""
    room = not body.is_empty and len(body.praise) < MOST_PRAISE
    return settings.REPORTS == "model" and not conversation.guided and room


@transaction.atomic
def begin_report(about: UUID, owner: str) -> int | None:
    """Make a talk's report as it stands now, and take it over where a model is to add to it: its key. None where none
    is, where another process has it, and where the talk is gone."""
    found = Conversation.objects.select_related("membership").filter(public_id=about, deleted=None).first()
    if found is None:
        return None
    pk = current(found).pk
    taken = {"state": MadeState.QUEUED, "owner": owner, "error_code": "", "finished": None}
    fresh = Q(state=MadeState.QUEUED, owner="")
    changed = TalkReport.objects.filter(fresh | _AGAIN, pk=pk).update(epoch=F("epoch") + 1, **taken)
    return pk if changed else None


def _older(report: TalkReport) -> QuerySet[TalkReport]:
    """The reports that this one takes the place of. Of who has left, whoever reads along keeps the last one before."""
    older = TalkReport.objects.filter(conversation=report.conversation).exclude(pk=report.pk)
    membership = report.conversation.membership
    if membership is not None and membership.until is not None and has_ended(membership):
        return older.filter(created__gt=membership.until)
    return older


def _basis(conversation: Conversation) -> str:
    """What a report is made of, in short: it changes with each message, each reply and each correction."""
    last = conversation.turns.order_by("-ordinal").values_list("ordinal", flat=True).first()
    replies = Reply.objects.filter(conversation=conversation, chosen=True).exclude(text="").count()
    cards = Card.objects.filter(conversation=conversation, state=MadeState.DONE).count()
    return f"{REPORT_VERSION} {last} {replies} {cards}"


def report_input(pk: int) -> ReportInput:
    report = TalkReport.objects.select_related("conversation__preset_version").get(pk=pk)
    conversation, preset = report.conversation, current_version(Purpose.REPORT)
    loaded = loading(options_now(conversation.preset_version, conversation.model))
    return ReportInput(
        conversation=conversation.public_id,
        epoch=report.epoch,
        learner_pk=conversation.learner_id,
        record=own_record(conversation),
        body=ReportBody.model_validate(report.body),
        guided=conversation.guided,
        host_pk=conversation.host_id,
        model=conversation.model,
        options=loaded_with(preset.options, loaded),
        keep_alive=conversation.preset_version.keep_alive,
        preset_pk=preset.pk,
    )


def own_record(conversation: Conversation, *, with_earlier: bool = False) -> TalkRecord:
    """The whole talk, as the learner reads it."""
    told = Reply.objects.filter(conversation=conversation, chosen=True).values_list("turn", "text")
    earlier = _earlier_words(conversation) if with_earlier else None
    return talk_record(conversation, conversation.turns.all(), dict(told), earlier)


def talk_record(
    conversation: Conversation,
    turns: QuerySet[Turn],
    told: Mapping[int, str],
    earlier_words: frozenset[str] | None = None,
) -> TalkRecord:
    """The talk as far as it may be read: these turns, and the replies ``told`` by their turn's key."""
    rows = list(turns.order_by("ordinal"))
    cards = Card.objects.filter(turn__in=rows, kind=CardKind.CORRECTION, state=MadeState.DONE)
    notes = {card.turn_id: _notes(card.body.get("findings", ())) for card in cards}
    said = [SaidTurn(row.ordinal, row.text, told.get(row.pk, ""), notes.get(row.pk, ())) for row in rows]
    took_s = (rows[-1].created - rows[0].created).total_seconds() if rows else 0
    return TalkRecord(talk_of(conversation, utterances_of(said)), said, earlier_words, round(took_s / 60))


def _notes(findings: Iterable[Mapping[str, Any]]) -> tuple[Noted, ...]:
    return tuple(Noted(index, finding_of(row), bool(row.get("disputed"))) for index, row in enumerate(findings))


def _earlier_words(conversation: Conversation) -> frozenset[str] | None:
    """What this learner wrote before in this language; None where that is too little to tell what is new."""
    there = {"conversation__language": conversation.language, "conversation__deleted": None}
    turns = Turn.objects.filter(author=conversation.learner_id, created__lt=conversation.created, **there)
    texts = list(turns.exclude(text="").order_by("-created").values_list("text", flat=True)[:EARLIER_MESSAGES])
    if len(texts) < FEW_MESSAGES:
        return None
    return frozenset(word.folded for text in texts for word in words(text))
