"""What people do with conversations: each function is one short transaction."""

import zlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone

from tutor.accounts.models import User
from tutor.classrooms import services as classrooms
from tutor.classrooms.models import Membership, Study
from tutor.classrooms.selectors import has_ended
from tutor.conversations.models import Conversation, ReadReceipt, Reply, Report, Turn
from tutor.conversations.provenance import OPEN_STATES, MadeState
from tutor.llm.models import Host, PresetVersion
from tutor.prepared import Prepared, PreparedUpdate, Slot, insert

MESSAGES_AN_HOUR = 60
RETRIES_AN_HOUR = 60
RUNS_A_REPLY = 20
OPEN_REPLIES_A_LEARNER = 4


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many rows, as a column of another question."""
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(rows=Count("*")).values("rows")
    return Coalesce(Subquery(counted), 0)


_known = Prepared(
    lambda: Reply.objects.filter(
        turn__author=Slot("author"), turn__client_id=Slot("client_id"), chosen=True
    ).select_related("turn")
)
# All that decides whether something may be said now: open replies of this learner, messages within the hour, whether
# a reply is open here; and the last turn's number.
_standing = Prepared(
    lambda: Conversation.objects.filter(pk=Slot("conversation")).values_list(
        _count(Reply.objects.filter(conversation__learner=Slot("author"), state__in=OPEN_STATES)),
        _count(Turn.objects.filter(author=Slot("author"), client_id__isnull=False, created__gt=Slot("since"))),
        Exists(Reply.objects.filter(conversation=OuterRef("pk"), state__in=OPEN_STATES)),
        Subquery(Turn.objects.filter(conversation=OuterRef("pk")).order_by("-ordinal").values("ordinal")[:1]),
    )
)
_touch = PreparedUpdate(lambda: Conversation.objects.filter(pk=Slot("pk")), "updated")


class RefusedError(Exception):
    """A command that cannot be carried out now. ``code`` is for programs; the words are made where people read them."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


@dataclass(frozen=True)
class Beginning:
    """What a new conversation is made of; the values are copied into it and stay."""

    client_id: UUID
    study: Study
    membership: Membership | None
    style: str
    style_version: int
    guided: bool
    title: str
    host: Host | None
    model: str
    preset_version: PresetVersion


@transaction.atomic
def begin(learner: User, beginning: Beginning) -> tuple[Conversation, bool]:
    """The conversation that this command begins, and whether it is new: the same ``client_id`` again gives the same."""
    known = Conversation.objects.filter(learner=learner, client_id=beginning.client_id).first()
    if known is not None:
        return known, False
    study = beginning.study
    return Conversation.objects.create(
        learner=learner,
        study=study,
        membership=beginning.membership,
        client_id=beginning.client_id,
        title=beginning.title,
        language=study.language,
        own_language=learner.own_language,
        level=study.level,
        goal=study.goal,
        style=beginning.style,
        style_version=beginning.style_version,
        guided=beginning.guided,
        seed=zlib.crc32(beginning.client_id.bytes),
        host=beginning.host,
        model=beginning.model,
        preset_version=beginning.preset_version,
    ), True


@transaction.atomic
def say_opener(conversation: Conversation, text: str) -> Turn:
    """The tutor's authored greeting: a turn without a learner's message, done from the start."""
    turn = Turn.objects.create(conversation=conversation, author=conversation.learner, ordinal=0)
    done = {"state": MadeState.DONE, "seq": 1, "finished": timezone.now()}
    Reply.objects.create(turn=turn, conversation=conversation, text=text, **done)
    return turn


@transaction.atomic
def begin_greeted(
    learner: User, beginning: Beginning, opener: Callable[[Conversation], str]
) -> tuple[Conversation, bool]:
    """Begin and greet as one: the same command again would find a talk that was never greeted, and leave it so."""
    conversation, fresh = begin(learner, beginning)
    if fresh:
        say_opener(conversation, opener(conversation))
    return conversation, fresh


def open_turn(conversation: Conversation, author: User, client_id: UUID, text: str, owner: str) -> tuple[Turn, bool]:
    """Store the learner's message and an open reply, the turn's ``said``. Returns the turn and whether it is new.

    Raises :class:`RefusedError` with ``busy``, ``too_many_waiting``, ``too_many_messages`` or ``taken``.
    """
    try:
        with transaction.atomic():
            known = _known.first(author=author.pk, client_id=client_id)
            if known is not None:
                return _same(known.turn, conversation, known), False
            turn = Turn(
                conversation=conversation,
                author=author,
                ordinal=_next_ordinal(conversation, author),
                text=text,
                client_id=client_id,
            )
            insert(turn)
            turn.said = Reply(turn=turn, conversation=conversation, owner=owner)
            insert(turn.said)
            _touch.run(pk=conversation.pk, updated=turn.created)
            return turn, True
    except IntegrityError:
        raise RefusedError("busy") from None


def retry(reply: Reply, owner: str) -> Reply:
    """A new attempt at the same turn; the earlier one is kept. Only the last turn can be tried again."""
    try:
        with transaction.atomic():
            reply = _last(reply)
            _refuse_retries(reply.conversation.learner)
            Reply.objects.filter(pk=reply.pk).update(chosen=False)
            return Reply.objects.create(
                turn=reply.turn, conversation=reply.conversation, attempt=reply.attempt + 1, owner=owner
            )
    except IntegrityError:
        raise RefusedError("busy") from None


