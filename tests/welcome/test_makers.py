"""What a link opens ends with the right of whoever made it."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.doors import client_of, family, new_person
from tests.cast import Cast
from tutor.accounts.models import User
from tutor.accounts.services import make_reset_code, note_password_change
from tutor.classrooms.models import Membership
from tutor.classrooms.services import invite, make_device_link
from tutor.console.services import set_active, set_administrator

NEW = {"password1": "three loud parrots", "password2": "three loud parrots"}


def opens(path: str, **fields: str) -> bool:
    """Whether the link behind ``path`` shows a page and takes a form."""
    seen, taken = Client().get(path).status_code, Client().post(path, fields).status_code
    assert (seen, taken) in {(200, 302), (410, 410)}
    return seen == 200


def leave(person: User) -> None:
    Membership.objects.filter(person=person).update(until=timezone.now())


@pytest.mark.parametrize("role", ["student", "teacher"])
def test_an_invitation_of_a_teacher_who_has_left(cast: Cast, role: str) -> None:
    _link, token = invite(cast.claras_class, role, by=cast.clara)
    leave(cast.clara)
    assert not opens(f"/join/{token}/", **new_person())
    assert client_of(cast.emil).post(f"/join/{token}/").status_code == 410
    assert not Membership.objects.filter(person=cast.emil, classroom=cast.claras_class).exists()


def test_an_invitation_of_somebody_whose_account_is_closed(cast: Cast) -> None:
    _link, token = invite(cast.claras_class, "student", by=cast.clara)
    set_active(cast.clara, active=False, actor=cast.ada)
    assert not opens(f"/join/{token}/", **new_person())


def test_an_administrator_keeps_no_way_in_for_later(cast: Cast) -> None:
    """Made while the class had no teacher, it must not open once students talk with one."""
    Membership.objects.filter(person=cast.clara).update(until=timezone.now())
    _link, token = invite(cast.claras_class, "teacher", by=cast.ada)
    Membership.objects.create(person=cast.dora, classroom=cast.claras_class, role="teacher")
    assert client_of(cast.ada).post(f"/join/{token}/").status_code == 410
    assert not Membership.objects.filter(person=cast.ada).exists()


def test_a_code_of_a_teacher_who_has_left(cast: Cast) -> None:
    token = make_reset_code(cast.clara, cast.ana)
    leave(cast.clara)
    assert not opens(f"/new-password/{token}/", **NEW)
    cast.ana.refresh_from_db()
    assert not cast.ana.check_password(NEW["password1"])


@pytest.mark.parametrize("risen", ["teacher", "administrator"])
def test_a_code_for_somebody_who_has_risen(cast: Cast, risen: str) -> None:
    token = make_reset_code(cast.clara, cast.ana)
    if risen == "administrator":
        set_administrator(cast.ana, administrator=True, actor=cast.ada)
    else:
        Membership.objects.create(person=cast.ana, classroom=cast.doras_class, role="teacher")
    assert not opens(f"/new-password/{token}/", **NEW)


def test_a_code_of_somebody_who_administers_no_longer(cast: Cast) -> None:
    token = make_reset_code(cast.ada, cast.clara)
    set_administrator(cast.ben, administrator=True, actor=cast.ada)
    set_administrator(cast.ada, administrator=False, actor=cast.ben)
    assert not opens(f"/new-password/{token}/", **NEW)


def test_a_code_from_the_command_line_has_no_maker(cast: Cast) -> None:
    assert opens(f"/new-password/{make_reset_code(None, cast.ada)}/", **NEW)


def test_a_code_ends_with_a_password_chosen_without_it(cast: Cast) -> None:
    token = make_reset_code(cast.clara, cast.ana)
    note_password_change(cast.ana, keep=None)
    assert not opens(f"/new-password/{token}/", **NEW)


def test_a_device_link_of_a_parent_who_has_left(cast: Cast) -> None:
    made, _people = family(cast.clara, "Lena")
    token = make_device_link(made, parent=cast.clara)
    leave(cast.clara)
    assert not opens(f"/device/{token}/")
