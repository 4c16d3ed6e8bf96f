"""What the runner of replies reads and writes. Each function is one short transaction, run in a database thread."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import BigIntegerField, F, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from tutor.conversations.distress import distress_words
from tutor.conversations.models import Conversation, Reply, Turn
from tutor.conversations.provenance import OPEN_STATES, Counts, Made, MadeState, Provenance
from tutor.dialogue import TalkContext, TalkProgress, Utterance, dialogue_for, goals_of, talk_progress
from tutor.dialogue.intents import intent_of
from tutor.llm.presets import options_now
from tutor.prepared import Prepared, PreparedUpdate, Slot

NOBODY = UUID(int=0)
LAST_ORDINAL = 2**31 - 1
# After every ordinal that a turn can have.
EVERYTHING = 2**31 - 1


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
class Ending:
    """How something that a model made ended. ``content`` is what is kept of it, by the names of its fields."""

    state: str
    epoch: int
    code: str = ""
    counts: Counts | None = None
    content: Mapping[str, object] = field(default_factory=dict)
    detail: str = ""


def reply_input(reply_pk: int) -> ReplyInput:
    reply = _with_all.first(pk=reply_pk)
    if reply is None:
        raise Reply.DoesNotExist
    utterances = utterances_until(reply.conversation, reply.turn.ordinal)
    return replace(
        _input(reply.conversation, utterances),
        reply_pk=reply.pk,
        reply=reply.public_id,
        turn=reply.turn.public_id,
        epoch=reply.epoch,
        sofar=reply.text,
    )


def standing_input(conversation: UUID) -> ReplyInput:
    """The same without a reply: what is known before the learner's next message."""
    found = Conversation.objects.select_related("preset_version").get(public_id=conversation)
    return _input(found, utterances_until(found, LAST_ORDINAL))


def _input(conversation: Conversation, utterances: Sequence[Utterance]) -> ReplyInput:
    return ReplyInput(
        conversation=conversation.public_id,
        learner_pk=conversation.learner_id,
        talk=talk_of(conversation, utterances),
        guided=conversation.guided,
        characters_per_token=conversation.characters_per_token,
        host_pk=conversation.host_id,
        model=conversation.model,
        options=options_now(conversation.preset_version, conversation.model),
        keep_alive=conversation.preset_version.keep_alive,
    )


def talk_of(conversation: Conversation, utterances: Sequence[Utterance]) -> TalkContext:
    return TalkContext(
        language=conversation.language,
        own_language=conversation.own_language,
        level=conversation.level,
        style=conversation.style,
        style_version=conversation.style_version,
        seed=conversation.seed,
        utterances=utterances,
        goal=conversation.goal,
        distress=distress_words(conversation.own_language) if _is_in_distress(conversation, utterances) else "",
    )


def _is_in_distress(conversation: Conversation, utterances: Sequence[Utterance]) -> bool:
    """Whether one of the learner's latest messages cries for help: only then the house's words are looked up."""
    said = [one.text for one in utterances if one.speaker == "learner"][-2:]
    languages = (conversation.language, conversation.own_language)
    return any(intent_of(text, *languages).kind == "distress" for text in said)


def utterances_until(conversation: Conversation, ordinal: int) -> list[Utterance]:
    """All that was said before the reply to turn ``ordinal``, oldest first."""
    turns = _turns.all(conversation=conversation.pk, ordinal=ordinal)
    replies = dict(_replies.all(conversation=conversation.pk, ordinal=ordinal))
    utterances: list[Utterance] = []
    for number, text in turns:
        utterances += [Utterance("learner", text)] if text else []
        utterances += [Utterance("tutor", replies[number])] if replies.get(number) else []
    return utterances


def is_over(conversation: Conversation) -> bool:
    """Whether the tutor of a guided talk has taken leave."""
    talk = talk_of(conversation, utterances_until(conversation, EVERYTHING))
    dialogue = dialogue_for(talk.style, guided=conversation.guided, language=talk.language, version=talk.style_version)
    return dialogue.ended(talk)


def progress_of(conversation: Conversation) -> TalkProgress:
    """How far a conversation has come, by all that was said in it; without goals, by its latest message."""
    if goals_of(conversation.style, conversation.style_version, conversation.language):
        return talk_progress(talk_of(conversation, utterances_until(conversation, EVERYTHING)))
    latest = _latest.first(conversation=conversation.pk)
    return talk_progress(talk_of(conversation, [Utterance("learner", latest[0])] if latest else []))


@transaction.atomic
def begin(kind: type[Made], pk: int, provenance: Provenance) -> None:
    """Note what makes it. What has been ended meanwhile stays ended."""
    _beginning(kind).run(
        pk=pk,
        host=provenance.host_pk,
        model=provenance.model,
        model_digest=provenance.model_digest,
        prompt_version=provenance.prompt_version,
        options=dict(provenance.options),
        queued_ms=provenance.queued_ms,
        asked_with=provenance.preset_version_pk,
    )


