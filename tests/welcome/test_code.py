"""A one-time code, typed: in every form a hand gives it, and when it opens nothing."""

from __future__ import annotations

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.accounts.doors import client_of, expire, uses_left
from tests.cast import Cast
from tutor.accounts.codes import LETTERS, new_code, read_code, spelled
from tutor.accounts.models import OneTimeLink, User
from tutor.accounts.services import make_reset_code
from tutor.classrooms.models import Membership

NEW = {"password1": "three loud parrots", "password2": "three loud parrots"}
NOTHING = "This code opens nothing."
ENOUGH = "Too many wrong codes came from here."


@pytest.fixture
def code(cast: Cast) -> str:
    return make_reset_code(cast.clara, cast.ana)


def enter(client: Client, typed: str) -> Any:
    return client.post("/code/", {"code": typed})


def known(monkeypatch: pytest.MonkeyPatch, cast: Cast, code: str) -> None:
    """Make ``code`` the one that opens Ana's account."""
    monkeypatch.setattr("tutor.accounts.links.new_code", lambda: code)
    make_reset_code(cast.clara, cast.ana)


def test_from_the_page_of_the_teacher_to_the_new_password(cast: Cast, client: Client) -> None:
    page = client_of(cast.clara).post(f"/classes/people/{cast.ana.public_id}/new-password/").content.decode()
    shown = re.search(r"\b([0-9A-HJKMNP-TV-Z]{4}-){2}[0-9A-HJKMNP-TV-Z]{4}\b", page)
    assert shown is not None
    assert "http://127.0.0.1:8000/code/" in page
    assert f"/new-password/{read_code(shown[0])}/" in page
    assert b'href="/code/"' in client.get("/sign-in/").content
    answer = client.post("/code/", {"code": shown[0]}, follow=True)
    assert answer.redirect_chain == [(f"/new-password/{read_code(shown[0])}/", 302)]
    assert "You sign in as" in answer.content.decode()
    assert client.post(answer.redirect_chain[0][0], NEW).headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(cast.ana.pk)


@pytest.mark.parametrize(
    "typed",
    [
        "K701-9MTD-2VWA",
        "k701-9mtd-2vwa",
        "K7019MTD2VWA",
        "k701 9mtd 2vwa",
        "  K701–9MTD—2VWA\t",
        "K7OI-9MTD-2VWA",
        "k7ol-9mtd-2vwa",
        "k7oi.9mtd.2vwa.",
        "Ｋ７０１－９ＭＴＤ－２ＶＷＡ",
    ],
)
def test_every_forgiving_form(client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    known(monkeypatch, cast, "K7019MTD2VWA")
    assert enter(client, typed).headers["Location"] == "/new-password/K7019MTD2VWA/"


def test_looking_spends_nothing(client: Client, code: str) -> None:
    for _ in range(3):
        assert enter(client, code).status_code == 302
    assert uses_left(code) == 1


@pytest.mark.parametrize("typed", ["K7QX-9MTD-2VWA", "K7QX", "–", "ж", "x" * 60, "<b>'\""])
def test_a_wrong_one_stays_as_it_was_typed(client: Client, code: str, typed: str) -> None:
    page = enter(client, typed)
    assert page.status_code == 200
    assert page.context["form"]["code"].value() == typed
    assert page.content.decode().count(NOTHING) == 1
    assert "no-store" in page.headers["Cache-Control"]


def test_nothing_and_too_much(client: Client, code: str) -> None:
    for typed in ("", "   ", "x" * 61):
        page = enter(client, typed)
        assert page.status_code == 200
        assert page.context["form"].errors
        assert NOTHING not in page.content.decode()


def test_used(client: Client, code: str) -> None:
    client.post(f"/new-password/{code}/", NEW)
    assert NOTHING in enter(Client(), spelled(code)).content.decode()


def test_not_after_its_time(client: Client, code: str) -> None:
    expire(code)
    assert NOTHING in enter(client, code).content.decode()


def test_it_lives_for_a_day(code: str) -> None:
    left = OneTimeLink.objects.get().expires - timezone.now()
    assert 23.9 < left.total_seconds() / 3600 <= 24


def test_of_somebody_who_may_no_longer(client: Client, cast: Cast, code: str) -> None:
    Membership.objects.filter(person=cast.clara).update(until=timezone.now())
    assert NOTHING in enter(client, code).content.decode()


def test_not_for_somebody_closed_out(client: Client, cast: Cast, code: str) -> None:
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert NOTHING in enter(client, code).content.decode()


def test_after_ten_wrong_ones_from_one_place_there_is_a_pause(cast: Cast, code: str) -> None:
    for _ in range(10):
        assert NOTHING in enter(Client(), "wrong").content.decode()
    page = enter(Client(), spelled(code))
    assert page.status_code == 429
    assert page.content.decode().count(ENOUGH) == 1
    assert page.context["form"]["code"].value() == spelled(code)
    assert Client(REMOTE_ADDR="192.0.2.7").post("/code/", {"code": code}).status_code == 302
    assert Client().get("/code/").status_code == 200
    assert Client().get(f"/new-password/{code}/").status_code == 200
    assert Client().post(f"/new-password/{code}/", NEW).status_code == 302


def test_what_a_browser_says_of_its_address_counts_for_nothing(cast: Cast, code: str) -> None:
    for number in range(10):
        enter(Client(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}"), "wrong")
    assert enter(Client(HTTP_X_FORWARDED_FOR="192.0.2.99"), code).status_code == 429


def test_behind_a_web_server_its_own_word_counts_and_no_other(cast: Cast, code: str, settings: Any) -> None:
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    for number in range(10):
        enter(Client(HTTP_X_FORWARDED_FOR=f"192.0.2.{number}, 203.0.113.7"), "wrong")
    assert enter(Client(HTTP_X_FORWARDED_FOR="192.0.2.99, 203.0.113.7"), code).status_code == 429
    assert enter(Client(HTTP_X_FORWARDED_FOR="203.0.113.8"), code).status_code == 302
    assert enter(Client(), code).status_code == 302


def test_a_whole_class_with_right_ones_is_not_paused(cast: Cast, code: str) -> None:
    assert {enter(Client(), code).status_code for _ in range(30)} == {302}


def test_the_form_wants_its_token_and_helps_who_types(cast: Cast, code: str) -> None:
    assert enter(Client(enforce_csrf_checks=True), code).status_code == 403
    page = Client().get("/code/").content.decode()
    for word in ('autocomplete="one-time-code"', 'autocapitalize="characters"', 'spellcheck="false"'):
        assert word in page


def test_other_links_are_no_codes(client: Client, cast: Cast) -> None:
    link = OneTimeLink.objects.create(
        purpose=OneTimeLink.Purpose.JOIN, token_hash="0" * 64, expires=timezone.now(), made_by=cast.clara
    )
    assert NOTHING in enter(client, str(link.public_id)).content.decode()


def test_codes_have_sixty_bits_and_no_letter_that_looks_like_another() -> None:
    assert len(set(LETTERS)) == 32
    assert not set("ILOU") & set(LETTERS)
    codes = {new_code() for _ in range(2000)}
    assert len(codes) == 2000
    assert {len(code) for code in codes} == {12}
    assert {letter for code in codes for letter in code} == set(LETTERS)


@given(st.text(LETTERS, min_size=12, max_size=12))
def test_what_is_shown_is_what_is_read(code: str) -> None:
    assert read_code(spelled(code)) == code
    assert read_code(spelled(code).lower()) == code


@given(st.text(max_size=60))
def test_anything_can_be_typed(typed: str) -> None:
    assert not set("ILOilo -–") & set(read_code(typed))
