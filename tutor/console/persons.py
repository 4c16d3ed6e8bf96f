"""People and events of the record as the tables show them."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from tutor import policy
from tutor.accounts.models import User
from tutor.audit.models import AuditEvent
from tutor.classrooms.roles import role_name
from tutor.console import messages, selectors


@dataclass(frozen=True)
class PersonRow:
    row: User
    roles: Sequence[tuple[str, str]]
    helped: bool
    is_self: bool


@dataclass(frozen=True)
class EventRow:
    row: AuditEvent
    who: str
    what: str
    whom: str


def shown(actor: User, people: Sequence[User]) -> list[PersonRow]:
    helped = set(policy.helped(actor).filter(pk__in=[row.pk for row in people]))
    return [_person(row, helped=row in helped, is_self=row == actor) for row in people]


def _person(row: User, *, helped: bool, is_self: bool) -> PersonRow:
    memberships = row.roles_now  # type: ignore[attr-defined]
    roles = [(role_name(one.classroom.kind, one.role), one.classroom.name) for one in memberships]
    return PersonRow(row, roles, helped, is_self)


def shown_events(events: Sequence[AuditEvent]) -> list[EventRow]:
    ids = {event.actor for event in events if event.actor} | {_uuid(event.subject) for event in events}
    names = selectors.names_of({one for one in ids if one is not None})
    return [_event(event, names) for event in events]


def _event(event: AuditEvent, names: dict[UUID, str]) -> EventRow:
    what = str(messages.EVENTS.get(event.what, event.what))
    subject = _uuid(event.subject)
    who = names.get(event.actor, "") if event.actor else ""
    return EventRow(event, who, what, names.get(subject, "") if subject else "")


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
