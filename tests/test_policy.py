"""Dates: a teacher reads what was said in the class while both were in it, whatever the history of the class."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cast import Cast
from tutor import policy
from tutor.accounts.models import User
from tutor.classrooms.models import Classroom, Membership
from tutor.conversations.models import Conversation, Turn
from tutor.llm.presets import current_version

quickly = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
# Days ago: a span begins, and ends later or not yet. Something may also begin or end in days to come.
SPAN = st.tuples(st.integers(-2, 40), st.one_of(st.none(), st.integers(1, 40)))
SAID = st.lists(st.integers(0, 41), min_size=1, max_size=6)


@contextmanager
def undone() -> Iterator[None]:
    """An example's rows go away with it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@dataclass(frozen=True)
class Span:
    since: datetime
    until: datetime | None

    def holds(self, moment: datetime) -> bool:
        return self.since <= moment and (self.until is None or moment <= self.until)


def span_of(now: datetime, drawn: tuple[int, int | None]) -> Span:
    ago, days = drawn
    since = now - timedelta(days=ago)
    return Span(since, None if days is None else since + timedelta(days=days, seconds=7))


def join(person: User, classroom: Classroom, role: str, span: Span) -> Membership:
    return Membership.objects.create(person=person, classroom=classroom, role=role, since=span.since, until=span.until)


def converse(learner: User, membership: Membership | None, moments: list[datetime]) -> Conversation:
    conversation = Conversation.objects.create(
        learner=learner,
        membership=membership,
        client_id=uuid4(),
        title="a talk",
        language="es",
        own_language="en",
        level="A1",
        style="patient",
        style_version=1,
        guided=False,
        seed=1,
        model="m",
        preset_version=current_version(),
        created=min(moments),
        updated=max(moments),
    )
    for ordinal, moment in enumerate(sorted(moments)):
        Turn.objects.create(conversation=conversation, author=learner, ordinal=ordinal, created=moment)
    return conversation


@given(taught=st.lists(SPAN, max_size=3), learnt=SPAN, said=SAID, elsewhere=st.booleans())
@quickly
def test_what_a_teacher_reads(
    cast: Cast,
    taught: list[tuple[int, int | None]],
    learnt: tuple[int, int | None],
    said: list[int],
    elsewhere: bool,
) -> None:
    with undone():
        now = timezone.now()
        room = Classroom.objects.create(name="a class")
        student = span_of(now, learnt)
        membership = join(cast.emil, room, "student", student)
        teaching = _teach(cast.dora, cast.claras_class if elsewhere else room, [span_of(now, one) for one in taught])
        moments = [now - timedelta(days=days, hours=1) for days in said if days * 24 + 1 <= learnt[0] * 24] or [now]
        conversation = converse(cast.emil, membership, moments)
        current = [] if elsewhere else [one for one in teaching if one.holds(now)]
        wanted = [
            moment
            for moment in sorted(moments)
            if any(one.since <= moment for one in current) and student.holds(max(moment, student.since))
        ]
        readable = policy.readable_turns(cast.dora, conversation).order_by("ordinal")
        assert [turn.created for turn in readable] == wanted
        # Listed only where there is something to read; and written into, stopped or deleted by nobody but Emil.
        assert policy.reviewable(cast.dora).filter(pk=conversation.pk).exists() == bool(wanted)
        assert not policy.own(cast.dora).filter(pk=conversation.pk).exists()
        assert policy.readable_turns(cast.emil, conversation).count() == len(moments)


def _teach(person: User, room: Classroom, spans: list[Span]) -> list[Span]:
    """Memberships as they can be: one that has not ended, at most."""
    taken: list[Span] = []
    for span in spans:
        if span.until is not None or all(other.until is not None for other in taken):
            join(person, room, "teacher", span)
            taken.append(span)
    return taken


@given(names=st.lists(st.sampled_from(Cast.names()), min_size=2, max_size=2, unique=True), private=st.booleans())
@quickly
def test_nobody_else_reads_anything(cast: Cast, names: list[str], private: bool) -> None:
    with undone():
        owner, other = (cast.people[name] for name in names)
        membership = None if private else owner.memberships.filter(role="student").first()
        conversation = converse(owner, membership, [timezone.now()])
        teaches = membership is not None and policy.taught(other).filter(pk=membership.classroom_id).exists()
        still = membership is not None and membership.until is None
        assert policy.reviewable(other).filter(pk=conversation.pk).exists() == (teaches and still)
        assert policy.readable_turns(other, conversation).exists() == (teaches and still)
