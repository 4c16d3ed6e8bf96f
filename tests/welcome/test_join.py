"""Coming into a class by a link."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from tests.accounts.doors import client_of, expire, new_person, uses_left
from tests.cast import Cast
from tutor.accounts.models import User
from tutor.audit.models import AuditEvent
from tutor.classrooms.models import Classroom, Membership, Study
from tutor.classrooms.services import end_invitation, invite


@pytest.fixture
def token(cast: Cast) -> str:
    return invite(cast.claras_class, "student", by=cast.clara)[1]


def test_it_says_which_class_and_who_will_read(client: Client, token: str) -> None:
    page = client.get(f"/join/{token}/").content.decode()
    assert "Spanish 1" in page
    assert "Clara" in page
    assert f"/sign-in/?next=/join/{token}/" in page


@pytest.mark.parametrize(("kind", "people"), [("class", "students"), ("family", "children")])
def test_a_teacher_is_told_of_talks_that_are_under_way(client: Client, cast: Cast, kind: str, people: str) -> None:
    Classroom.objects.filter(pk=cast.claras_class.pk).update(kind=kind)
    _link, token = invite(cast.claras_class, "teacher", by=cast.clara)
    words = f"what {people} write here from now on, also in conversations they have begun already"
    for visitor in (client, client_of(cast.dora)):
        assert words in visitor.get(f"/join/{token}/").content.decode()


def test_a_new_person(client: Client, cast: Cast, token: str) -> None:
    answer = client.post(f"/join/{token}/", new_person())
    assert answer.headers["Location"] == "/"
    nora = User.objects.get(username="nora")
    assert not nora.is_administrator
    assert Membership.objects.get(person=nora, classroom=cast.claras_class).role == "student"
    assert Study.objects.get(learner=nora).language == "es"
    assert uses_left(token) == 39
    assert AuditEvent.objects.filter(what="membership.began").exists()


def test_a_student_says_what_they_learn_and_a_teacher_need_not(client: Client, cast: Cast, token: str) -> None:
    assert "language" in client.post(f"/join/{token}/", new_person(language="")).context["form"].errors
    _link, for_teacher = invite(cast.claras_class, "teacher", by=cast.clara)
    assert client.post(f"/join/{for_teacher}/", new_person(language="", level="")).status_code == 302
    assert Membership.objects.get(person__username="nora").role == "teacher"


@pytest.mark.parametrize("name", ["ana", "ANA", "Ｎora"])
def test_a_name_that_is_taken(client: Client, cast: Cast, token: str, name: str) -> None:
    User.objects.create_user("nora")
    page = client.post(f"/join/{token}/", new_person(username=name))
    assert "username" in page.context["form"].errors
    assert uses_left(token) == 40


def test_with_the_account_one_has(cast: Cast, token: str) -> None:
    client = client_of(cast.emil)
    assert b"Join as Emil" in client.get(f"/join/{token}/").content
    assert client.post(f"/join/{token}/").headers["Location"] == "/"
    assert Membership.objects.get(person=cast.emil, classroom=cast.claras_class).until is None


def test_who_is_in_already_spends_nothing(cast: Cast, token: str) -> None:
    assert client_of(cast.ana).post(f"/join/{token}/").status_code == 302
    assert uses_left(token) == 40
    assert Membership.objects.filter(person=cast.ana).count() == 1


def test_who_has_left_comes_in_anew(cast: Cast, token: str) -> None:
    client_of(cast.max).post(f"/join/{token}/")
    old, new = Membership.objects.filter(person=cast.max).order_by("since")
    assert old.until is not None
    assert new.until is None
    assert (timezone.now() - new.since).total_seconds() < 60


def test_used_up(client: Client, cast: Cast) -> None:
    _link, token = invite(cast.claras_class, "teacher", by=cast.clara)
    assert client.post(f"/join/{token}/", new_person(language="")).status_code == 302
    assert Client().get(f"/join/{token}/").status_code == 410
    assert Client().post(f"/join/{token}/", new_person(username="mallory")).status_code == 410
    assert not User.objects.filter(username="mallory").exists()


def test_expired(cast: Cast, token: str) -> None:
    expire(token)
    assert Client().get(f"/join/{token}/").status_code == 410
    assert client_of(cast.emil).post(f"/join/{token}/").status_code == 410


def test_taken_back(client: Client, cast: Cast) -> None:
    link, token = invite(cast.claras_class, "student", by=cast.clara)
    end_invitation(link, actor=cast.clara)
    assert client.get(f"/join/{token}/").status_code == 410


def test_unknown(client: Client, cast: Cast) -> None:
    assert client.get("/join/nothing-of-the-kind/").status_code == 410
