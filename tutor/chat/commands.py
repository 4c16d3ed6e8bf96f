"""The one dispatcher behind both doors, socket and POST: every command is authorised anew, then carried out."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from typing import NoReturn, TypeVar
from uuid import UUID

from django.conf import settings

from tutor import policy
from tutor.accounts import sessions
from tutor.accounts.models import User
from tutor.chat.messages import sentence
from tutor.chat.presenters import card_view, goals_view, turn_view, with_growth
from tutor.chat.protocol import (
    Accepted,
    Ack,
    CardView,
    Check,
    Climb,
    Command,
    Dispute,
    Frame,
    Goals,
    Ping,
    Pong,
    Refused,
    Resume,
    Retry,
    Reveal,
    Send,
    Stop,
    Subscribe,
    Subscribed,
    Suggest,
    TurnView,
)
from tutor.conversations import margin, selectors, services, store
from tutor.conversations.models import Conversation, Reply, Turn
from tutor.conversations.services import RefusedError
from tutor.database import come_in
from tutor.live.budget import takes_whole
from tutor.live.supervisor import Supervisor
from tutor.prepared import Prepared, Slot

log = logging.getLogger(__name__)
C = TypeVar("C")

# What is asked for every command and every turn that is told, with the rights in it.
_PERSON = Slot("person")
_conversation = Prepared(
    lambda: policy.own(_PERSON).filter(public_id=Slot("conversation")).select_related("membership__classroom")
)
_reply = Prepared(
    lambda: (
        policy.own_replies(_PERSON)
        .filter(public_id=Slot("reply"))
        .select_related("turn", "conversation__membership__classroom")
    )
)
_told = Slot("conversation")
_turn_now = Prepared(
    lambda: selectors.as_told(policy.own_replies(_PERSON)).filter(
        conversation__public_id=_told, turn__public_id=Slot("turn")
    )
)
_reply_now = Prepared(
    lambda: selectors.as_told(policy.own_replies(_PERSON)).filter(
        conversation__public_id=_told, public_id=Slot("reply")
    )
)

_card_now = Prepared(
    lambda: (
        policy.own_cards(_PERSON)
        .filter(conversation__public_id=_told, public_id=Slot("card"))
        .select_related("turn__conversation")
    )
)


class SignedOutError(Exception):
    """Nobody is signed in with this session (any more)."""


@dataclass(frozen=True)
class CaughtUp:
    """A conversation as somebody may see it who has everything up to a turn."""

    subscribed: Subscribed
    turns: list[TurnView]
    goals: Goals

    def frames(self, supervisor: Supervisor) -> list[Frame]:
        """Turns with what grows of them in this process, how far they bring the talk, then that this is all."""
        return [*(grown(turn, supervisor) for turn in self.turns), self.goals, self.subscribed]


@dataclass(frozen=True)
class Opened:
    """A reply that is to grow now (``fresh``), or was begun by the same command before."""

    conversation: UUID
    turn: UUID
    reply: UUID
    reply_pk: int
    fresh: bool


@dataclass(frozen=True)
class Changed:
    """Cards of a conversation that stand otherwise now; one of them was begun, perhaps, and is to be made."""

    conversation: UUID
    cards: list[UUID]
    begun: margin.Begun | None = None


async def carry_out(session_key: str, command: Command, supervisor: Supervisor, language: str = "") -> list[Frame]:
    """Frames that answer ``command``. Raises :class:`SignedOutError`; every other refusal is a frame, in words of
    ``language`` or else of the request's. So is a fault: nothing was stored."""
    client_id = command.client_id if isinstance(command, Send) else None
    try:
        return await _carry_out(session_key, command, supervisor)
    except SignedOutError:
        raise
    except RefusedError as refusal:
        return [refused(refusal, language, client_id)]
    except Exception:
        log.exception("a command failed")
        return [refused(RefusedError("not_saved"), language, client_id)]


def refused(refusal: RefusedError, language: str, client_id: UUID | None = None) -> Refused:
    return Refused(code=refusal.code, message=sentence(refusal.code, language), client_id=client_id)


async def _carry_out(session_key: str, command: Command, supervisor: Supervisor) -> list[Frame]:
    match command:
        case Ping() | Ack():
            await come_in(person_of, session_key)
            return [Pong()] if isinstance(command, Ping) else []
        case Subscribe():
            return (await come_in(catch_up, session_key, command.conversation, command.after)).frames(supervisor)
        case Stop() | Suggest():
            await come_in(_own_reply, session_key, command.reply)
            act = supervisor.helping.suggest if isinstance(command, Suggest) else supervisor.runner.stop
            await act(command.reply)
            return []
        case Send():
            opened = await supervisor.shielded(_begin(supervisor, _send, session_key, command))
            return [Accepted(client_id=command.client_id, turn=opened.turn)]
        case Retry() | Resume():
            await supervisor.shielded(_begin(supervisor, _again, session_key, command))
            return []
        case Climb() | Dispute() | Check() | Reveal():
            changed = await come_in(_at_margin, session_key, command, supervisor.owner)
            if changed.begun is not None:
                supervisor.look_at(changed.begun)
            supervisor.tell_cards(changed.conversation, changed.cards)
            return []