@transaction.atomic
def begin_reply(reply_pk: int, provenance: Provenance) -> None:
    """The same; another model than the conversation's own takes it over."""
    begin(Reply, reply_pk, provenance)
    if provenance.model:
        _switch.run(pk=reply_pk, model=provenance.model, host=provenance.host_pk)


@transaction.atomic
def checkpoint(rows: Iterable[tuple[int, int, int, str, str]]) -> None:
    """Keep the text so far of all growing replies: (pk, epoch, seq, text, thinking), one transaction for all."""
    names = ("pk", "epoch", "seq", "text", "thinking")
    _checkpoint.run_many(dict(zip(names, row, strict=True)) for row in rows)


def close(kind: type[Made], pk: int, ending: Ending) -> None:
    """Its last word. What somebody else has ended already, or begun anew, stays as it is."""
    counts = asdict(ending.counts) if ending.counts else {}
    ended = {"state": ending.state, "epoch": ending.epoch, "finished": timezone.now()}
    changes = {**ended, "error_code": ending.code, "error_detail": ending.detail, **counts, **ending.content}
    _closing(kind, tuple(changes)).run(pk=pk, **changes)


@transaction.atomic
def close_reply(reply_pk: int, ending: Ending, characters_per_token: float | None = None) -> None:
    """The same, and what it taught about how many characters make a token here."""
    close(Reply, reply_pk, ending)
    if characters_per_token is not None:
        _calibrate.run(pk=reply_pk, characters_per_token=characters_per_token)


@transaction.atomic
def close_replies(endings: Iterable[tuple[int, Ending]]) -> None:
    """Last words that an earlier process could not store, by primary key."""
    for reply_pk, ending in endings:
        close(Reply, reply_pk, ending)


def give_up(kind: type[Made], pk: int) -> None:
    """It could not even begin, in our own house: what stands there stays, and it can be tried again."""
    _open(kind).filter(pk=pk).update(state=kind.given_up, error_code="internal", finished=timezone.now())


def sweep(owner: str) -> int:
    """End what a dead process left open: what came stays, as *interrupted*. Returns how many there were."""
    ended = {"state": MadeState.INTERRUPTED, "error_code": "restart", "finished": timezone.now()}
    return sum(_open(kind).exclude(owner=owner).update(**ended) for kind in Made.__subclasses__())


def _open(kind: type[Made]) -> QuerySet[Made]:
    return kind._default_manager.filter(state__in=OPEN_STATES)  # noqa: SLF001 - an abstract model has no "objects"


_with_all = Prepared(lambda: Reply.objects.filter(pk=Slot("pk")).select_related("turn", "conversation__preset_version"))
_turns = Prepared(
    lambda: (
        Turn.objects.filter(conversation=Slot("conversation"), ordinal__lte=Slot("ordinal"))
        .order_by("ordinal")
        .values_list("ordinal", "text")
    )
)
_latest = Prepared(
    lambda: Turn.objects.filter(conversation=Slot("conversation")).order_by("-ordinal").values_list("text")[:1]
)
_replies = Prepared(
    lambda: Reply.objects.filter(
        conversation=Slot("conversation"), chosen=True, turn__ordinal__lt=Slot("ordinal")
    ).values_list("turn__ordinal", "text")
)
_checkpoint = PreparedUpdate(
    lambda: _open(Reply).filter(pk=Slot("pk"), epoch__lte=Slot("epoch")), "epoch", "seq", "text", "thinking"
)
_switch = PreparedUpdate(
    lambda: Conversation.objects.filter(
        pk__in=Reply.objects.filter(pk=Slot("pk"), state__in=OPEN_STATES).values("conversation")
    ).exclude(model=Slot("model")),
    "model",
    "host",
    switched_from=F("model"),
)
_calibrate = PreparedUpdate(
    lambda: Conversation.objects.filter(pk__in=Reply.objects.filter(pk=Slot("pk")).values("conversation")),
    "characters_per_token",
)


@cache
def _beginning(kind: type[Made]) -> PreparedUpdate:
    return PreparedUpdate(
        lambda: _open(kind).filter(pk=Slot("pk")),
        "host",
        "model",
        "model_digest",
        "prompt_version",
        "options",
        "queued_ms",
        state=MadeState.RUNNING,
        preset_version=Coalesce(
            Slot("asked_with"),
            Subquery(Conversation.objects.filter(pk=OuterRef("conversation")).values("preset_version")),
            output_field=BigIntegerField(),
        ),
    )


@cache
def _closing(kind: type[Made], columns: tuple[str, ...]) -> PreparedUpdate:
    return PreparedUpdate(lambda: _open(kind).filter(pk=Slot("pk"), epoch__lte=Slot("epoch")), *columns)