def resume(reply: Reply, owner: str) -> Reply:
    """Let the same reply go on: the next epoch, with the text so far kept."""
    try:
        with transaction.atomic():
            reply = _last(reply)
            _refuse_queues(reply.conversation.learner)
            if not reply.text or reply.epoch >= RUNS_A_REPLY:
                raise RefusedError("continued_often" if reply.text else "nothing_to_continue")
            reply.earlier_texts = [*reply.earlier_texts, reply.text]
            reply.epoch += 1
            reply.seq, reply.state, reply.owner = 1, MadeState.QUEUED, owner
            reply.error_code = reply.error_detail = ""
            reply.finished = None
            reply.save()
            return reply
    except IntegrityError:
        raise RefusedError("busy") from None


@transaction.atomic
def rename(conversation: Conversation, title: str) -> None:
    """Another title. After leaving it counts as something said: see :func:`take_back`."""
    conversation.title = title.strip()[:120] or conversation.title
    fields = ["title"]
    if has_ended(conversation.membership):
        conversation.updated = timezone.now()
        fields.append("updated")
    conversation.save(update_fields=fields)


def use_model(conversation: Conversation, host_pk: int | None, model: str) -> None:
    """Let another model answer from the next reply on; the one before is remembered."""
    if (conversation.host_id, conversation.model) == (host_pk, model):
        return
    conversation.switched_from, conversation.model = conversation.model, model
    conversation.host_id = host_pk
    conversation.save(update_fields=["switched_from", "model", "host"])


def use_model_instead(gone: QuerySet[Conversation], host_pk: int | None, model: str) -> int:
    """The same for many talks at once, whoever learns in them; tells how many."""
    return gone.update(switched_from=F("model"), model=model, host=host_pk)


@transaction.atomic
def take_back(membership: Membership, *, actor: User) -> Membership:
    """Undo an ending: as if it had not been, soon after it and while the person has done nothing in their talks since.

    They were told that nobody else reads it, so otherwise a new membership begins, from now on.
    """
    return classrooms.take_back(membership, actor=actor, as_if_never=not _touched_since(membership))


def _touched_since(membership: Membership) -> bool:
    """Whether anything was said, tried again, continued, renamed or still being written in its talks since it ended."""
    if membership.until is None:
        return False
    talks = Conversation.objects.filter(membership=membership, updated__gt=membership.until)
    later = Q(created__gt=membership.until) | Q(finished__gt=membership.until) | Q(state__in=OPEN_STATES)
    return talks.exists() or Reply.objects.filter(later, conversation__membership=membership).exists()


def report(reply: Reply) -> Report:
    """Show this reply to the grown-ups of the classroom. Reporting twice is reporting once."""
    found, _ = Report.objects.get_or_create(reply=reply, conversation=reply.conversation)
    return found


def record_receipt(conversation: Conversation, reader: User, section: str = "transcript") -> None:
    """One row for one opening by somebody else."""
    ReadReceipt.objects.create(conversation=conversation, reader=reader, reader_name=reader.shown_name, section=section)


def _same(turn: Turn, conversation: Conversation, reply: Reply) -> Turn:
    if turn.conversation_id != conversation.pk:
        raise RefusedError("taken")
    turn.said = reply
    return turn


def _refuse_queues(author: User) -> None:
    waiting = Reply.objects.filter(conversation__learner=author, state__in=OPEN_STATES).count()
    if waiting >= OPEN_REPLIES_A_LEARNER:
        raise RefusedError("too_many_waiting")


def _refuse_retries(author: User) -> None:
    """Another attempt costs the model as much as a message does."""
    _refuse_queues(author)
    since = timezone.now() - timedelta(hours=1)
    tried = Reply.objects.filter(conversation__learner=author, attempt__gt=1, created__gt=since)
    if tried.count() >= RETRIES_AN_HOUR:
        raise RefusedError("too_many_messages")


def _next_ordinal(conversation: Conversation, author: User) -> int:
    """The number of the next turn, if one may be said now."""
    since = timezone.now() - timedelta(hours=1)
    standing = _standing.first(author=author.pk, conversation=conversation.pk, since=since)
    waiting, messages, busy, last = standing or (0, 0, False, None)
    if waiting >= OPEN_REPLIES_A_LEARNER:
        raise RefusedError("too_many_waiting")
    if messages >= MESSAGES_AN_HOUR:
        raise RefusedError("too_many_messages")
    if busy:
        raise RefusedError("busy")
    return 0 if last is None else last + 1


def _last(known: Reply) -> Reply:
    """The reply as it stands within this transaction, if it is the one that can be tried again."""
    reply = Reply.objects.select_related("turn", "conversation").select_for_update(of=("self",)).get(pk=known.pk)
    if reply.is_open:
        raise RefusedError("busy")
    later = Turn.objects.filter(conversation=reply.conversation_id, ordinal__gt=reply.turn.ordinal)
    if later.exists() or not reply.chosen:
        raise RefusedError("not_the_last")
    if not reply.turn.client_id:
        raise RefusedError("opener")
    return reply
