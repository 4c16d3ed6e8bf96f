"""A class whose only teacher's account is closed is not stuck: the administrator calls another."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.accounts.doors import client_of, family, token_in, uses_left
from tests.cast import Cast
from tutor.classrooms.models import Membership


@pytest.fixture
def ada(cast: Cast) -> Client:
    ada = client_of(cast.ada)
    ada.post(f"/console/people/{cast.clara.public_id}/active/")
    cast.clara.refresh_from_db()
    assert not cast.clara.is_active
    return ada


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/classes/{cast.claras_class.public_id}/"


def test_another_teacher_is_called(ada: Client, cast: Cast, home: str) -> None:
    assert b'name="role" value="teacher"' in ada.get(home).content
    page = ada.post(f"{home}invite/", {"role": "teacher"})
    assert uses_left(token_in(page.content)) == 1


def test_the_seat_of_a_closed_account_is_given_up(ada: Client, cast: Cast, home: str) -> None:
    seat = Membership.objects.get(person=cast.clara)
    end = f"{home}members/{seat.public_id}/end/"
    assert end.encode() in ada.get(home).content
    assert b"Undo" in ada.post(end).content
    seat.refresh_from_db()
    assert seat.until is not None


def test_who_is_the_last_with_an_open_account_stays(ada: Client, cast: Cast, home: str) -> None:
    """Clara's seat still holds, but nobody sits on it."""
    dora = Membership.objects.create(person=cast.dora, classroom=cast.claras_class, role="teacher")
    end = f"{home}members/{dora.public_id}/end/"
    page = client_of(cast.dora)
    assert end.encode() not in page.get(home).content
    page.post(end)
    dora.refresh_from_db()
    assert dora.until is None
    assert ada.post(f"{home}invite/", {"role": "teacher"}).status_code == 404


def test_a_family_keeps_its_parent(ada: Client, cast: Cast) -> None:
    """Nobody else could call another; opening the account again is the way out."""
    made, _people = family(cast.clara)
    seat = Membership.objects.get(classroom=made, person=cast.clara)
    ada.post(f"/classes/{made.public_id}/members/{seat.public_id}/end/")
    seat.refresh_from_db()
    assert seat.until is None
