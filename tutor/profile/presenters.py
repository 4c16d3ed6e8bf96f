"""Rows as the profile shows them."""

from collections.abc import Iterable

from tutor import policy
from tutor.accounts.models import User
from tutor.classrooms.models import Membership, Study
from tutor.classrooms.roles import part_name
from tutor.classrooms.selectors import earlier_student_memberships
from tutor.languages import autonym, language_name


def shown_study(study: Study) -> dict[str, object]:
    tag = study.language
    return {"row": study, "tag": tag, "name": language_name(tag), "autonym": autonym(tag)}


def shown_studies(studies: Iterable[Study]) -> list[dict[str, object]]:
    return [shown_study(study) for study in studies]


def shown_memberships(memberships: Iterable[Membership]) -> list[dict[str, object]]:
    """Where the person is, as what, and who can read there what they write as a student."""
    rows = list(memberships)
    readers = policy.readers_of_each([one for one in rows if one.part == "student"])
    return [
        {
            "row": membership,
            "part": part_name(membership.classroom.kind, membership.part),
            "readers": readers.get(membership.pk, ()),
        }
        for membership in rows
    ]


def shown_earlier(person: User) -> list[dict[str, object]]:
    """Where the person was a student, and who can still read what was said there."""
    ended = list(earlier_student_memberships(person))
    readers = policy.readers_of_each(ended)
    return [{"row": one, "readers": readers[one.pk]} for one in ended if readers[one.pk]]
