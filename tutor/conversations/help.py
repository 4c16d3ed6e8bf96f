"""Help beside a turn: the card that answers who asks about the language, and three suggested answers.

Each function is one short transaction. Most cards are done from the start, because people wrote what they say.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils import timezone

from tutor.conversations.models import Card, CardKind, Conversation, Reply, Turn
from tutor.conversations.provenance import MadeState
from tutor.conversations.store import talk_of, utterances_until
from tutor.dialogue import Dialogue, TalkContext, UnknownScenario, dialogue_for
from tutor.dialogue.help_cards import HelpCard, messages_back, with_changes
from tutor.dialogue.intents import intent_of
from tutor.dialogue.intents.kinds import CHECKED
from tutor.llm.presets import options_now


@dataclass(frozen=True)
class HelpInput:
    """Everything that a model's share in a card depends on, as plain values."""

    pk: int
    card: UUID
    conversation: UUID
    epoch: int
    learner_pk: int
    body: Mapping[str, Any]
    talk: TalkContext
    guided: bool
    host_pk: int | None
    model: str
    options: dict[str, Any]
    keep_alive: str


@dataclass(frozen=True)
class Shown:
    """A card that stands there now; ``waits`` for what a model adds to it."""

    card: UUID
    pk: int
    conversation: UUID
    waits: bool = False


def begin_help(reply: UUID, owner: str, may_ask: Callable[[Conversation], bool]) -> Shown | None:
    """Put the help card beside this reply's turn. None where nobody asks for help, or it stands there already.

    ``may_ask``: whether a model may be asked here for what nobody has written.
    """
    found = Reply.objects.select_related("turn", "conversation").filter(public_id=reply).first()
    card = _help_card(found.turn, found.conversation) if found is not None else None
    if found is None or card is None:
        return None
    waits = bool(card.wanted) and may_ask(found.conversation)
    return _put(found.turn, found.conversation, CardKind.HELP, asdict(card), owner, waits=waits)


def begin_answers(reply: UUID, owner: str, may_ask: Callable[[Conversation], bool]) -> Shown | None:
    """Put three suggested answers beside this reply's turn. None where there is nothing to answer, or nobody to ask."""
    found = Reply.objects.select_related("turn", "conversation").filter(public_id=reply, state=MadeState.DONE).first()
    dialogue = _dialogue(found.conversation) if found is not None else None
    if found is None or dialogue is None:
        return None
    turn, conversation = found.turn, found.conversation
    talk = talk_of(conversation, utterances_until(conversation, turn.ordinal + 1))
    answers = dialogue.answers(talk)
    if not answers and (conversation.guided or not may_ask(conversation)):
        return None
    source = "authored" if answers else "model"
    body = {"answers": list(answers), "source": source}
    return _put(turn, conversation, CardKind.ANSWERS, body, owner, waits=not answers)


def help_input(card_pk: int) -> HelpInput:
    card = Card.objects.select_related("turn", "conversation__preset_version").get(pk=card_pk)
    conversation = card.conversation
    until = card.turn.ordinal + (card.kind == CardKind.ANSWERS)
    return HelpInput(
        pk=card.pk,
        card=card.public_id,
        conversation=conversation.public_id,
        epoch=card.epoch,
        learner_pk=conversation.learner_id,
        body=card.body,
        talk=talk_of(conversation, utterances_until(conversation, until)),
        guided=conversation.guided,
        host_pk=conversation.host_id,
        model=conversation.model,
        options=options_now(conversation.preset_version, conversation.model),
        keep_alive=conversation.preset_version.keep_alive,
    )


def _help_card(turn: Turn, conversation: Conversation) -> HelpCard | None:
    dialogue = _dialogue(conversation)
    if dialogue is None:
        return None
    talk = talk_of(conversation, utterances_until(conversation, turn.ordinal))
    card = dialogue.help(talk)
    if card is None or card.about not in CHECKED:
        return card
    count = messages_back(intent_of(turn.text, talk.language, talk.own_language))
    return with_changes(card, _found_before(turn, count) if count else (), talk)


def _found_before(turn: Turn, count: int) -> list[Mapping[str, Any]]:
    """What stands at the margin of the latest messages, the newest last."""
    turns = Turn.objects.filter(conversation=turn.conversation_id, ordinal__lt=turn.ordinal, client_id__isnull=False)
    latest = turns.order_by("-ordinal").values_list("pk", flat=True)[:count]
    cards = Card.objects.filter(turn__in=list(latest), kind=CardKind.CORRECTION, state=MadeState.DONE)
    return [row for card in cards.order_by("turn__ordinal") for row in card.body.get("findings", [])]


def _dialogue(conversation: Conversation) -> Dialogue | None:
    """How it is held; None where its scenario is gone."""
    style, version = conversation.style, conversation.style_version
    try:
        return dialogue_for(style, guided=conversation.guided, language=conversation.language, version=version)
    except UnknownScenario:
        return None


def _put(
    turn: Turn, conversation: Conversation, kind: CardKind, body: dict[str, Any], owner: str, *, waits: bool
) -> Shown:
    """A card of this kind that stands there already is shown once more."""
    state = {"state": MadeState.QUEUED} if waits else {"state": MadeState.DONE, "finished": timezone.now()}
    try:
        with transaction.atomic():
            Card.objects.filter(turn=turn, kind=kind, state__in=(MadeState.FAILED, MadeState.INTERRUPTED)).delete()
            card = Card.objects.create(turn=turn, conversation=conversation, kind=kind, owner=owner, body=body, **state)
    except IntegrityError:
        card, waits = Card.objects.get(turn=turn, kind=kind), False
    return Shown(card.public_id, card.pk, conversation.public_id, waits)
