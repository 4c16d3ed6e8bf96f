"""People and the record, as an administrator may see them: names and roles, never words."""

from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from tutor.accounts.models import User
from tutor.audit.models import AuditEvent
from tutor.classrooms.models import Membership
from tutor.classrooms.selectors import current

EVENTS_LISTED = 100


def people(search: str = "") -> QuerySet[User]:
    """Everybody, by name, with ``roles_now``: where they are what today."""
    roles = current(Membership.objects.select_related("classroom")).order_by("since")
    found = (
        User.objects.filter(Q(name__icontains=search) | Q(username__icontains=search)) if search else User.objects.all()
    )
    rows = found.prefetch_related(Prefetch("memberships", queryset=roles, to_attr="roles_now"))
    return rows.order_by("-is_active", "name", "username")


def find_anybody(public_id: UUID) -> User | None:
    """Closed accounts too."""
    return User.objects.filter(public_id=public_id).first()


def events() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.order_by("-id")


def names_of(ids: set[UUID]) -> dict[UUID, str]:
    """Who these people are, for those that are still here."""
    return {person.public_id: person.shown_name for person in User.objects.filter(public_id__in=ids)}
