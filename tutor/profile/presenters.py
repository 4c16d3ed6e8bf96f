"""Rows as the profile shows them."""

from collections.abc import Iterable

from tutor import policy
from tutor.accounts.models import User
from tutor.classrooms.models import Membership, Study
from tutor.classrooms.roles import part_name
from tutor.classrooms.selectors import earlier_student_memberships, teachers_of
from tutor.languages import autonym, language_name


def shown_study(study: Study) -> dict[str, object]:
    tag = study.language
    return {"row": study, "tag": tag, "name": language_name(tag), "autonym": autonym(tag)}


def shown_studies(studies: Iterable[Study]) -> list[dict[str, object]]:
    return [shown_study(study) for study in studies]


def shown_memberships(memberships: Iterable[Membership]) -> list[dict[str, object]]:
    """Where the person is, as what, and who can read there what they write as a student."""
    return [
        {
            "row": membership,
            "part": part_name(membership.classroom.kind, membership.part),
            "readers": teachers_of(membership.classroom) if membership.part == "student" else (),
        }
        for membership in memberships
    ]


def shown_earlier(person: User) -> list[dict[str, object]]:
    """Where the person was a student, and who can still read what was said there."""
    rows = [{"row": one, "readers": _still_reading(one)} for one in earlier_student_memberships(person)]
    return [row for row in rows if row["readers"]]


def _still_reading(ended: Membership) -> list[User]:
    said = {"conversation__membership": ended, "conversation__deleted": None}
    others = teachers_of(ended.classroom).exclude(pk=ended.person_id)
    return [reader for reader in others if policy.shared_turns(reader).filter(**said).exists()]
