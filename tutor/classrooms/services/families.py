"""Children without passwords, and the devices on which a tap on a name is enough."""

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction
from django.db.models import F

from tutor.accounts.links import make_link
from tutor.accounts.models import OneTimeLink, User
from tutor.accounts.services import LinkEnded, end_sessions, free_username, live_link, spend
from tutor.audit import chain
from tutor.classrooms.models import Classroom, Membership
from tutor.classrooms.selectors import children_of, everybody_who_learnt_in, find_classroom
from tutor.classrooms.services.classrooms import begin_membership, end_membership

DEVICE_LINK_LIFE = timedelta(hours=1)


@transaction.atomic
def add_child(family: Classroom, name: str, *, parent: User) -> User:
    """A child: a person without password or e-mail, who comes in from the family's devices."""
    child = User.objects.create_user(
        free_username(name),
        name=name,
        interface_language=parent.interface_language,
        own_language=parent.own_language,
        time_zone=parent.time_zone,
    )
    begin_membership(child, family, Membership.Role.STUDENT, actor=parent)
    return child


@transaction.atomic
def add_children(family: Classroom, names: Iterable[str], *, parent: User) -> list[User]:
    return [add_child(family, name, parent=parent) for name in names]


@transaction.atomic
def make_device_link(family: Classroom, *, parent: User) -> str:
    """The token with which one more device becomes the family's, within the hour."""
    link, token = make_link(OneTimeLink.Purpose.DEVICE, DEVICE_LINK_LIFE, classroom=family.public_id, made_by=parent)
    chain.record(parent, "device-link.made", link.public_id)
    return token


def device_family(token: str) -> Classroom:
    """The family whose device the link behind ``token`` makes. Raises :class:`LinkEnded`; spends nothing."""
    family = find_classroom(live_link(token, OneTimeLink.Purpose.DEVICE).classroom)
    if family is None:
        raise LinkEnded
    return family


@transaction.atomic
def trust_device(token: str) -> Classroom:
    """The family whose device this becomes. Raises :class:`LinkEnded`."""
    link, family = live_link(token, OneTimeLink.Purpose.DEVICE), device_family(token)
    spend(link)
    chain.record(link.made_by, "device.trusted", link.public_id)
    return family


@transaction.atomic
def trust_this_device(family: Classroom, *, parent: User) -> None:
    """Note that a parent made the device in front of them the family's."""
    chain.record(parent, "device.trusted", family.public_id)


@transaction.atomic
def sign_out_devices(family: Classroom, *, parent: User) -> None:
    """No device of the family is trusted any more, links to make one end, and every child is signed out everywhere:
    also one with a password, and one who has left and may still be signed in by a tap."""
    Classroom.objects.filter(pk=family.pk).update(device_generation=F("device_generation") + 1)
    OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.DEVICE, classroom=family.public_id).delete()
    current = set(children_of(family))
    for child in everybody_who_learnt_in(family):
        if child in current or not child.has_usable_password():
            end_sessions(child)
    chain.record(parent, "devices.signed-out", family.public_id)


@transaction.atomic
def let_go(membership: Membership, *, actor: User) -> None:
    """End a membership. A parent who leaves a family takes no trusted device along, and a child who came in by a tap is
    out. Raises :class:`LastTeacher`."""
    end_membership(membership, actor=actor)
    if membership.classroom.kind != Classroom.Kind.FAMILY:
        return
    if membership.role == Membership.Role.TEACHER:
        sign_out_devices(membership.classroom, parent=actor)
    elif not membership.person.has_usable_password():
        end_sessions(membership.person)
