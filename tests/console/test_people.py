"""People: rights given and taken, accounts closed and opened, codes, and the record of it all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack
from functools import partial

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.accounts.doors import client_of, token_in
from tests.cast import Cast
from tutor.accounts import sessions
from tutor.accounts.models import User
from tutor.audit.models import AuditEvent


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.fixture
def ended(cast: Cast) -> Iterator[list[User]]:
    """Who of these hears on an open socket that their session is over."""
    heard: list[User] = []
    with ExitStack() as watched:
        for person in (cast.ana, cast.clara):
            watched.enter_context(sessions.watched(person.username, person.pk, partial(heard.append, person)))
        yield heard


def path(person: User, what: str) -> str:
    return f"/console/people/{person.public_id}/{what}/"


def test_everybody_stands_there_with_their_parts(ada: Client) -> None:
    text = ada.get("/console/people/").content.decode()
    assert "student, <bdi>Spanish 1</bdi>" in text
    assert "teacher, <bdi>French 2</bdi>" in text
    assert "administrator" in text
    assert "in no class or family" in text


def test_somebody_is_found_by_name_and_the_name_is_in_no_address(ada: Client) -> None:
    answer = ada.post("/console/people/search/", {"q": " CLA "}, follow=True)
    assert "cla" not in answer.redirect_chain[0][0].lower()
    found = answer.content.decode()
    assert "Clara" in found
    assert "Emil" not in found
    nobody = ada.post("/console/people/search/", {"q": "zzz"}, follow=True).content.decode()
    assert "Nobody of that name" in nobody
    everybody = ada.post("/console/people/search/", {"q": ""}, follow=True).content.decode()
    assert "Emil" in everybody
    assert "Emil" in ada.get("/console/people/").content.decode()


def test_closing_an_account_ends_its_sessions_and_sockets(
    ada: Client, cast: Cast, ended: list[User], django_capture_on_commit_callbacks: object
) -> None:
    ana = client_of(cast.ana)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        ada.post(path(cast.ana, "active"))
    assert ana.get("/talk/").status_code == 302
    assert ended == [cast.ana]
    assert client_of(cast.ana).get("/talk/").status_code != 200
    ada.post(path(cast.ana, "active"), {"on": "1"})
    cast.ana.refresh_from_db()
    assert cast.ana.is_active
    assert [event.what for event in AuditEvent.objects.all()] == ["person.closed", "person.opened"]
    assert AuditEvent.objects.filter(actor=cast.ada.public_id, subject=str(cast.ana.public_id)).count() == 2


def test_rights_are_given_and_taken_with_a_new_sign_in(
    ada: Client, cast: Cast, ended: list[User], django_capture_on_commit_callbacks: object
) -> None:
    clara = client_of(cast.clara)
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        ada.post(path(cast.clara, "administrator"), {"on": "1"})
    assert ended == [cast.clara]
    assert clara.get("/console/").status_code == 302
    assert client_of(cast.clara).get("/console/").status_code == 200
    ada.post(path(cast.clara, "administrator"))
    assert client_of(cast.clara).get("/console/").status_code == 404


def test_the_last_administrator_stays(ada: Client, cast: Cast) -> None:
    answer = ada.post(path(cast.ada, "administrator"), follow=True)
    assert "Somebody has to stay who administers this house." in answer.content.decode()
    ada.post(path(cast.ada, "active"))
    cast.ada.refresh_from_db()
    assert cast.ada.is_administrator
    assert cast.ada.is_active
    User.objects.filter(pk=cast.clara.pk).update(is_administrator=True, is_active=False)
    ada.post(path(cast.ada, "administrator"))
    cast.ada.refresh_from_db()
    assert cast.ada.is_administrator


def test_a_code_opens_the_door_once(ada: Client, cast: Cast, client: Client) -> None:
    answer = ada.post(path(cast.clara, "new-password"))
    text = answer.content.decode()
    assert "data:image/svg+xml" in text
    assert "no-store" in answer.headers["Cache-Control"]
    assert Client().get(f"/new-password/{token_in(text)}/").status_code == 200
    assert ada.post(path(cast.ada, "new-password")).status_code == 404
    User.objects.filter(pk=cast.ben.pk).update(is_active=False)
    assert ada.post(path(cast.ben, "new-password")).status_code == 404


def test_a_new_person_chooses_their_password(ada: Client) -> None:
    text = ada.post("/console/people/new/", {"username": "greta", "name": "Greta"}).content.decode()
    assert "greta" in text
    greta = User.objects.get(username="greta")
    assert not greta.has_usable_password()
    assert not greta.is_administrator
    assert Client().get(f"/new-password/{token_in(text)}/").status_code == 200
    again = ada.post("/console/people/new/", {"username": "GRETA"}).content.decode()
    assert "This name is taken already." in again


def test_names_become_no_html(ada: Client, cast: Cast) -> None:
    cast.ana.name = "<script>alert(1)</script>"
    cast.ana.save()
    cast.claras_class.name = "<img src=x onerror=alert(1)>"
    cast.claras_class.save()
    ada.post(path(cast.ana, "active"))
    for page in ("", "log/"):
        text = ada.get(f"/console/people/{page}").content.decode()
        assert "<script>alert" not in text
        assert "<img src=x" not in text


def test_the_record_says_who_did_what_and_whether_it_is_whole(ada: Client, cast: Cast) -> None:
    assert "Nothing yet" in ada.get("/console/people/log/").content.decode()
    ada.post(path(cast.ana, "active"))
    text = ada.get("/console/people/log/").content.decode()
    assert "closed an account" in text
    assert "The record is whole." in text
    AuditEvent.objects.update(what="nothing.happened")
    assert "The record was changed" in ada.get("/console/people/log/").content.decode()


@pytest.mark.parametrize("name", ["ana", "clara", "max"])
def test_nobody_else_changes_people(cast: Cast, name: str) -> None:
    client = client_of(cast.people[name])
    for what in ("active", "administrator", "new-password"):
        assert client.post(path(cast.ben, what), {"on": "1"}).status_code == 404
    assert not AuditEvent.objects.exists()


def test_the_number_of_queries_does_not_grow(ada: Client) -> None:
    ada.post("/console/people/search/", {"q": "cl"})
    with CaptureQueriesContext(connection) as few:
        ada.get("/console/people/?searched=1")
    with CaptureQueriesContext(connection) as many:
        ada.get("/console/people/")
    # Whether a code may be made is asked once a person at most.
    assert len(many) <= len(few)
