"""Conversations for those who read along."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

from django.utils import timezone

from tests.cast import Cast
from tutor.classrooms.models import Membership
from tutor.conversations.models import Card, CardKind, Conversation, Reply, Report, Turn
from tutor.conversations.provenance import MadeState
from tutor.llm.presets import current_version


def begun(cast: Cast, name: str = "ana", title: str = "At the market", **fields: object) -> Conversation:
    """A conversation of one of the cast in the class they are (or were) in, with the tutor's greeting."""
    person = cast.people[name]
    values: dict[str, object] = {
        "learner": person,
        "membership": Membership.objects.filter(person=person, role="student").first(),
        "client_id": uuid4(),
        "title": title,
        "language": "es",
        "own_language": "en",
        "level": "A1",
        "style": "market",
        "style_version": 1,
        "guided": False,
        "seed": 1,
        "model": "qwen2.5:7b",
        "preset_version": current_version(),
    } | fields
    conversation = Conversation.objects.create(**values)
    say(conversation, "", "¡Buenos días!", client_id=None)
    return conversation


def say(conversation: Conversation, text: str, answer: str, *, when: datetime | None = None, **fields: object) -> Turn:
    """A message and its reply, with the figures a real one has."""
    last = conversation.turns.order_by("-ordinal").first()
    values: dict[str, object] = {"client_id": uuid4(), "created": when or timezone.now()} | fields
    turn = Turn.objects.create(
        conversation=conversation,
        author=conversation.learner,
        ordinal=last.ordinal + 1 if last else 0,
        text=text,
        **values,
    )
    reply(turn, answer)
    return turn


def reply(turn: Turn, text: str, **fields: object) -> Reply:
    values: dict[str, object] = {
        "state": MadeState.DONE,
        "model": "qwen2.5:7b",
        "preset_version": current_version(),
        "prompt_version": "free-1",
        "options": {"temperature": 0.7},
        "prompt_tokens": 321,
        "reply_tokens": 45,
        "first_token_ms": 400,
        "writing_ms": 1600,
    } | fields
    made: Reply = Reply.objects.create(turn=turn, conversation=turn.conversation, text=text, **values)
    return made


def reported(turn: Turn) -> Report:
    return Report.objects.create(reply=turn.replies.get(chosen=True), conversation=turn.conversation)


def days_ago(days: float) -> datetime:
    return timezone.now() - timedelta(days=days)


def corrected(turn: Turn, *findings: dict[str, object]) -> Card:
    """A correction beside this turn that is done; each finding gives what differs from a sure article."""
    usual: dict[str, object] = {
        "certainty": "sure",
        "kind": "gender",
        "witnesses": ["rule"],
        "reason": "",
        "rung": "answer",
        "disputed": False,
    }
    rows = [_placed(turn.text, usual | one) for one in findings]
    about = {"turn": turn, "conversation": turn.conversation, "kind": CardKind.CORRECTION}
    card: Card = Card.objects.create(**about, state=MadeState.DONE, body={"findings": rows}, finished=timezone.now())
    return card


def _placed(text: str, row: dict[str, object]) -> dict[str, object]:
    start = text.index(str(row["old"]))
    return row | {"start": start, "end": start + len(str(row["old"]))}
