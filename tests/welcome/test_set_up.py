"""The one-time link that begins a house."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from tests.accounts.doors import PASSWORD, at_once, expire, new_person, token_in, uses_left
from tests.cast import Cast
from tutor.accounts.links import make_link, renew_set_up_link
from tutor.accounts.models import OneTimeLink, User
from tutor.audit.models import AuditEvent
from tutor.classrooms.models import Classroom, Membership, Study
from tutor.conversations.distress import distress_words

HOUR = timedelta(hours=1)


@pytest.fixture
def token(db: None) -> str:
    return token_in(renew_set_up_link() or "")


def test_the_start_page_says_where_the_link_is(client: Client, db: None) -> None:
    page = client.get("/")
    assert page.status_code == 200
    assert b"terminal" in page.content


def test_looking_spends_nothing(client: Client, token: str) -> None:
    assert client.get(f"/set-up/{token}/").status_code == 200
    assert client.head(f"/set-up/{token}/").status_code == 200
    assert uses_left(token) == 1


def test_just_me(client: Client, token: str) -> None:
    answer = client.post(f"/set-up/{token}/", new_person(kind="me"))
    assert answer.headers["Location"] == "/set-up/model/"
    nora = User.objects.get(username="nora")
    assert nora.is_administrator
    assert (nora.own_language, nora.time_zone) == ("de", "Europe/Madrid")
    assert nora.check_password(PASSWORD)
    assert Study.objects.get(learner=nora).level == "A2"
    assert client.session["_auth_user_id"] == str(nora.pk)
    assert AuditEvent.objects.filter(what="house.set-up", subject=str(nora.public_id)).exists()


def test_a_family(client: Client, token: str) -> None:
    answers = new_person(kind="family", family_name="The Olivers", children="Lena\n\n  Jonas \nLena", language="")
    page = client.post(f"/set-up/{token}/", answers, follow=True)
    family = Classroom.objects.get()
    assert family.kind == "family"
    children = User.objects.filter(memberships__role="student").order_by("pk")
    assert [(child.name, child.username) for child in children] == [
        ("Lena", "lena"),
        ("Jonas", "jonas"),
        ("Lena", "lena2"),
    ]
    assert not any(child.has_usable_password() or child.email for child in children)
    assert Membership.objects.get(person__username="nora").role == "teacher"
    assert page.request["PATH_INFO"] == "/set-up/people/"
    assert b"Jonas" in page.content


def test_a_class_shows_its_invitation_until_the_next_step(client: Client, token: str) -> None:
    page = client.post(f"/set-up/{token}/", new_person(kind="class", class_name="Spanish 1", language=""), follow=True)
    invitation = token_in(page.content)
    assert uses_left(invitation) == 40
    assert b"data:image/svg+xml" in page.content
    assert Client().get(f"/join/{invitation}/").status_code == 200
    client.get("/set-up/model/")
    assert invitation.encode() not in client.get("/set-up/people/").content


def test_the_second_time_it_has_ended(client: Client, token: str) -> None:
    client.post(f"/set-up/{token}/", new_person(kind="me"))
    second = Client().post(f"/set-up/{token}/", new_person(kind="me", username="mallory"))
    assert second.status_code == 410
    assert Client().get(f"/set-up/{token}/").status_code == 410
    assert not User.objects.filter(username="mallory").exists()


def test_expired(client: Client, token: str) -> None:
    expire(token)
    assert client.post(f"/set-up/{token}/", new_person(kind="me")).status_code == 410
    assert not User.objects.exists()


def test_a_link_of_another_purpose_opens_nothing(client: Client, db: None) -> None:
    _link, token = make_link(OneTimeLink.Purpose.JOIN, HOUR)
    assert client.get(f"/set-up/{token}/").status_code == 410


def test_a_house_that_is_set_up_stays_so(cast: Cast, client: Client) -> None:
    _link, token = make_link(OneTimeLink.Purpose.SET_UP, HOUR)
    assert client.post(f"/set-up/{token}/", new_person(kind="me")).status_code == 410
    assert renew_set_up_link() is None


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"password2": "something else"}, "password2"),
        ({"password1": "short", "password2": "short"}, "password1"),
        ({"password1": "password123", "password2": "password123"}, "password1"),
        ({"username": "noraoliver", "password1": "noraoliver1", "password2": "noraoliver1"}, "password1"),
        ({"username": "two words"}, "username"),
        ({"username": ""}, "username"),
        ({"language": ""}, "language"),
        ({"language": "tlh"}, "language"),
        ({"level": "Z9"}, "level"),
        ({"kind": "family"}, "family_name"),
        ({"kind": "class"}, "class_name"),
        ({"kind": "school"}, "kind"),
        ({"interface_language": "xx"}, "interface_language"),
        ({"time_zone": "../../etc/passwd"}, "time_zone"),
        ({"kind": "family", "family_name": "F", "children": "a\n" * 13}, "children"),
    ],
)
def test_what_is_wrong_is_said_and_spends_nothing(
    client: Client, token: str, wrong: dict[str, str], field: str
) -> None:
    page = client.post(f"/set-up/{token}/", new_person(**{"kind": "me", **wrong}))
    assert page.status_code == 200
    assert field in page.context["form"].errors
    assert "Type both passwords again too" in page.content.decode()
    assert uses_left(token) == 1
    assert not User.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_at_once_make_one_administrator() -> None:
    token = token_in(renew_set_up_link() or "")

    def hurry(number: int) -> int:
        answers = new_person(kind="class", class_name="One", username=f"nora{number}")
        return Client().post(f"/set-up/{token}/", answers).status_code

    assert at_once(hurry, 4) == [302, 410, 410, 410]
    assert User.objects.count() == 1
    assert Classroom.objects.count() == 1


def test_whom_to_turn_to_is_named_from_the_start(client: Client, token: str) -> None:
    client.post(f"/set-up/{token}/", new_person(kind="me", whom_to_turn_to="Mrs. Vidal, room 12"))
    assert distress_words("en").endswith("Mrs. Vidal, room 12")
