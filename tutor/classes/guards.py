"""The questions that every page of this room asks first."""

from uuid import UUID

from django.http import Http404, HttpRequest

from tutor import policy
from tutor.accounts.services import signed_in
from tutor.classrooms.models import Classroom, Membership
from tutor.classrooms.selectors import find_member


def organised(request: HttpRequest, classroom: UUID) -> Classroom:
    """The class or family, for who may organise it. For everybody else there is no such page."""
    found = policy.organised(signed_in(request.user)).filter(public_id=classroom).first()
    if found is None:
        raise Http404
    return found


def own_family(request: HttpRequest, classroom: UUID) -> Classroom:
    """The family, for its parents alone: not even an administrator lets devices into somebody's family."""
    found = policy.taught(signed_in(request.user)).filter(public_id=classroom, kind="family").first()
    if found is None:
        raise Http404
    return found


def member_of(classroom: Classroom, member: UUID) -> Membership:
    found = find_member(classroom, member)
    if found is None:
        raise Http404
    return found
