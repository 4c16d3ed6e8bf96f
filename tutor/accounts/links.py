"""One-time links: the token is shown once and travels in the address; only its hash is kept.

The token of a link to a new password is short enough to be typed: a one-time code (:mod:`tutor.accounts.codes`).
"""

import hashlib
import secrets
from datetime import timedelta
from uuid import UUID

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from tutor.accounts.codes import new_code
from tutor.accounts.models import OneTimeLink, User

SET_UP_LIFE = timedelta(hours=1)
RESET_LIFE = timedelta(hours=24)
JOIN_LIFE = timedelta(days=14)


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def make_link(
    purpose: OneTimeLink.Purpose,
    life: timedelta,
    *,
    person: User | None = None,
    classroom: UUID | None = None,
    role: str = "",
    made_by: User | None = None,
    uses: int = 1,
) -> tuple[OneTimeLink, str]:
    """A new link and its token, which is not stored and cannot be shown again."""
    token = new_code() if purpose == OneTimeLink.Purpose.RESET else secrets.token_urlsafe(24)
    link = OneTimeLink.objects.create(
        purpose=purpose,
        token_hash=_hash(token),
        person=person,
        classroom=classroom,
        role=role,
        made_by=made_by,
        expires=timezone.now() + life,
        uses_left=uses,
    )
    return link, token


def find_link(token: str, purpose: OneTimeLink.Purpose) -> OneTimeLink | None:
    """The link that this token opens now, if it still opens anything."""
    return (
        OneTimeLink.objects.filter(
            token_hash=_hash(token), purpose=purpose, expires__gt=timezone.now(), uses_left__gt=0
        )
        .select_related("person", "made_by")
        .first()
    )


def use_link(link: OneTimeLink) -> bool:
    """Spend one use. False if somebody was quicker. Call it inside the transaction that does what the link allows."""
    spent = OneTimeLink.objects.filter(pk=link.pk, uses_left__gt=0, expires__gt=timezone.now())
    return spent.update(uses_left=F("uses_left") - 1) == 1


def renew_set_up_link() -> str | None:
    """The address of a fresh set-up link while nobody administers this house, else None. Older ones stop working."""
    OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.SET_UP).delete()
    if User.objects.filter(is_administrator=True, is_active=True).exists():
        return None
    _, token = make_link(OneTimeLink.Purpose.SET_UP, SET_UP_LIFE)
    return f"{settings.PUBLIC_URL}/set-up/{token}/"


def renew_reset_code(person: User, made_by: User | None) -> str:
    """The one-time code with which ``person`` chooses a new password. Earlier ones stop working."""
    OneTimeLink.objects.filter(purpose=OneTimeLink.Purpose.RESET, person=person).delete()
    _, code = make_link(OneTimeLink.Purpose.RESET, RESET_LIFE, person=person, made_by=made_by)
    return code
