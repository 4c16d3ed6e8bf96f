"""What a person says about themselves, their password and their sessions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.doors import client_of, family
from tests.cast import PASSWORD, Cast
from tutor.accounts import sessions
from tutor.accounts.models import User
from tutor.audit.models import AuditEvent
from tutor.classrooms.models import Membership
from tutor.conversations.models import Conversation, ReadReceipt


def said(**changed: object) -> dict[str, object]:
    return {
        "name": "Ana",
        "interface_language": "es",
        "own_language": "pt-br",
        "time_zone": "Atlantic/Canary",
        "text_size": "115",
        "email": "",
        **changed,
    }


def test_saving(cast: Cast) -> None:
    client = client_of(cast.ana)
    assert client.post("/you/", said()).headers["Location"] == "/you/"
    cast.ana.refresh_from_db()
    assert (cast.ana.interface_language, cast.ana.own_language) == ("es", "pt-br")
    assert (cast.ana.time_zone, cast.ana.text_size, cast.ana.email) == ("Atlantic/Canary", 115, "")
    page = client.get("/you/")
    assert page.headers["Content-Language"] == "es"
    assert b'data-text-size="115"' in page.content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("interface_language", "xx"),
        ("own_language", "klingon"),
        ("time_zone", "Mars/Olympus"),
        ("text_size", "7"),
        ("email", "not an address"),
        ("name", "x" * 81),
    ],
)
def test_refused(cast: Cast, field: str, value: str) -> None:
    page = client_of(cast.ana).post("/you/", said(**{field: value}))
    assert page.status_code == 200
    assert field in page.context["form"].errors
    cast.ana.refresh_from_db()
    assert cast.ana.time_zone == "UTC"


def test_rights_and_names_cannot_be_slipped_in(cast: Cast) -> None:
    client_of(cast.ana).post("/you/", said(is_administrator="on", username="ada2", is_active=""))
    cast.ana.refresh_from_db()
    assert not cast.ana.is_administrator
    assert cast.ana.username == "ana"


def test_languages_are_named_in_the_language_of_the_page(cast: Cast) -> None:
    client = client_of(cast.ana)
    assert "German · Deutsch" in client.get("/you/").content.decode()
    client.post("/you/", said(interface_language="es"))
    assert "alemán · Deutsch" in client.get("/you/").content.decode()


def test_it_says_who_can_read_where(cast: Cast) -> None:
    page = client_of(cast.ana).get("/you/").content.decode()
    assert "Spanish 1" in page
    assert "Clara" in page


def test_strangers_sign_in_first(client: Client, cast: Cast) -> None:
    for path in ("/you/", "/you/password/", "/you/readers/", "/you/studies/"):
        assert client.get(path).headers["Location"].startswith("/sign-in/?next=/you/")
    assert client.post("/you/sign-out-everywhere/").headers["Location"].startswith("/sign-in/")


@contextmanager
def watching(heard: list[str], *sockets: tuple[str, User]) -> Iterator[None]:
    """Sockets of these sessions; the keys of those that end are noted."""
    with ExitStack() as watched:
        for key, person in sockets:
            watched.enter_context(sessions.watched(key, person.pk, partial(heard.append, key)))
        yield


def change(client: Client, old: str = PASSWORD, new: str = "three loud parrots", again: str = "") -> Any:
    words = {"oldpassword": old, "password1": new, "password2": again or new}
    return client.post("/you/password/", words)


def test_a_new_password(cast: Cast) -> None:
    here, elsewhere = client_of(cast.ana), client_of(cast.ana)
    heard: list[str] = []
    before, there = str(here.session.session_key), str(elsewhere.session.session_key)
    with watching(heard, (before, cast.ana), (there, cast.ana), ("another", cast.ben)):
        assert change(here).headers["Location"] == "/you/"
    assert here.get("/you/").status_code == 200
    assert elsewhere.get("/you/").status_code == 302
    assert sorted(heard) == sorted([before, there])
    cast.ana.refresh_from_db()
    assert cast.ana.check_password("three loud parrots")
    assert AuditEvent.objects.filter(what="password.changed").exists()


@pytest.mark.parametrize(
    ("words", "field"),
    [
        ({"old": "wrong"}, "oldpassword"),
        ({"new": "short"}, "password1"),
        ({"again": "something else"}, "password2"),
    ],
)
def test_a_password_that_is_refused(cast: Cast, words: dict[str, str], field: str) -> None:
    page = change(client_of(cast.ana), **words)
    assert page.status_code == 200
    assert field in page.context["form"].errors


def test_who_has_none_changes_none(cast: Cast) -> None:
    _family, (lena,) = family(cast.clara, "Lena")
    client = client_of(lena)
    assert client.get("/you/password/").headers["Location"] == "/you/"
    assert change(client, old="").headers["Location"] == "/you/"
    assert b"/you/password/" not in client.get("/you/").content


def test_signing_out_everywhere_else(cast: Cast) -> None:
    here, elsewhere, ben = client_of(cast.ana), client_of(cast.ana), client_of(cast.ben)
    heard: list[str] = []
    keys = [str(one.session.session_key) for one in (here, elsewhere, ben)]
    with watching(heard, *zip(keys, (cast.ana, cast.ana, cast.ben), strict=True)):
        here.post("/you/sign-out-everywhere/")
    assert heard == [keys[1]]
    assert here.get("/you/").status_code == 200
    assert ben.get("/you/").status_code == 200
    assert elsewhere.get("/you/").status_code == 302


def test_who_has_read_you(cast: Cast, anas_conversation: Conversation) -> None:
    client = client_of(cast.ana)
    assert "Nobody yet" in client.get("/you/readers/").content.decode()
    ReadReceipt.objects.create(conversation=anas_conversation, reader=cast.clara, reader_name="Clara")
    page = client.get("/you/readers/").content.decode()
    assert "Clara" in page
    assert "At the market" in page
    assert "At the market" not in client_of(cast.ben).get("/you/readers/").content.decode()


def test_no_reading_falls_off_the_end(cast: Cast, anas_conversation: Conversation) -> None:
    client, address = client_of(cast.ana), f"/talk/{anas_conversation.public_id}/"
    read = {"conversation": anas_conversation, "reader": cast.clara}
    ReadReceipt.objects.create(reader_name="The first", **read)
    ReadReceipt.objects.bulk_create(ReadReceipt(reader_name="Clara", **read) for _ in range(19))
    assert "earlier time" not in client.get(address).content.decode()
    ReadReceipt.objects.bulk_create(ReadReceipt(reader_name="Clara", **read) for _ in range(80))
    assert "The first" in client.get("/you/readers/").content.decode()
    ReadReceipt.objects.create(reader_name="The last", **read)
    page = client.get("/you/readers/").content.decode()
    assert "The last" in page
    assert "The first" not in page
    assert 'href="?page=2"' in page
    assert "The first" in client.get("/you/readers/?page=2").content.decode()
    talk = client.get(address).content.decode()
    assert '<a href="/you/readers/">and 81 earlier times: who has read you</a>' in talk


def who_can(person: User) -> str:
    page = client_of(person).get("/you/readers/").content.decode()
    return " ".join(re.sub("<.*?>", "", page[page.index("Who can") :]).split())


def test_who_has_left_is_told_who_still_reads_what_was_said_before(cast: Cast, anas_conversation: Conversation) -> None:
    assert "Spanish 1: Clara" in who_can(cast.ana)
    assert "until" not in who_can(cast.ana)
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=timezone.now())
    assert client_of(cast.clara).get(f"/review/{anas_conversation.public_id}/").status_code == 200
    told = who_can(cast.ana)
    assert "Nobody reads what you write now" in told
    assert re.search(r"Spanish 1, until .*: Clara \(only what was said before\)", told)


def test_nobody_is_named_who_reads_nothing(cast: Cast, anas_conversation: Conversation) -> None:
    assert "Nobody: you are in no class or family." in who_can(cast.max)
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=timezone.now())
    Conversation.objects.update(deleted=timezone.now())
    assert "Clara" not in who_can(cast.ana)
    Conversation.objects.update(deleted=None)
    Membership.objects.filter(person=cast.clara).update(since=timezone.now())
    assert client_of(cast.clara).get(f"/review/{anas_conversation.public_id}/").status_code == 404
    assert "Clara" not in who_can(cast.ana)
