"""A new password by the link of a one-time code."""

from __future__ import annotations

import pytest
from django.test import Client

from tests.accounts.doors import at_once, client_of, expire
from tests.cast import Cast, gather
from tutor.accounts.models import User
from tutor.accounts.services import make_reset_code
from tutor.audit.models import AuditEvent

NEW = {"password1": "three loud parrots", "password2": "three loud parrots"}


@pytest.fixture
def token(cast: Cast) -> str:
    return make_reset_code(cast.clara, cast.ana)


def test_it_says_for_whom(client: Client, token: str) -> None:
    page = client.get(f"/new-password/{token}/")
    assert page.status_code == 200
    assert b"ana" in page.content
    assert "no-store" in page.headers["Cache-Control"]


def test_the_new_password_holds_and_other_sessions_end(client: Client, cast: Cast, token: str) -> None:
    elsewhere, unconcerned = client_of(cast.ana), client_of(cast.ben)
    assert client.post(f"/new-password/{token}/", NEW).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(cast.ana.pk)
    assert elsewhere.get("/you/").status_code == 302
    assert unconcerned.get("/you/").status_code == 200
    cast.ana.refresh_from_db()
    assert cast.ana.check_password(NEW["password1"])
    assert AuditEvent.objects.filter(what="reset-link.used", subject=str(cast.ana.public_id)).exists()


def test_once(client: Client, token: str) -> None:
    client.post(f"/new-password/{token}/", NEW)
    assert Client().get(f"/new-password/{token}/").status_code == 410
    assert Client().post(f"/new-password/{token}/", NEW).status_code == 410


def test_not_after_its_time(client: Client, token: str) -> None:
    expire(token)
    assert client.post(f"/new-password/{token}/", NEW).status_code == 410


def test_a_newer_one_ends_the_older(client: Client, cast: Cast, token: str) -> None:
    make_reset_code(cast.clara, cast.ana)
    assert client.get(f"/new-password/{token}/").status_code == 410


def test_not_for_somebody_closed_out(client: Client, cast: Cast, token: str) -> None:
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert client.get(f"/new-password/{token}/").status_code == 410


@pytest.mark.parametrize("password", ["short", "12345678", "password"])
def test_a_weak_one_spends_nothing(client: Client, token: str, password: str) -> None:
    page = client.post(f"/new-password/{token}/", {"password1": password, "password2": password})
    assert page.status_code == 200
    assert page.context["form"].errors
    assert client.get(f"/new-password/{token}/").status_code == 200


def test_whoever_is_signed_in_here_leaves(cast: Cast, token: str) -> None:
    client = client_of(cast.ben)
    client.post(f"/new-password/{token}/", NEW)
    assert client.session["_auth_user_id"] == str(cast.ana.pk)


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_password() -> None:
    cast = gather()
    token = make_reset_code(None, cast.ana)

    def hurry(number: int) -> int:
        password = f"parrot number {number}"
        words = {"password1": password, "password2": password}
        return Client().post(f"/new-password/{token}/", words).status_code

    assert at_once(hurry, 3) == [302, 410, 410]
