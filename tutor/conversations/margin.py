"""Cards at the margin of a turn: begun, read rung by rung, disputed. Each function is one short transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tutor.classrooms.models import CorrectionTiming
from tutor.conversations import store
from tutor.conversations.models import Card, CardKind, Conversation, Reply, Turn
from tutor.dialogue.corrections import Finding, correction_language, next_rung
from tutor.dialogue.intents import intent_of

# What is said in the studied language, and not about it.
_LOOKED_AT = {"answer", "question", "thanks", "goodbye"}
_STORED = [field.name for field in fields(Finding)]


@dataclass(frozen=True)
class CorrectionInput:
    """Everything that the correction of one message depends on, as plain values."""

    pk: int
    card: UUID
    conversation: UUID
    epoch: int
    learner_pk: int
    text: str
    language: str
    own_language: str
    level: str
    # The groups of kinds that the learner wants to hear of; none are all.
    kinds: tuple[str, ...]
    # Whether the learner wants to know, and is told of nothing too.
    asked: bool
    guided: bool
    host_pk: int | None
    model: str
    options: dict[str, Any]
    keep_alive: str


@dataclass(frozen=True)
class Begun:
    card: UUID
    pk: int
    conversation: UUID
    fresh: bool = True


def begin_correction(reply: UUID, owner: str) -> Begun | None:
    """Open a correction card beside this reply's turn. None where there is one already, nothing to look at, or the
    learner wants to be told only when they ask."""
    found = Reply.objects.select_related("turn", "conversation__study").filter(public_id=reply).first()
    if found is None or not _is_looked_at(found.turn.text, found.conversation):
        return None
    timing = timing_of(found.conversation)
    return None if timing == CorrectionTiming.ASKED else _begin(found.turn, found.conversation, timing, owner)


def begin_asked(turn: Turn, owner: str) -> Begun | None:
    """Open the correction that a learner asks for, or take the one that is there; None where nobody could look."""
    if not turn.text or correction_language(turn.conversation.language) is None:
        return None
    known = turn.cards.filter(kind=CardKind.CORRECTION).first()
    if known is not None:
        return Begun(known.public_id, known.pk, turn.conversation.public_id, fresh=False)
    return _begin(turn, turn.conversation, CorrectionTiming.ASKED, owner)


def timing_of(conversation: Conversation) -> str:
    """When the learner of a conversation wants to be told; once it is over, at once in place of afterwards."""
    wanted = conversation.study.corrections if conversation.study else CorrectionTiming.LIVE
    is_over = wanted == CorrectionTiming.AFTER and store.is_over(conversation)
    return CorrectionTiming.LIVE if is_over else wanted


def reveal(conversation: Conversation) -> list[UUID]:
    """Show what waited for the end of a conversation; returns the cards."""
    waiting = Card.objects.filter(conversation=conversation, timing=CorrectionTiming.AFTER)
    cards = list(waiting.values_list("public_id", flat=True))
    waiting.update(timing=CorrectionTiming.LIVE)
    return cards


def reveal_where_over(reply: UUID) -> tuple[UUID, list[UUID]]:
    """Show what waited, if this reply was the last one of its conversation; returns that, and the cards."""
    found = Reply.objects.select_related("conversation").get(public_id=reply).conversation
    waits = Card.objects.filter(conversation=found, timing=CorrectionTiming.AFTER).exists()
    return found.public_id, reveal(found) if waits and store.is_over(found) else []


def _begin(turn: Turn, conversation: Conversation, timing: str, owner: str) -> Begun | None:
    about = {"turn": turn, "conversation": conversation, "kind": CardKind.CORRECTION}
    try:
        with transaction.atomic():
            card = Card.objects.create(**about, timing=timing, owner=owner)
    except IntegrityError:
        return None
    return Begun(card.public_id, card.pk, conversation.public_id)


def _is_looked_at(text: str, conversation: Conversation) -> bool:
    language, own_language = conversation.language, conversation.own_language
    known = bool(text) and correction_language(language) is not None
    return known and intent_of(text, language, own_language).kind in _LOOKED_AT


def correction_input(card_pk: int) -> CorrectionInput:
    card = Card.objects.select_related("turn", "conversation__preset_version", "conversation__study").get(pk=card_pk)
    conversation = card.conversation
    return CorrectionInput(
        pk=card.pk,
        card=card.public_id,
        conversation=conversation.public_id,
        epoch=card.epoch,
        learner_pk=conversation.learner_id,
        text=card.turn.text,
        language=conversation.language,
        own_language=conversation.own_language,
        level=conversation.level,
        kinds=tuple(conversation.study.correction_kinds) if conversation.study else (),
        asked=card.timing == CorrectionTiming.ASKED,
        guided=conversation.guided,
        host_pk=conversation.host_id,
        model=conversation.model,
        options=dict(conversation.preset_version.options),
        keep_alive=conversation.preset_version.keep_alive,
    )


def climb(cards: QuerySet[Card], index: int) -> Card | None:
    """Show the next rung of a finding. None where there is no such card or finding among ``cards``."""
    return _change(cards, index, lambda row: {"rung": next_rung(finding_of(row), row["rung"])})


def dispute(cards: QuerySet[Card], index: int) -> Card | None:
    """Note that the learner says this is not right; saying it again takes it back."""
    return _change(cards, index, lambda row: {"disputed": not row.get("disputed", False)})


def finding_of(row: Mapping[str, Any]) -> Finding:
    """Return a stored finding as the pure code knows it."""
    return Finding(**{name: row[name] for name in _STORED if name in row} | {"witnesses": tuple(row["witnesses"])})


@transaction.atomic
def _change(cards: QuerySet[Card], index: int, change: Callable[[Mapping[str, Any]], Mapping[str, Any]]) -> Card | None:
    card = cards.select_related("turn__conversation").select_for_update(of=("self",)).first()
    rows = card.body.get("findings", []) if card is not None else []
    if card is None or not 0 <= index < len(rows):
        return None
    rows[index] = {**rows[index], **change(rows[index])}
    card.save(update_fields=["body"])
    return card
