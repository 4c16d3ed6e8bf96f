"""A family's device: a browser that carries the family's signed cookie, so that a tap on a child's name is enough."""

from uuid import UUID

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponseBase

from tutor.classrooms.models import Classroom
from tutor.classrooms.selectors import find_classroom

COOKIE = "family_device"
_SALT = "polyglott.family-device"
_LIFE_S = 365 * 24 * 3600


def mark_device(response: HttpResponseBase, family: Classroom) -> None:
    """Let the browser that gets ``response`` be the family's device for a year."""
    value = signing.dumps([str(family.public_id), family.device_generation], salt=_SALT)
    response.set_cookie(
        COOKIE,
        value,
        max_age=_LIFE_S,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def unmark_device(response: HttpResponseBase) -> None:
    response.delete_cookie(COOKIE, samesite="Lax")


def trusted_family(request: HttpRequest) -> Classroom | None:
    """The family whose device this is; None for a stranger's, a forged cookie, or one from before a sign-out of all."""
    try:
        public_id, generation = signing.loads(request.COOKIES.get(COOKIE, ""), salt=_SALT, max_age=_LIFE_S)
        family = find_classroom(UUID(str(public_id)))
    except (signing.BadSignature, ValueError, TypeError):
        return None
    if family is None or family.kind != Classroom.Kind.FAMILY or family.device_generation != generation:
        return None
    return family
