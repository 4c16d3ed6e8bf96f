"""What the runner of replies reads and writes. Each function is one short transaction, run in a database thread."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Case, Value, When
from django.utils import timezone

from tutor.conversations.models import OPEN_STATES, Conversation, Reply, ReplyState
from tutor.dialogue import TalkContext, Utterance

NOBODY = UUID(int=0)


@dataclass(frozen=True)
class ReplyInput:
    """Everything that one reply depends on, as plain values."""

    conversation: UUID
    learner_pk: int
    talk: TalkContext
    guided: bool
    characters_per_token: float
    host_pk: int | None
    model: str
    options: dict[str, Any]
    keep_alive: str
    reply_pk: int = 0
    reply: UUID = NOBODY
    turn: UUID = NOBODY
    epoch: int = 0
    sofar: str = ""


@dataclass(frozen=True)
class Provenance:
    """What made a reply, noted when it begins."""

    host_pk: int | None
    model: str
    model_digest: str
    prompt_version: str
    options: dict[str, Any]
    queued_ms: int


@dataclass(frozen=True)
class Ending:
    """How a reply ended, with the engine's own counts where it gave them (milliseconds, tokens)."""

    state: str
    epoch: int
    seq: int
    text: str
    thinking: str = ""
    code: str = ""
    counts: dict[str, int | None] = field(default_factory=dict)
    characters_per_token: float | None = None


def reply_input(reply_pk: int) -> ReplyInput:
    reply = Reply.objects.select_related("turn", "conversation__preset_version").get(pk=reply_pk)
    said = said_until(reply.conversation, reply.turn.ordinal)
    return replace(
        _brief(reply.conversation, said),
        reply_pk=reply.pk,
        reply=reply.public_id,
        turn=reply.turn.public_id,
        epoch=reply.epoch,
        sofar=reply.text,
    )


def opening_input(conversation: UUID) -> ReplyInput:
    """The same without a reply: what is known before the learner's first message."""
    found = Conversation.objects.select_related("preset_version").get(public_id=conversation)
    return _brief(found, said_until(found, 1))


def _brief(conversation: Conversation, said: Sequence[Utterance]) -> ReplyInput:
    return ReplyInput(
        conversation=conversation.public_id,
        learner_pk=conversation.learner_id,
        talk=talk_of(conversation, said),
        guided=conversation.guided,
        characters_per_token=conversation.characters_per_token,
        host_pk=conversation.host_id,
        model=conversation.model,
        options=dict(conversation.preset_version.options),
        keep_alive=conversation.preset_version.keep_alive,
    )


def talk_of(conversation: Conversation, said: Sequence[Utterance]) -> TalkContext:
    return TalkContext(
        language=conversation.language,
        own_language=conversation.own_language,
        level=conversation.level,
        style=conversation.style,
        style_version=conversation.style_version,
        seed=conversation.seed,
        utterances=said,
        goal=conversation.goal,
    )


def said_until(conversation: Conversation, ordinal: int) -> list[Utterance]:
    """All that was said before the reply to turn ``ordinal``, oldest first."""
    turns = conversation.turns.filter(ordinal__lte=ordinal).order_by("ordinal").values_list("ordinal", "text")
    replies = dict(
        Reply.objects.filter(conversation=conversation, chosen=True, turn__ordinal__lt=ordinal).values_list(
            "turn__ordinal", "text"
        )
    )
    said: list[Utterance] = []
    for number, text in turns:
        said += [Utterance("learner", text)] if text else []
        said += [Utterance("tutor", replies[number])] if replies.get(number) else []
    return said


@transaction.atomic
def begin_running(reply_pk: int, provenance: Provenance) -> None:
    """Note what makes the reply. One that has been ended meanwhile stays ended."""
    reply = Reply.objects.select_related("conversation").filter(pk=reply_pk, state__in=OPEN_STATES).first()
    if reply is None:
        return
    conversation = reply.conversation
    if conversation.model != provenance.model:
        conversation.switched_from, conversation.model = conversation.model, provenance.model
        conversation.host_id = provenance.host_pk
        conversation.save(update_fields=["switched_from", "model", "host"])
    reply.state = ReplyState.RUNNING
    reply.host_id, reply.model, reply.model_digest = provenance.host_pk, provenance.model, provenance.model_digest
    reply.prompt_version, reply.options = provenance.prompt_version, provenance.options
    reply.queued_ms, reply.preset_version_id = provenance.queued_ms, conversation.preset_version_id
    reply.save()


@transaction.atomic
def checkpoint(rows: Iterable[tuple[int, int, int, str, str]]) -> None:
    """Keep the text so far of all growing replies: (pk, epoch, seq, text, thinking), one transaction for all."""
    for pk, epoch, seq, text, thinking in rows:
        growing = Reply.objects.filter(pk=pk, epoch=epoch, state__in=OPEN_STATES)
        growing.update(seq=seq, text=text, thinking=thinking)


@transaction.atomic
def close(reply_pk: int, ending: Ending) -> None:
    """The reply's last word. One that somebody else has ended already stays as it is."""
    growing = Reply.objects.filter(pk=reply_pk, epoch=ending.epoch, state__in=OPEN_STATES)
    growing.update(
        state=ending.state,
        seq=ending.seq,
        text=ending.text,
        thinking=ending.thinking,
        error_code=ending.code,
        finished=timezone.now(),
        **ending.counts,
    )
    if ending.characters_per_token is not None:
        of_this = Reply.objects.filter(pk=reply_pk).values("conversation")
        Conversation.objects.filter(pk__in=of_this).update(characters_per_token=ending.characters_per_token)


def give_up(reply_pk: int) -> None:
    """A reply that could not even begin, in our own house: what stands there stays, and it can be tried again."""
    left = Reply.objects.filter(pk=reply_pk, state__in=OPEN_STATES)
    ended = Case(When(text="", then=Value(ReplyState.FAILED)), default=Value(ReplyState.INTERRUPTED))
    left.update(state=ended, error_code="internal", finished=timezone.now())


def sweep(owner: str) -> int:
    """End what a dead process left open: its words stay, as *interrupted*. Returns how many there were."""
    left = Reply.objects.filter(state__in=OPEN_STATES).exclude(owner=owner)
    return left.update(state=ReplyState.INTERRUPTED, error_code="restart", finished=timezone.now())
