"""Classes and families, for those who look after them."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client

from tests.accounts.doors import client_of, family, token_in, uses_left
from tests.cast import Cast
from tutor.accounts.models import OneTimeLink, User
from tutor.audit.models import AuditEvent
from tutor.classrooms.models import Classroom, Membership


@pytest.fixture
def clara(cast: Cast) -> Client:
    return client_of(cast.clara)


@pytest.fixture
def home(cast: Cast) -> str:
    return f"/classes/{cast.claras_class.public_id}/"


def test_a_teacher_sees_their_classes_and_no_other(cast: Cast, clara: Client, home: str) -> None:
    page = clara.get("/classes/").content.decode()
    assert "Spanish 1" in page
    assert "2 students" in page
    assert "French 2" not in page
    inside = clara.get(home).content.decode()
    assert all(name in inside for name in ("Ana", "Ben", "Max", "Clara"))
    assert "Emil" not in inside


def heading(page: str) -> str:
    found = re.search(r"<h1[^>]*>(.*?)</h1>", page)
    return found[1] if found else ""


def test_a_family_is_not_called_a_class(cast: Cast) -> None:
    first, _people = family(cast.emil, "Lena")
    emil = client_of(cast.emil)
    overview, inside = (emil.get(f"/classes/{path}").content.decode() for path in ("", f"{first.public_id}/"))
    assert heading(overview) == "Family"
    assert '<a href="/classes/" aria-current="page">Family</a>' in overview
    for page in (overview, inside, emil.get("/talk/").content.decode()):
        assert "Classes" not in page
        assert "All classes" not in page
    second, _people = family(cast.emil, "Jonas")
    assert heading(emil.get("/classes/").content.decode()) == "Families"
    assert "All families" in emil.get(f"/classes/{second.public_id}/").content.decode()
    assert "Familia</a>" in emil.get("/classes/", headers={"Accept-Language": "es"}).content.decode()


def test_who_has_both_reads_classes(cast: Cast, clara: Client, home: str) -> None:
    assert "All classes" not in clara.get(home).content.decode()
    family(cast.clara, "Lena")
    overview = clara.get("/classes/").content.decode()
    assert heading(overview) == "Classes and families"
    assert ">Classes</a>" in overview
    assert "All classes" in clara.get(home).content.decode()


def test_a_house_for_oneself_has_no_such_room_among_the_others(db: None) -> None:
    alone = client_of(User.objects.create_user("nora", is_administrator=True))
    assert "Classes</a>" not in alone.get("/talk/").content.decode()
    assert 'href="/classes/"' in alone.get("/console/people/").content.decode()
    assert "New class or family" in alone.get("/classes/").content.decode()


@pytest.mark.parametrize("name", ["ana", "dora", "max"])
def test_others_see_no_such_class(cast: Cast, home: str, name: str) -> None:
    client = client_of(cast.people[name])
    member = cast.anas_membership.public_id
    assert client.get(home).status_code == 404
    assert client.get(f"{home}members/{member}/end/").status_code == 404
    for path in ("name/", "invite/", "children/", "device/", f"members/{member}/end/", f"members/{member}/take-back/"):
        assert client.post(home + path, {"name": "x", "role": "student"}).status_code == 404, path
    assert client.post(f"/classes/people/{cast.ana.public_id}/new-password/").status_code == 404
    assert not OneTimeLink.objects.exists()
    assert not AuditEvent.objects.exists()


def test_an_administrator_sees_people_and_no_words(cast: Cast, home: str) -> None:
    ada = client_of(cast.ada)
    overview = ada.get("/classes/").content.decode()
    assert "Spanish 1" in overview
    assert "French 2" in overview
    assert ada.get(home).status_code == 200


def test_an_administrator_gives_themselves_no_seat(cast: Cast, home: str) -> None:
    ada = client_of(cast.ada)
    assert ada.post(f"{home}invite/", {"role": "teacher"}).status_code == 404
    assert ada.post(f"{home}invite/", {"role": "student"}).status_code == 200


def test_an_administrator_calls_the_first_teacher(cast: Cast) -> None:
    ada = client_of(cast.ada)
    answer = ada.post("/classes/new/", {"kind": "class", "name": "German 3"})
    made = Classroom.objects.get(name="German 3")
    assert answer.headers["Location"] == f"/classes/{made.public_id}/"
    assert not made.memberships.exists()
    page = ada.post(f"/classes/{made.public_id}/invite/", {"role": "teacher"})
    assert uses_left(token_in(page.content)) == 1


def test_founding_for_oneself(cast: Cast) -> None:
    client_of(cast.ada).post("/classes/new/", {"kind": "class", "name": "German 3", "taught_by_me": "on"})
    assert Membership.objects.get(classroom__name="German 3").person == cast.ada


@pytest.mark.parametrize("name", ["ana", "clara", "max"])
def test_only_an_administrator_founds(cast: Cast, name: str) -> None:
    client = client_of(cast.people[name])
    assert client.get("/classes/new/").status_code == 404
    assert client.post("/classes/new/", {"kind": "class", "name": "Mine"}).status_code == 404


def test_renaming(clara: Client, cast: Cast, home: str) -> None:
    clara.post(f"{home}name/", {"name": "Spanish for all"})
    cast.claras_class.refresh_from_db()
    assert cast.claras_class.name == "Spanish for all"
    clara.post(f"{home}name/", {"name": "  "})
    clara.post(f"{home}name/", {"name": "x" * 81})
    cast.claras_class.refresh_from_db()
    assert cast.claras_class.name == "Spanish for all"


def test_an_invitation_is_shown_once_and_can_be_ended(clara: Client, cast: Cast, home: str) -> None:
    page = clara.post(f"{home}invite/", {"role": "student"})
    token = token_in(page.content)
    assert f"http://127.0.0.1:8000/join/{token}/".encode() in page.content
    assert b"data:image/svg+xml" in page.content
    assert "no-store" in page.headers["Cache-Control"]
    assert token.encode() not in clara.get(home).content
    link = OneTimeLink.objects.get()
    other = f"/classes/{cast.doras_class.public_id}/invitations/{link.public_id}/end/"
    assert client_of(cast.dora).post(other).status_code == 404
    assert clara.post(f"{home}invitations/{link.public_id}/end/").status_code == 302
    assert uses_left(token) == 0
    assert Client().get(f"/join/{token}/").status_code == 410
    assert clara.post(f"{home}invitations/{link.public_id}/end/").status_code == 404


@pytest.mark.parametrize("role", ["", "administrator", "TEACHER"])
def test_there_are_two_parts(clara: Client, home: str, role: str) -> None:
    assert clara.post(f"{home}invite/", {"role": role}).status_code == 404


def test_links_are_never_made_by_looking(clara: Client, cast: Cast, home: str) -> None:
    for path in (f"{home}invite/", f"/classes/people/{cast.ana.public_id}/new-password/", f"{home}device-link/"):
        assert clara.get(path).status_code == 405
    assert not OneTimeLink.objects.exists()


def has_ended(member: Membership) -> bool:
    return Membership.objects.filter(pk=member.pk, until__isnull=False).exists()


def test_letting_go_asks_first_and_can_be_undone(clara: Client, cast: Cast, home: str) -> None:
    member = cast.anas_membership
    path = f"{home}members/{member.public_id}/"
    assert clara.get(f"{path}end/").status_code == 200
    assert not has_ended(member)
    assert b"Undo" in clara.post(f"{path}end/").content
    assert has_ended(member)
    assert clara.post(f"{path}take-back/").status_code == 302
    assert not has_ended(member)
    assert [event.what for event in AuditEvent.objects.all()] == ["membership.ended", "membership.resumed"]


def test_who_left_long_ago_is_not_fetched_back(clara: Client, cast: Cast, home: str) -> None:
    gone = Membership.objects.get(person=cast.max)
    assert clara.post(f"{home}members/{gone.public_id}/take-back/").status_code == 404
    assert Membership.objects.filter(person=cast.max).count() == 1


def test_a_class_keeps_somebody_who_looks_after_it(clara: Client, cast: Cast, home: str) -> None:
    own = Membership.objects.get(person=cast.clara)
    clara.post(f"{home}members/{own.public_id}/end/")
    own.refresh_from_db()
    assert own.until is None


def test_a_member_of_another_class_is_not_there(clara: Client, cast: Cast, home: str) -> None:
    emil = Membership.objects.get(person=cast.emil)
    assert clara.post(f"{home}members/{emil.public_id}/end/").status_code == 404


def code_for(client: Client, person: User) -> int:
    return client.post(f"/classes/people/{person.public_id}/new-password/").status_code


def test_a_one_time_code(clara: Client, cast: Cast) -> None:
    page = clara.post(f"/classes/people/{cast.ana.public_id}/new-password/")
    token = token_in(page.content)
    assert Client().get(f"/new-password/{token}/").status_code == 200
    assert "no-store" in page.headers["Cache-Control"]
    event = AuditEvent.objects.get(what="reset-link.made")
    assert (event.actor, event.subject) == (cast.clara.public_id, str(cast.ana.public_id))


@pytest.mark.parametrize(
    ("helper", "person", "status"),
    [
        ("clara", "ana", 200),
        ("clara", "emil", 404),
        ("clara", "max", 404),
        ("clara", "ada", 404),
        ("clara", "clara", 404),
        ("dora", "ana", 404),
        ("ana", "ben", 404),
        ("ada", "clara", 200),
        ("ada", "ana", 200),
        ("ada", "ada", 404),
    ],
)
def test_who_helps_whom(cast: Cast, helper: str, person: str, status: int) -> None:
    assert code_for(client_of(cast.people[helper]), cast.people[person]) == status


def test_a_code_opens_no_teachers_account(cast: Cast) -> None:
    Membership.objects.create(person=cast.dora, classroom=cast.claras_class, role="student")
    assert code_for(client_of(cast.clara), cast.dora) == 404


def test_a_parent_adds_children(cast: Cast) -> None:
    made, _people = family(cast.clara)
    clara = client_of(cast.clara)
    clara.post(f"/classes/{made.public_id}/children/", {"name": "Lena"})
    assert User.objects.get(username="lena").memberships.get().classroom == made
    clara.post(f"/classes/{made.public_id}/children/", {"name": ""})
    assert made.memberships.count() == 2


def test_a_class_has_no_children_and_no_devices(clara: Client, home: str) -> None:
    for path in ("children", "device", "device-link", "devices/sign-out"):
        assert clara.post(f"{home}{path}/", {"name": "Lena"}).status_code == 404


def test_an_administrator_lets_no_device_into_a_family(cast: Cast) -> None:
    made, _people = family(cast.clara, "Lena")
    ada = client_of(cast.ada)
    for path in ("children", "device", "device-link", "devices/sign-out"):
        assert ada.post(f"/classes/{made.public_id}/{path}/", {"name": "Mia"}).status_code == 404
    assert ada.post(f"/classes/{made.public_id}/invite/", {"role": "teacher"}).status_code == 404


def test_the_last_parent_is_told_so(cast: Cast) -> None:
    made, _people = family(cast.emil, "Lena")
    own = Membership.objects.get(classroom=made, person=cast.emil)
    answer = client_of(cast.emil).post(f"/classes/{made.public_id}/members/{own.public_id}/end/", follow=True)
    assert "Invite another parent first." in answer.content.decode()


def test_a_child_let_go_is_taken_back_at_any_time(cast: Cast) -> None:
    made, (lena,) = family(cast.clara, "Lena")
    member = Membership.objects.get(person=lena)
    Membership.objects.filter(pk=member.pk).update(until=member.since - timedelta(days=3))
    clara = client_of(cast.clara)
    assert clara.post(f"/classes/{made.public_id}/members/{member.public_id}/take-back/").status_code == 302
    assert Membership.objects.filter(person=lena).count() == 2
    assert Membership.objects.filter(person=lena, until__isnull=True).count() == 1


def test_names_are_text(clara: Client, cast: Cast, home: str) -> None:
    clara.post(f"{home}name/", {"name": "<script>alert(1)</script>"})
    User.objects.filter(pk=cast.ana.pk).update(name="<img src=x onerror=alert(1)>")
    page = clara.get(home).content.decode()
    assert "<script>alert" not in page
    assert "<img src=x" not in page


def test_an_administrator_does_not_take_themselves_back(cast: Cast, home: str) -> None:
    """Let go as a teacher, they still organise the class; they would read it again."""
    own = Membership.objects.create(person=cast.ada, classroom=cast.claras_class, role="teacher")
    ada = client_of(cast.ada)
    page = ada.post(f"{home}members/{own.public_id}/end/").content
    assert (b"Done" in page, b"Undo" in page) == (True, False)
    assert b"take-back" not in ada.get(home).content
    assert ada.post(f"{home}members/{own.public_id}/take-back/").status_code == 404
    assert has_ended(own)


def test_who_leaves_a_class_is_told_so_where_they_still_may_be(cast: Cast, clara: Client, home: str) -> None:
    Membership.objects.create(person=cast.dora, classroom=cast.claras_class, role="teacher")
    own = Membership.objects.get(person=cast.clara)
    answer = clara.post(f"{home}members/{own.public_id}/end/", follow=True)
    assert answer.status_code == 200
    assert "You are no longer in “Spanish 1”." in answer.content.decode()
    assert home not in answer.content.decode()
    assert has_ended(own)
