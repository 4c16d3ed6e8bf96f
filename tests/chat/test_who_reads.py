"""What the page of a talk says about who reads it, and where a report goes, is what happens."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.doors import client_of
from tests.cast import Cast
from tutor.classrooms.models import Classroom, Membership
from tutor.conversations.models import Conversation, Reply, Report, Turn

GROWN_UP = "A grown-up of Spanish 1 will look at this reply"
REPORT = '<button class="button primary" type="submit">Report</button>'
NOBODY = "Nobody would see this report."


@pytest.fixture
def ana(cast: Cast) -> Client:
    return client_of(cast.ana)


@pytest.fixture
def address(ana: Client, cast: Cast) -> str:
    values = {"client_id": uuid4(), "study": cast.anas_study.public_id, "style": "market"}
    answer = ana.post("/talk/new", values | {"place": cast.anas_membership.public_id})
    return str(answer.headers["Location"])


def leave(cast: Cast, moment: datetime) -> None:
    Membership.objects.filter(pk=cast.anas_membership.pk).update(until=moment)


def close(cast: Cast) -> None:
    client_of(cast.ada).post(f"/console/people/{cast.clara.public_id}/active/")


def report(ana: Client) -> tuple[int, str]:
    answer = ana.post(f"/talk/replies/{Reply.objects.get().public_id}/report")
    return answer.status_code, answer.json()["message"]


def waiting(cast: Cast) -> bool:
    """Whether Clara finds a report."""
    return "reported a reply" in client_of(cast.clara).get("/review/").content.decode()


def test_while_in_the_class(ana: Client, address: str, cast: Cast) -> None:
    leave(cast, timezone.now() + timedelta(days=1))
    page = ana.get(address).content.decode()
    assert "Clara (Spanish 1) can read this conversation." in page
    assert GROWN_UP in page
    assert REPORT in page
    assert report(ana)[0] == 200
    assert waiting(cast)


def test_after_leaving(ana: Client, address: str, cast: Cast) -> None:
    leave(cast, timezone.now())
    page = ana.get(address).content.decode()
    assert "You have left Spanish 1: nobody else can read what you write now." in page
    refused(page)
    status, words = report(ana)
    assert (status, words[: len(NOBODY)]) == (409, NOBODY)
    assert not Report.objects.exists()
    assert not waiting(cast)


def come_back(cast: Cast) -> None:
    leave(cast, timezone.now() - timedelta(days=1))
    Membership.objects.create(person=cast.ana, classroom=cast.claras_class, role="student")


def test_who_is_back_reads_that_nobody_reads_on_here(ana: Client, address: str, cast: Cast) -> None:
    come_back(cast)
    page = ana.get(address).content.decode()
    assert "This talk is from before you came back to Spanish 1; nobody else reads on here." in page
    assert "You have left" not in page
    assert '<textarea id="message"' in page
    refused(page)


def test_a_child_who_is_back_carries_no_talk_on_that_parents_could_not_read(
    ana: Client, address: str, cast: Cast
) -> None:
    Classroom.objects.filter(pk=cast.claras_class.pk).update(kind="family")
    come_back(cast)
    page = ana.get(address).content.decode()
    assert "you can read it, but not carry it on." in page
    assert '<textarea hidden id="message"' in page


@pytest.mark.parametrize("how", ["closed", "ended"])
def test_where_nobody_teaches(ana: Client, address: str, cast: Cast, how: str) -> None:
    if how == "closed":
        close(cast)
    else:
        Membership.objects.filter(person=cast.clara).update(until=timezone.now())
    page = ana.get(address).content.decode()
    assert "At present nobody else can read this conversation: nobody looks after Spanish 1." in page
    refused(page)
    assert report(ana)[0] == 409
    assert "Spanish 1: nobody at present" in ana.get("/talk/").content.decode()


def refused(page: str) -> None:
    assert GROWN_UP not in page
    assert "can read this conversation." not in page
    assert "A report would reach nobody of Spanish 1 now." in page
    assert REPORT not in page


def test_a_private_talk_has_no_button_that_leads_nowhere(ana: Client, address: str) -> None:
    Conversation.objects.update(membership=None)
    page = ana.get(address).content.decode()
    assert "nobody will look at it" in page
    assert REPORT not in page
    assert report(ana)[0] == 409


def test_who_came_later_sees_no_report_of_what_was_said_before(ana: Client, address: str, cast: Cast) -> None:
    Turn.objects.update(created=timezone.now() - timedelta(days=5))
    Membership.objects.filter(person=cast.clara).update(since=timezone.now() - timedelta(days=1))
    assert "Clara (Spanish 1) can read this conversation." in ana.get(address).content.decode()
    assert report(ana)[0] == 409
    assert not waiting(cast)