async def _begin(
    supervisor: Supervisor, store: Callable[[str, C, str], Opened], session_key: str, command: C
) -> Opened:
    """Store a reply and let it grow, as one: a stored one that nobody lets grow would block its conversation."""
    if supervisor.draining:
        raise RefusedError("restarting")
    opened = await come_in(store, session_key, command, supervisor.owner)
    if opened.fresh:
        supervisor.let_grow(opened.conversation, opened.reply, opened.reply_pk)
        supervisor.hub.tell(opened.conversation, "turn", opened.turn)
    return opened


def grown(turn: TurnView, supervisor: Supervisor) -> TurnView:
    return turn.model_copy(update={"reply": with_growth(turn.reply, supervisor.hub.growing(turn.reply.reply))})


def person_of(session_key: str) -> User:
    person = sessions.person_of(session_key)
    if person is None:
        raise SignedOutError
    return person


def catch_up(session_key: str, conversation: UUID, after: int) -> CaughtUp:
    """The last turn that is known and all after it. Raises RefusedError(``not_found``) for a stranger's."""
    found = _own_conversation(person_of(session_key), conversation)
    turns = selectors.turns_after(found, after - 1)
    views = [turn_view(turn, last=turn is turns[-1]) for turn in turns]
    subscribed = Subscribed(
        conversation=found.public_id,
        model=found.model,
        guided=found.guided,
        busy=selectors.open_reply(found) is not None,
        switched_from=found.switched_from,
    )
    return CaughtUp(subscribed, views, goals_view(found.public_id, store.progress_of(found)))


def look_at_turn(person: int, conversation: UUID, turn: UUID) -> TurnView | None:
    """One turn as it stands in the database now, for who may see it."""
    return _view(_turn_now.first(person=person, conversation=conversation, turn=turn))


def look_at_reply(person: int, conversation: UUID, reply: UUID) -> TurnView | None:
    """The turn whose chosen reply this is. None for an earlier attempt."""
    return _view(_reply_now.first(person=person, conversation=conversation, reply=reply))


def look_at_card(person: int, conversation: UUID, card: UUID) -> CardView | None:
    """One card as it stands in the database now, for who may see it."""
    found = _card_now.first(person=person, conversation=conversation, card=card)
    return card_view(found, found.turn) if found is not None else None


def look_at_goals(person: int, conversation: UUID) -> Goals | None:
    """How far a conversation has come by now, for who may see it."""
    found = _conversation.first(person=person, conversation=conversation)
    return goals_view(conversation, store.progress_of(found)) if found is not None else None


def _view(reply: Reply | None) -> TurnView | None:
    if reply is None:
        return None
    turn, turn.said = reply.turn, reply
    turn.margin = list(turn.cards.all()) if selectors.has_cards(reply) else []
    return turn_view(turn, last=selectors.is_last(reply))


def _send(session_key: str, command: Send, owner: str) -> Opened:
    person = person_of(session_key)
    conversation = _own_conversation(person, command.conversation)
    _refuse_closed(conversation)
    if not takes_whole(conversation, command.text):
        raise RefusedError("message_too_long")
    turn, fresh = services.open_turn(conversation, person, command.client_id, command.text, owner)
    return Opened(conversation.public_id, turn.public_id, turn.said.public_id, turn.said.pk, fresh)


def _again(session_key: str, command: Retry | Resume, owner: str) -> Opened:
    known = _own_reply(session_key, command.reply)
    _refuse_closed(known.conversation)
    reply = services.retry(known, owner) if isinstance(command, Retry) else services.resume(known, owner)
    return Opened(reply.conversation.public_id, reply.turn.public_id, reply.public_id, reply.pk, fresh=True)


def _at_margin(session_key: str, command: Climb | Dispute | Check | Reveal, owner: str) -> Changed:
    """Change something at the margin of one's own talk; whoever follows the talk is to hear of it."""
    person = person_of(session_key)
    match command:
        case Reveal():
            found = _own_conversation(person, command.conversation)
            return Changed(found.public_id, margin.reveal(found) or _refuse("nothing_to_reveal"))
        case Check():
            turn = policy.own_turns(person).filter(public_id=command.turn).first()
            return _check(turn or _refuse("not_found"), owner)
    change = margin.climb if isinstance(command, Climb) else margin.dispute
    card = change(policy.own_cards(person).filter(public_id=command.card), command.index) or _refuse("not_found")
    return Changed(card.turn.conversation.public_id, [card.public_id])


def _check(turn: Turn, owner: str) -> Changed:
    begun = margin.begin_asked(turn, owner) if settings.CORRECTIONS != "off" else None
    known = begun or _refuse("nothing_to_check")
    return Changed(known.conversation, [known.card], begun if known.fresh else None)


def _refuse(code: str) -> NoReturn:
    raise RefusedError(code)


def _refuse_closed(conversation: Conversation) -> None:
    if policy.is_closed(conversation.membership):
        raise RefusedError("closed")


def _own_conversation(person: User, conversation: UUID) -> Conversation:
    found = _conversation.first(person=person.pk, conversation=conversation)
    if found is None:
        raise RefusedError("not_found")
    return found


def _own_reply(session_key: str, reply: UUID) -> Reply:
    found = _reply.first(person=person_of(session_key).pk, reply=reply)
    if found is None:
        raise RefusedError("not_found")
    return found
