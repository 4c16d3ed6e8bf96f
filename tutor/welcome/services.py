"""The beginning of a house, and coming into it by a link: one transaction each."""

from dataclasses import dataclass

from django.db import transaction

from tutor import policy
from tutor.accounts.models import OneTimeLink, User
from tutor.accounts.services import LinkEnded, live_link, person_to_help, somebody_administers, spend
from tutor.audit import chain
from tutor.classrooms import services as classrooms
from tutor.classrooms.models import Classroom, Membership
from tutor.classrooms.selectors import find_classroom
from tutor.conversations.distress import PEOPLE, save_distress_texts
from tutor.welcome.forms import FirstLanguageForm, SetUpForm


@dataclass(frozen=True)
class Begun:
    """The administrator, what was founded for them, and the token of a class's first invitation."""

    person: User
    classroom: Classroom | None = None
    invitation: str = ""


def check_set_up(token: str) -> None:
    """Raises :class:`LinkEnded` unless ``token`` still sets up this house."""
    if somebody_administers():
        raise LinkEnded
    live_link(token, OneTimeLink.Purpose.SET_UP)


@transaction.atomic
def set_up(token: str, form: SetUpForm) -> Begun:
    """Make the administrator and whom the house is for. Raises :class:`LinkEnded`; then nothing was made."""
    check_set_up(token)
    spend(live_link(token, OneTimeLink.Purpose.SET_UP))
    person = form.create(is_administrator=True)
    chain.record(person, "house.set-up", person.public_id)
    _first_study(person, form)
    if form.cleaned_data["whom_to_turn_to"].strip():
        save_distress_texts({PEOPLE: form.cleaned_data["whom_to_turn_to"]}, person)
    if form.cleaned_data["kind"] == "family":
        return Begun(person, _family(person, form))
    if form.cleaned_data["kind"] == "class":
        return _class(person, form)
    return Begun(person)


def invited_to(token: str) -> tuple[Classroom, str]:
    """The class or family behind an invitation, and the role to be played there. Raises :class:`LinkEnded`."""
    link = _standing(token, OneTimeLink.Purpose.JOIN)
    classroom = find_classroom(link.classroom)
    if classroom is None:
        raise LinkEnded
    return classroom, link.role


@transaction.atomic
def join_as_new(token: str, form: FirstLanguageForm) -> User:
    """A new person comes in by an invitation. Raises :class:`LinkEnded`; then nobody was made."""
    invited_to(token)
    person = form.create()
    classrooms.join(token, person)
    _first_study(person, form)
    return person


def helped_by(token: str) -> User:
    """The person who chooses a new password with this code. Raises :class:`LinkEnded`; spends nothing."""
    _standing(token, OneTimeLink.Purpose.RESET)
    return person_to_help(token)


def family_of(token: str) -> Classroom:
    """The family whose device this link makes. Raises :class:`LinkEnded`; spends nothing."""
    _standing(token, OneTimeLink.Purpose.DEVICE)
    return classrooms.device_family(token)


def _standing(token: str, purpose: OneTimeLink.Purpose) -> OneTimeLink:
    """A live link whose maker still has the right to make it."""
    link = live_link(token, purpose)
    if not policy.holds(link):
        raise LinkEnded
    return link


def _first_study(person: User, form: FirstLanguageForm) -> None:
    if form.cleaned_data["language"]:
        level = form.cleaned_data["level"] or "A1"
        classrooms.add_study(person, form.cleaned_data["language"], level)


def _family(parent: User, form: SetUpForm) -> Classroom:
    family = classrooms.create_classroom(Classroom.Kind.FAMILY, form.cleaned_data["family_name"], parent)
    classrooms.add_children(family, form.cleaned_data["children"], parent=parent)
    return family


def _class(teacher: User, form: SetUpForm) -> Begun:
    classroom = classrooms.create_classroom(Classroom.Kind.CLASS, form.cleaned_data["class_name"], teacher)
    _link, token = classrooms.invite(classroom, Membership.Role.STUDENT, by=teacher)
    return Begun(teacher, classroom, token)
