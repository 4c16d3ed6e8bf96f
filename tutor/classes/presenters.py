"""Members as the page of a class shows them."""

from dataclasses import dataclass

from django.utils import timezone

from tutor import policy
from tutor.accounts.models import User
from tutor.classrooms.models import Classroom, Membership
from tutor.classrooms.roles import role_name
from tutor.classrooms.selectors import invitations_of, members_of, teachers_of
from tutor.classrooms.services import is_last_teacher, is_returnable


@dataclass(frozen=True)
class MemberRow:
    row: Membership
    role: str
    current: bool
    helped: bool  # whether the looker may make a one-time code for them
    endable: bool
    returnable: bool


def member_rows(person: User, classroom: Classroom) -> list[MemberRow]:
    rows = list(members_of(classroom))
    here = {row.person_id for row in rows if _holds(row)}
    helped = set(policy.helped(person).filter(pk__in=here))
    teachers = list(teachers_of(classroom))
    return [
        _shown(
            person,
            row,
            back=row.person_id in here,
            helped=row.person in helped,
            endable=not is_last_teacher(row, teachers),
        )
        for row in rows
    ]


def _shown(person: User, row: Membership, *, back: bool, helped: bool, endable: bool) -> MemberRow:
    holds = _holds(row)
    return MemberRow(
        row=row,
        role=role_name(row.classroom.kind, row.role),
        current=holds,
        helped=holds and helped,
        endable=holds and endable,
        returnable=not holds and is_returnable(row) and not back and policy.may_take_back(person, row),
    )


def _holds(row: Membership) -> bool:
    return row.until is None or row.until > timezone.now()


def invitation_rows(classroom: Classroom) -> list[dict[str, object]]:
    return [{"row": link, "role": role_name(classroom.kind, link.role)} for link in invitations_of(classroom)]
