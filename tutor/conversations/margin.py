"""Cards at the margin of a turn: begun, read rung by rung, disputed. Each function is one short transaction."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from tutor.conversations.models import Card, CardKind, Conversation, Reply
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


def begin_correction(reply: UUID, owner: str) -> Begun | None:
    """Open a correction card beside this reply's turn. None where there is one already, or nothing to look at."""
    found = Reply.objects.select_related("turn", "conversation").filter(public_id=reply).first()
    if found is None or not _is_looked_at(found.turn.text, found.conversation):
        return None
    about = {"turn": found.turn, "kind": CardKind.CORRECTION}
    try:
        with transaction.atomic():
            card = Card.objects.create(**about, conversation=found.conversation, owner=owner)
    except IntegrityError:
        return None
    return Begun(card.public_id, card.pk, found.conversation.public_id)


def _is_looked_at(text: str, conversation: Conversation) -> bool:
    language, own_language = conversation.language, conversation.own_language
    known = bool(text) and correction_language(language) is not None
    return known and intent_of(text, language, own_language).kind in _LOOKED_AT


def correction_input(card_pk: int) -> CorrectionInput:
    card = Card.objects.select_related("turn", "conversation__preset_version").get(pk=card_pk)
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
