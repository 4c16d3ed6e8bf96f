"""More of everything that a page could list, around what the scene has: of Ana, of Clara's class, of the house."""

from __future__ import annotations

from datetime import datetime, timedelta
from itertools import count
from uuid import uuid4

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from tests.cast import Cast
from tutor.accounts.links import make_link
from tutor.accounts.models import OneTimeLink, User
from tutor.audit import chain
from tutor.classrooms.models import Classroom, Membership, Study
from tutor.conversations.models import Conversation, ReadReceipt, Reply, Report, Turn
from tutor.conversations.provenance import MadeState
from tutor.llm.models import Host, Preset, PresetVersion

_numbers = count()
LANGUAGES = ("en", "de", "it", "pt", "nl", "sv", "pl", "ru", "ja", "ko", "zh", "ar", "tr", "el", "cs")


def add_rows(cast: Cast, rows: int) -> None:
    """So many more of each kind."""
    for _ in range(rows):
        number = next(_numbers)
        _people(cast, number)
        _classes(cast, number)
        _talk(cast.ana, cast.anas_membership, cast.clara, number)
        _house(cast, number)


def _people(cast: Cast, number: int) -> None:
    """Of Clara's class and of every family: learners and teachers, with a password and without, here and gone."""
    gone = timezone.now() - timedelta(minutes=1)
    families = list(Classroom.objects.filter(kind=Classroom.Kind.FAMILY, memberships__person=cast.clara))
    for classroom in (cast.claras_class, *families):
        for role in Membership.Role.values:
            for until in (None, gone):
                for password in ("", "!"):
                    person = _person(number, password=password)
                    membership = _member(person, classroom, role, until=until)
                    if until is None:
                        _member(person, _classroom(number), role)
                    if role == Membership.Role.STUDENT:
                        _talk(person, membership, cast.clara, number)


def _classes(cast: Cast, number: int) -> None:
    """Where Ana learns or learnt with teachers of their own, what Clara teaches, and what only stands there."""
    for until in (None, timezone.now() - timedelta(days=1)):
        classroom = _classroom(number)
        _member(_person(number), classroom, Membership.Role.TEACHER)
        _talk(cast.ana, _member(cast.ana, classroom, Membership.Role.STUDENT, until=until), None, number)
    _member(cast.clara, _classroom(number), Membership.Role.TEACHER)
    for classroom in (cast.claras_class, *Classroom.objects.filter(kind=Classroom.Kind.FAMILY)):
        make_link(
            OneTimeLink.Purpose.JOIN,
            timedelta(days=1),
            classroom=classroom.public_id,
            role="student",
            made_by=cast.clara,
            uses=9,
        )
    if number < len(LANGUAGES):
        Study.objects.create(learner=cast.ana, language=LANGUAGES[number], level="A1")


def _house(cast: Cast, number: int) -> None:
    """Hosts, presets and what was done with rights, by somebody and to somebody."""
    Host.objects.create(kind=Host.Kind.OLLAMA, base_url=f"http://127.0.0.1:{number + 2}")
    PresetVersion.objects.create(preset=Preset.objects.create(name=f"Preset {number}"), number=1, made_by=cast.ada)
    preset = Preset.objects.order_by("pk")[0]
    latest = preset.versions.order_by("-number")[0]
    PresetVersion.objects.create(preset=preset, number=latest.number + 1, made_by=_person(number))
    chain.record(_person(number), "person.made", _person(number).public_id)


def _talk(learner: User, membership: Membership, reader: User | None, number: int) -> None:
    """A conversation with a reported and an earlier attempt, and more turns in each that the learner has."""
    conversation = Conversation.objects.create(
        learner=learner,
        membership=membership,
        client_id=uuid4(),
        title=f"Talk {number}",
        language=LANGUAGES[number % len(LANGUAGES)],
        own_language="en",
        level="A1",
        style="free-talk",
        style_version=1,
        guided=False,
        seed=number,
        model="scripted",
        preset_version=PresetVersion.objects.order_by("pk")[0],
    )
    for one in (conversation, *Conversation.objects.filter(learner=learner).order_by("pk")[:1]):
        _turn(one, number)
        if reader is not None:
            ReadReceipt.objects.create(conversation=one, reader=reader, reader_name=reader.shown_name)


def _turn(conversation: Conversation, number: int) -> None:
    turn = Turn.objects.create(
        conversation=conversation,
        author=conversation.learner,
        ordinal=conversation.turns.count(),
        text="Hola",
        client_id=uuid4(),
        created=(conversation.membership.since if conversation.membership else timezone.now()) + timedelta(seconds=1),
    )
    for attempt, state in ((1, MadeState.FAILED), (2, MadeState.DONE)):
        reply = Reply.objects.create(
            turn=turn,
            conversation=conversation,
            attempt=attempt,
            chosen=attempt == 2,
            state=state,
            text="¡Hola!",
            created=turn.created,
            finished=turn.created,
            preset_version=PresetVersion.objects.order_by("-pk")[0],
        )
        Report.objects.create(reply=reply, conversation=conversation, created=turn.created)


def _classroom(number: int) -> Classroom:
    return Classroom.objects.create(name=f"Class {number}", kind=Classroom.Kind.CLASS)


def _person(number: int, password: str = "!") -> User:
    name = f"person-{number}-{uuid4().hex[:8]}"
    return User.objects.create(username=name, name=name, password=password or _HASH)


def _member(person: User, classroom: Classroom, role: str, *, until: datetime | None = None) -> Membership:
    since = timezone.now() - timedelta(days=30)
    return Membership.objects.create(person=person, classroom=classroom, role=role, since=since, until=until)


_HASH = make_password("nobody signs in with it")
