"""Signing in and out by username."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.test import Client

from tests.accounts.doors import client_of, family, plain
from tests.cast import PASSWORD, Cast
from tutor.accounts.models import User


def try_in(client: Client, name: str, password: str = PASSWORD, **more: str) -> Any:
    return client.post("/sign-in/", {"login": name, "password": password, **more})


@pytest.mark.parametrize("name", ["ana", "Ana", " ana "])
def test_by_username_whatever_the_capitals(client: Client, cast: Cast, name: str) -> None:
    answer = try_in(client, name)
    assert answer.headers["Location"] == "/"
    assert client.session["_auth_user_id"] == str(cast.ana.pk)


@pytest.mark.parametrize("name", ["ángel", "ÁNGEL", "a\u0301ngel"])
def test_whatever_the_capitals_beyond_ascii_and_how_letters_are_composed(client: Client, cast: Cast, name: str) -> None:
    angel = User.objects.create_user("Ángel", PASSWORD)
    assert try_in(client, name).status_code == 302
    assert client.session["_auth_user_id"] == str(angel.pk)
    assert try_in(Client(), "angel").status_code == 200
    with pytest.raises(ValidationError):
        User.objects.create_user(name, PASSWORD)


def test_a_wrong_password_and_a_wrong_name_look_the_same(client: Client, cast: Cast) -> None:
    known, unknown = (try_in(Client(), name, "not this one") for name in ("ana", "axa"))
    assert known.status_code == unknown.status_code == 200
    assert plain(known.content).replace("ana", "axa") == plain(unknown.content)
    assert "errorlist" in plain(known.content)


def test_a_child_without_a_password_looks_the_same_too(client: Client, cast: Cast) -> None:
    family(cast.ada, "Lena")
    child, unknown = (try_in(Client(), name, "!") for name in ("lena", "lexa"))
    assert plain(child.content).replace("lena", "lexa") == plain(unknown.content)
    assert "_auth_user_id" not in client.session


def test_after_some_wrong_ones_there_is_a_pause(client: Client, cast: Cast) -> None:
    for _ in range(5):
        assert b"errorlist" in try_in(client, "ana", "wrong").content
    page = try_in(client, "ana")
    assert page.status_code == 200
    assert "_auth_user_id" not in client.session
    assert try_in(Client(), "ben").status_code == 302


def test_a_school_behind_one_address_is_not_paused(cast: Cast) -> None:
    assert {try_in(Client(), "ana").status_code for _ in range(40)} == {302}
    for number in range(40):
        assert b"errorlist" in try_in(Client(), f"nobody-{number}", "wrong").content
    assert try_in(Client(), "dora").status_code == 302


def test_nobody_elsewhere_locks_out_who_came_in_here(cast: Cast) -> None:
    assert try_in(Client(), "Clara").status_code == 302
    for _ in range(5):
        try_in(Client(REMOTE_ADDR="192.0.2.7"), "clara", "wrong")
    assert try_in(Client(REMOTE_ADDR="192.0.2.8"), "clara").status_code == 200
    assert try_in(Client(), "clara").status_code == 302
    for _ in range(5):
        try_in(Client(), "clara", "wrong")
    assert try_in(Client(), "clara").status_code == 200


@pytest.mark.parametrize("between", ["\0", "@", " ", "\n"])
def test_no_name_counts_against_somebody_else(cast: Cast, between: str) -> None:
    assert try_in(Client(), "clara").status_code == 302
    for _ in range(6):
        try_in(Client(REMOTE_ADDR="192.0.2.7"), f"clara{between}127.0.0.1", "wrong")
    assert try_in(Client(), "clara").status_code == 302


@pytest.mark.parametrize(
    "elsewhere",
    ["https://evil.example/", "//evil.example/", "https:evil.example", "javascript:alert(1)", "/\\evil.example"],
)
def test_signing_in_leads_nowhere_else(client: Client, cast: Cast, elsewhere: str) -> None:
    assert try_in(client, "ana", next=elsewhere).headers["Location"] == "/"
    assert client.post("/sign-out/", {"next": elsewhere}).headers["Location"] in {"/", "/sign-in/"}


def test_it_leads_back_to_where_one_was_going(client: Client, cast: Cast) -> None:
    page = client.get("/you/")
    assert page.headers["Location"] == "/sign-in/?next=/you/"
    assert b'value="/you/"' in client.get("/sign-in/?next=/you/").content
    assert try_in(client, "ana", next="/you/").headers["Location"] == "/you/"


def test_signing_in_changes_the_session_key(client: Client, cast: Cast) -> None:
    client.get("/sign-in/")
    client.cookies[settings.SESSION_COOKIE_NAME] = "chosenbysomebodyelse"
    try_in(client, "ana")
    assert client.session.session_key != "chosenbysomebodyelse"


def test_signing_out_is_a_post_and_ends_the_session(cast: Cast) -> None:
    client = client_of(cast.ana)
    key = client.session.session_key
    page = client.get("/sign-out/")
    assert page.status_code == 200
    assert b"data-sign-out" in page.content
    assert client.post("/sign-out/", {"next": "/"}).headers["Location"] == "/"
    thief = Client()
    thief.cookies[settings.SESSION_COOKIE_NAME] = str(key)
    assert thief.get("/you/").status_code == 302


def test_forms_want_their_token(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    assert try_in(client, "ana").status_code == 403
    client.force_login(cast.ana)
    assert client.post("/sign-out/").status_code == 403
    assert client.get("/you/").status_code == 200


def test_nobody_signs_up_and_nothing_is_mailed(client: Client, cast: Cast) -> None:
    for path in ("signup", "sign-up", "password/reset", "email", "reauthenticate"):
        assert client.get(f"/{path}/").status_code == 404
        assert client.get(f"/sign-in/{path}/").status_code == 404


def test_who_is_closed_out_is_told_only_with_the_right_password(client: Client, cast: Cast) -> None:
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert b"errorlist" in try_in(client, "ana", "wrong").content
    answer = client.post("/sign-in/", {"login": "ana", "password": PASSWORD}, follow=True)
    assert answer.status_code == 403
    assert "_auth_user_id" not in client.session


def test_a_session_of_somebody_closed_out_opens_nothing(cast: Cast) -> None:
    client = client_of(cast.ana)
    User.objects.filter(pk=cast.ana.pk).update(is_active=False)
    assert client.get("/you/").status_code == 302


def test_pages_of_signed_in_people_are_not_kept(cast: Cast) -> None:
    assert "no-store" in client_of(cast.ana).get("/you/").headers["Cache-Control"]


@pytest.mark.parametrize(
    ("name", "room"), [("ana", "/talk/"), ("clara", "/review/"), ("ada", "/console/"), ("max", "/talk/")]
)
def test_everybody_begins_in_their_room(cast: Cast, name: str, room: str) -> None:
    assert client_of(cast.people[name]).get("/").headers["Location"] == room


def test_a_stranger_begins_at_the_door(client: Client, cast: Cast) -> None:
    assert client.get("/").headers["Location"] == "/sign-in/"


def test_somebody_without_anything_begins_with_themselves(cast: Cast) -> None:
    newcomer = User.objects.create_user("nora", PASSWORD)
    assert client_of(newcomer).get("/").headers["Location"] == "/you/"
