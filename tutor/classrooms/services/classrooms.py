"""Classes and families, and who is in them from when until when."""

from collections.abc import Collection
from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from tutor.accounts.models import User
from tutor.audit import chain
from tutor.classrooms.models import Classroom, Membership
from tutor.classrooms.selectors import teachers_of

UNDO_LIFE = timedelta(minutes=10)


class LastTeacher(Exception):
    """Ending this membership would leave a class nobody can look after."""


@transaction.atomic
def create_classroom(kind: str, name: str, teacher: User | None, *, actor: User | None = None) -> Classroom:
    """A new class or family, with its first teacher or parent if there is one yet."""
    classroom = Classroom.objects.create(kind=kind, name=name)
    chain.record(actor or teacher, "classroom.created", classroom.public_id)
    if teacher is not None:
        begin_membership(teacher, classroom, Membership.Role.TEACHER, actor=actor or teacher)
    return classroom


@transaction.atomic
def rename_classroom(classroom: Classroom, name: str, *, actor: User) -> None:
    classroom.name = name
    classroom.save(update_fields=["name"])
    chain.record(actor, "classroom.renamed", classroom.public_id)


@transaction.atomic
def begin_membership(person: User, classroom: Classroom, role: str, *, actor: User | None) -> Membership:
    """The membership that holds from now on. Who is in already stays what they are."""
    membership, made = Membership.objects.get_or_create(
        person=person, classroom=classroom, until=None, defaults={"role": role}
    )
    if made:
        chain.record(actor, "membership.began", membership.public_id)
    return membership


@transaction.atomic
def end_membership(membership: Membership, *, actor: User) -> None:
    """From now on nobody of the class reads what the person writes. Raises :class:`LastTeacher`."""
    if is_last_teacher(membership):
        raise LastTeacher
    open_now = Membership.objects.filter(pk=membership.pk, until__isnull=True)
    if open_now.update(until=timezone.now()):
        chain.record(actor, "membership.ended", membership.public_id)


def is_returnable(membership: Membership) -> bool:
    """Tell if an ending can be taken back: soon after it; of a child, who knows no other way in, at any time."""
    if membership.until is None:
        return False
    by_tap = membership.classroom.kind == Classroom.Kind.FAMILY and not membership.person.has_usable_password()
    return by_tap or timezone.now() - membership.until <= UNDO_LIFE


@transaction.atomic
def take_back(membership: Membership, *, actor: User, as_if_never: bool) -> Membership:
    """Undo an ending: within ten minutes ``as_if_never`` it had been, otherwise as a new membership from now on."""
    if membership.until is None:
        return membership
    if not as_if_never or timezone.now() - membership.until > UNDO_LIFE or _is_back(membership):
        return begin_membership(membership.person, membership.classroom, membership.role, actor=actor)
    membership.until = None
    membership.save(update_fields=["until"])
    chain.record(actor, "membership.resumed", membership.public_id)
    return membership


def _is_back(membership: Membership) -> bool:
    return Membership.objects.filter(
        person=membership.person, classroom=membership.classroom, until__isnull=True
    ).exists()


def is_last_teacher(membership: Membership, teachers: Collection[User] | None = None) -> bool:
    """Tell if nobody would look after the class any more without this membership. Whose account is closed looks after
    nobody: their seat can be given up, but in a family, into which nobody else could call a parent.

    ``teachers`` are the class's teachers, where they are known already.
    """
    if membership.role != Membership.Role.TEACHER:
        return False
    if not membership.person.is_active and membership.classroom.kind == Classroom.Kind.CLASS:
        return False
    known = teachers_of(membership.classroom) if teachers is None else teachers
    return all(teacher.pk == membership.person_id for teacher in known)
