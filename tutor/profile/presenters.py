"""Rows as the profile shows them."""

from collections.abc import Iterable

from tutor import policy
from tutor.accounts.models import User
from tutor.classrooms.models import Membership, Study
from tutor.classrooms.roles import role_name
from tutor.classrooms.selectors import earlier_student_memberships
from tutor.languages import autonym, language_name


def study_row(study: Study) -> dict[str, object]:
    tag = study.language
    return {"row": study, "tag": tag, "name": language_name(tag), "autonym": autonym(tag)}


def study_rows(studies: Iterable[Study]) -> list[dict[str, object]]:
    return [study_row(study) for study in studies]


def membership_rows(memberships: Iterable[Membership]) -> list[dict[str, object]]:
    """Classes and families of the person, their role there, and who can read what they write there as a student."""
    rows = list(memberships)
    readers = policy.readers_of_each([one for one in rows if one.role == "student"])
    return [
        {
            "row": membership,
            "role": role_name(membership.classroom.kind, membership.role),
            "readers": readers.get(membership.pk, ()),
        }
        for membership in rows
    ]


def earlier_rows(person: User) -> list[dict[str, object]]:
    """Classes in which the person was a student, and who can still read what was written there."""
    ended = list(earlier_student_memberships(person))
    readers = policy.readers_of_each(ended)
    return [{"row": one, "readers": readers[one.pk]} for one in ended if readers[one.pk]]
