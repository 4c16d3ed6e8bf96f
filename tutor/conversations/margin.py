"""Cards at the margin of a turn: begun, read rung by rung, disputed. Each function is one short transaction."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from tutor.classrooms.models import CorrectionTiming
from tutor.conversations import store
from tutor.conversations.models import Card, CardKind, Conversation, Reply, Turn
from tutor.conversations.provenance import OPEN_STATES, MadeState
from tutor.conversations.store import Ending
from tutor.dialogue.corrections import Finding, correction_language, next_rung
from tutor.dialogue.intents import intent_of
from tutor.dialogue.intents.kinds import IN_THE_TALK
from tutor.llm.models import PresetVersion
from tutor.llm.options import loading
from tutor.llm.presets import Purpose, current_version, options_now

# A card that was cut off longer ago than this is left: nobody looks for it any more.
_MADE_AGAIN = timedelta(days=1)
# So many messages and corrections are looked at for what somebody knows or keeps getting wrong.
LOOKED_BACK = 20
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
    # What the learner wrote beside it in this talk, and the kinds that came at least twice in the last corrections.
    others: tuple[str, ...]
    recurring: frozenset[str]
    # Whether the learner wants to know, and is told of nothing too.
    asked: bool
    guided: bool
    host_pk: int | None
    # The talk's model, and what it is loaded with.
    model: str
    loaded: dict[str, Any]
    keep_alive: str
    # The preset of corrections: its model where it names one, and its options.
    preset: PresetVersion


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
    if found is None or found.conversation.deleted or not _is_looked_at(found.turn.text, found.conversation):
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


@transaction.atomic
def begin_again(owner: str, conversation: UUID | None = None) -> list[Begun]:
    """Open the corrections anew that a restart or a deletion has cut off, oldest first: of all conversations, or of
    one. What they said stays until there is more to say."""
    cut_off = Q(state=MadeState.STOPPED) | Q(state=MadeState.INTERRUPTED, error_code="restart")
    cards = Card.objects.filter(cut_off, kind=CardKind.CORRECTION, created__gt=timezone.now() - _MADE_AGAIN)
    cards = cards.filter(conversation__deleted=None).select_for_update(of=("self",)).select_related("conversation")
    found = list(cards.filter(conversation__public_id=conversation) if conversation else cards)
    Card.objects.filter(pk__in=[card.pk for card in found]).update(
        state=MadeState.QUEUED, epoch=F("epoch") + 1, owner=owner, error_code="", finished=None
    )
    return [Begun(card.public_id, card.pk, card.conversation.public_id) for card in found]


@transaction.atomic
def note_findings(card_pk: int, said: Mapping[str, Any]) -> None:
    """Show what is known while the rest is still looked for."""
    Card.objects.filter(pk=card_pk, state__in=OPEN_STATES).update(body=_kept(card_pk, said))


@transaction.atomic
def close_correction(card_pk: int, ending: Ending, said: Mapping[str, Any] | None) -> None:
    """Its last word, with what it says, if that is known."""
    if said is not None:
        ending = replace(ending, content={"body": _kept(card_pk, said)})
    store.close(Card, card_pk, ending)


def _kept(card_pk: int, said: Mapping[str, Any]) -> dict[str, Any]:
    """What it says now. What was shown before keeps its place, so that no hint is taken of another finding, and how far
    the learner has climbed there, and what they disputed; what comes new stands below, unless it is about the same."""
    body = Card.objects.select_for_update().values_list("body", flat=True).filter(pk=card_pk).first() or {}
    shown, now = list(body.get("findings", ())), said["findings"]
    kept = [_as_known_now(row, now) for row in shown]
    more = [row for row in now if not any(_overlap(row, other) for other in shown)]
    return {**said, "findings": kept + more[: max(0, len(now) - len(shown))]}


def _as_known_now(shown: dict[str, Any], now: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The same finding, perhaps surer; a place without an answer may have got one, and with it a first rung."""
    for row in now:
        if _same(row) == _same(shown):
            return {**row, "rung": shown["rung"], "disputed": shown["disputed"]}
        if not shown["new"] and (row["start"], row["end"]) == (shown["start"], shown["end"]):
            return {**row, "disputed": shown["disputed"]}
    return shown


def _same(row: Mapping[str, Any]) -> tuple[Any, ...]:
    return row["start"], row["end"], row["old"], row["new"]


def _overlap(one: Mapping[str, Any], other: Mapping[str, Any]) -> bool:
    return bool(one["start"] < other["end"] and other["start"] < one["end"]) or _same(one) == _same(other)


def _is_looked_at(text: str, conversation: Conversation) -> bool:
    language, own_language = conversation.language, conversation.own_language
    known = bool(text) and correction_language(language) is not None
    intent = intent_of(text, language, own_language)
    return known and (intent.kind in IN_THE_TALK or bool(intent.answer))


def correction_input(card_pk: int) -> CorrectionInput:
    card = Card.objects.select_related("turn", "conversation__preset_version", "conversation__study").get(pk=card_pk)
    conversation, own = card.conversation, card.conversation.preset_version
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
        others=_others(card),
        recurring=_recurring(conversation),
        kinds=tuple(conversation.study.correction_kinds) if conversation.study else (),
        asked=card.timing == CorrectionTiming.ASKED,
        guided=conversation.guided,
        host_pk=conversation.host_id,
        model=conversation.model,
        loaded=loading(options_now(own, conversation.model)),
        keep_alive=own.keep_alive,
        preset=current_version(Purpose.CORRECTION),
    )


def _others(card: Card) -> tuple[str, ...]:
    texts = Turn.objects.filter(conversation=card.conversation_id).exclude(pk=card.turn_id).exclude(text="")
    return tuple(texts.order_by("-ordinal").values_list("text", flat=True)[:LOOKED_BACK])


def _recurring(conversation: Conversation) -> frozenset[str]:
    """The kinds of mistakes that this learner keeps making in this language: no slips, nothing disputed."""
    about = {"conversation__learner": conversation.learner_id, "conversation__language": conversation.language}
    cards = Card.objects.filter(**about, kind=CardKind.CORRECTION).order_by("-pk")[:LOOKED_BACK]
    rows = [row for card in cards for row in card.body.get("findings", ())]
    told = Counter(row["kind"] for row in rows if not row.get("slip") and not row.get("disputed"))
    return frozenset(kind for kind, times in told.items() if kind and times > 1)


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
