"""Links by which people come into a class or a family."""

from django.db import transaction

from tutor.accounts.links import JOIN_LIFE, make_link
from tutor.accounts.models import OneTimeLink, User
from tutor.accounts.services import LinkEnded, live_link, spend
from tutor.audit import chain
from tutor.classrooms.models import Classroom, Membership
from tutor.classrooms.selectors import find_classroom
from tutor.classrooms.services.classrooms import begin_membership

# A class comes in by one link on the blackboard; whoever teaches or belongs to a family gets a link of their own.
CLASS_USES = 40


@transaction.atomic
def invite(classroom: Classroom, role: str, *, by: User) -> tuple[OneTimeLink, str]:
    """A link for two weeks and its token, which is shown once."""
    whole_class = role == Membership.Role.STUDENT and classroom.kind == Classroom.Kind.CLASS
    link, token = make_link(
        OneTimeLink.Purpose.JOIN,
        JOIN_LIFE,
        classroom=classroom.public_id,
        role=role,
        made_by=by,
        uses=CLASS_USES if whole_class else 1,
    )
    chain.record(by, "invitation.made", link.public_id)
    return link, token


@transaction.atomic
def join(token: str, person: User) -> Membership:
    """Spend one use of the invitation. Raises :class:`LinkEnded`; who is in already spends nothing."""
    link = live_link(token, OneTimeLink.Purpose.JOIN)
    classroom = find_classroom(link.classroom)
    if classroom is None:
        raise LinkEnded
    there = Membership.objects.filter(person=person, classroom=classroom, until__isnull=True).first()
    if there is not None:
        return there
    spend(link)
    chain.record(person, "invitation.used", link.public_id)
    return begin_membership(person, classroom, link.role, actor=person)


@transaction.atomic
def end_invitation(link: OneTimeLink, *, actor: User) -> None:
    """The link stops working at once."""
    OneTimeLink.objects.filter(pk=link.pk).update(uses_left=0)
    chain.record(actor, "invitation.ended", link.public_id)
