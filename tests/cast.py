"""The fixed cast. Every test that asks who may do what asks it of these people."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache

from django.contrib.auth.hashers import make_password
from django.utils import timezone

from tests import environment
from tutor.accounts.models import User
from tutor.classrooms.models import Classroom, Membership, Study

PASSWORD = environment.PASSWORD


@dataclass(frozen=True)
class Cast:
    """People, and the two classes they meet in."""

    ana: User
    ben: User
    clara: User
    dora: User
    emil: User
    ada: User
    max: User
    claras_class: Classroom
    doras_class: Classroom
    anas_membership: Membership
    anas_study: Study
    people: dict[str, User] = field(repr=False)

    @staticmethod
    def names() -> list[str]:
        return ["ana", "ben", "clara", "dora", "emil", "ada", "max"]


def gather() -> Cast:
    """The cast in the database: memberships began thirty days ago; Max's ended a week ago."""
    password = _hashed()
    people = {
        name: User.objects.create(username=name, name=name.title(), password=password, is_administrator=name == "ada")
        for name in Cast.names()
    }
    claras = Classroom.objects.create(name="Spanish 1", kind=Classroom.Kind.CLASS)
    doras = Classroom.objects.create(name="French 2", kind=Classroom.Kind.CLASS)
    anas = _join(people["ana"], claras, "student")
    _join(people["ben"], claras, "student")
    _join(people["clara"], claras, "teacher")
    _join(people["dora"], doras, "teacher")
    _join(people["emil"], doras, "student")
    _join(people["max"], claras, "student", left=True)
    studies = {
        name: Study.objects.create(learner=people[name], language="fr" if name == "emil" else "es", level="A1")
        for name in ("ana", "ben", "emil", "max")
    }
    return Cast(
        **people, claras_class=claras, doras_class=doras, anas_membership=anas, anas_study=studies["ana"], people=people
    )


@cache
def _hashed() -> str:
    """Hashing is slow on purpose; once a process is enough."""
    return make_password(PASSWORD)


def _join(person: User, classroom: Classroom, role: str, *, left: bool = False) -> Membership:
    now = timezone.now()
    until = now - timedelta(days=7) if left else None
    return Membership.objects.create(
        person=person, classroom=classroom, role=role, since=now - timedelta(days=30), until=until
    )
