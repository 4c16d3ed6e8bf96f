"""A tap on a name, on a family's device and nowhere else."""

from __future__ import annotations

import pytest
from django.core import signing
from django.test import Client
from django.utils import timezone

from tests.accounts.doors import client_of, expire, family, token_in
from tests.cast import Cast
from tutor.accounts.models import User
from tutor.classrooms.devices import COOKIE
from tutor.classrooms.models import Classroom, Membership
from tutor.classrooms.services import make_device_link


@pytest.fixture
def olivers(cast: Cast) -> tuple[Classroom, list[User]]:
    return family(cast.clara, "Lena", "Jonas")


@pytest.fixture
def device(cast: Cast, olivers: tuple[Classroom, list[User]]) -> Client:
    """A browser that a parent made the family's, with nobody signed in."""
    client = client_of(cast.clara)
    client.post(f"/classes/{olivers[0].public_id}/device/")
    client.post("/sign-out/")
    return client


def who(client: Client) -> str:
    return str(User.objects.get(pk=client.session["_auth_user_id"])) if "_auth_user_id" in client.session else ""


def test_the_cookie_is_closed_to_scripts_and_other_sites(device: Client) -> None:
    cookie = device.cookies[COOKIE]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"
    assert int(cookie["max-age"]) == 365 * 24 * 3600


def test_two_taps(device: Client, olivers: tuple[Classroom, list[User]]) -> None:
    assert device.get("/").headers["Location"] == "/family/"
    assert b"Jonas" in device.get("/family/").content
    lena, jonas = olivers[1]
    assert device.post(f"/family/{lena.public_id}/").headers["Location"] == "/"
    assert who(device) == "Lena"
    lenas_key = device.session.session_key
    device.post(f"/family/{jonas.public_id}/")
    assert who(device) == "Jonas"
    assert device.session.session_key != lenas_key
    thief = Client()
    thief.cookies["sessionid"] = str(lenas_key)
    assert thief.get("/you/").status_code == 302


def test_the_way_to_the_names_is_on_every_page_of_such_a_device(
    device: Client, olivers: tuple[Classroom, list[User]], cast: Cast
) -> None:
    lena = olivers[1][0]
    device.post(f"/family/{lena.public_id}/")
    for path in ("/you/", "/talk/"):
        assert b'href="/family/"' in device.get(path).content
        assert b'href="/family/"' not in client_of(cast.ana).get(path).content


def test_a_tap_is_a_post_with_its_token(device: Client, olivers: tuple[Classroom, list[User]]) -> None:
    lena = olivers[1][0]
    assert device.get(f"/family/{lena.public_id}/").status_code == 405
    strict = Client(enforce_csrf_checks=True)
    strict.cookies[COOKIE] = device.cookies[COOKIE].value
    assert strict.post(f"/family/{lena.public_id}/").status_code == 403


@pytest.mark.parametrize("name", ["clara", "ada", "ana", "emil"])
def test_nobody_else_comes_in_by_tap(device: Client, cast: Cast, name: str) -> None:
    assert device.post(f"/family/{cast.people[name].public_id}/").status_code == 404
    assert who(device) == ""


def test_a_child_who_got_a_password_says_it(device: Client, olivers: tuple[Classroom, list[User]]) -> None:
    lena = olivers[1][0]
    lena.set_password("ten small houses")
    lena.save()
    assert device.post(f"/family/{lena.public_id}/").status_code == 404
    assert b"with password" in device.get("/family/").content


def test_rights_over_others_need_a_password(device: Client, cast: Cast, olivers: tuple[Classroom, list[User]]) -> None:
    lena, jonas = olivers[1]
    Membership.objects.create(person=lena, classroom=cast.doras_class, role="teacher")
    User.objects.filter(pk=jonas.pk).update(is_administrator=True)
    assert device.post(f"/family/{lena.public_id}/").status_code == 404
    assert device.post(f"/family/{jonas.public_id}/").status_code == 404


def test_who_has_left_the_family_or_is_closed_out(
    device: Client, cast: Cast, olivers: tuple[Classroom, list[User]]
) -> None:
    lena, jonas = olivers[1]
    member = Membership.objects.get(person=lena)
    client_of(cast.clara).post(f"/classes/{olivers[0].public_id}/members/{member.public_id}/end/")
    User.objects.filter(pk=jonas.pk).update(is_active=False)
    assert device.post(f"/family/{lena.public_id}/").status_code == 404
    assert device.post(f"/family/{jonas.public_id}/").status_code == 404
    assert b"Lena" not in device.get("/family/").content


def test_a_childs_session_reaches_no_parents_page(device: Client, olivers: tuple[Classroom, list[User]]) -> None:
    made, (lena, _jonas) = olivers
    device.post(f"/family/{lena.public_id}/")
    assert device.get("/classes/").status_code == 404
    assert device.get(f"/classes/{made.public_id}/").status_code == 404
    for path in ("device", "device-link", "devices/sign-out", "children", "invite"):
        assert device.post(f"/classes/{made.public_id}/{path}/").status_code == 404
    assert device.get("/set-up/model/").status_code == 404


def test_a_strangers_device_sees_the_sign_in_page(client: Client, olivers: tuple[Classroom, list[User]]) -> None:
    assert client.get("/family/").headers["Location"] == "/sign-in/"
    assert client.post(f"/family/{olivers[1][0].public_id}/").status_code == 404


def _signed(value: object, salt: str = "polyglott.family-device", key: str | None = None) -> str:
    return signing.dumps(value, salt=salt, key=key)


def test_forged_and_foreign_cookies(client: Client, cast: Cast, olivers: tuple[Classroom, list[User]]) -> None:
    made = olivers[0]
    right = [str(made.public_id), made.device_generation]
    forged = [
        "",
        "nonsense",
        _signed(right, key="another key, long enough to look like one of ours"),
        _signed(right, salt="something else"),
        _signed([str(made.public_id), made.device_generation + 1]),
        _signed([str(made.public_id), 0]),
        _signed([str(cast.claras_class.public_id), 1]),
        _signed(["not a uuid", 1]),
        _signed("text"),
        _signed([1, 2, 3]),
        _signed([None, 1]),
    ]
    for value in forged:
        client.cookies[COOKIE] = value
        assert client.get("/family/").headers["Location"] == "/sign-in/", value
        assert client.post(f"/family/{olivers[1][0].public_id}/").status_code == 404
    client.cookies[COOKIE] = _signed(right)
    assert client.get("/family/").status_code == 200


def test_another_familys_device(cast: Cast, device: Client) -> None:
    _made, (mia,) = family(cast.dora, "Mia")
    assert device.post(f"/family/{mia.public_id}/").status_code == 404


def test_parents_sign_all_devices_out(device: Client, cast: Cast, olivers: tuple[Classroom, list[User]]) -> None:
    made, (lena, _jonas) = olivers
    pending = make_device_link(made, parent=cast.clara)
    client_of(cast.clara).post(f"/classes/{made.public_id}/devices/sign-out/")
    assert device.get("/family/").headers["Location"] == "/sign-in/"
    assert device.post(f"/family/{lena.public_id}/").status_code == 404
    assert Client().get(f"/device/{pending}/").status_code == 410


def test_a_link_makes_another_device(client: Client, cast: Cast, olivers: tuple[Classroom, list[User]]) -> None:
    page = client_of(cast.clara).post(f"/classes/{olivers[0].public_id}/device-link/")
    token = token_in(page.content)
    assert client.get(f"/device/{token}/").status_code == 200
    assert COOKIE not in client.cookies
    assert client.post(f"/device/{token}/").headers["Location"] == "/family/"
    assert client.get("/family/").status_code == 200
    assert Client().post(f"/device/{token}/").status_code == 410


def test_a_device_link_expires(client: Client, cast: Cast, olivers: tuple[Classroom, list[User]]) -> None:
    token = make_device_link(olivers[0], parent=cast.clara)
    expire(token)
    assert client.get(f"/device/{token}/").status_code == 410
    assert client.post(f"/device/{token}/").status_code == 410


def test_signed_out_devices_keep_nobody_signed_in(
    device: Client, cast: Cast, olivers: tuple[Classroom, list[User]]
) -> None:
    """A lost device: the child who is signed in on it is out too, and a parent elsewhere stays."""
    made, (lena, _jonas) = olivers
    device.post(f"/family/{lena.public_id}/")
    assert device.get("/you/").status_code == 200
    parent = client_of(cast.clara)
    parent.post(f"/classes/{made.public_id}/devices/sign-out/")
    assert device.get("/you/").status_code == 302
    assert parent.get("/you/").status_code == 200


def test_a_child_with_a_password_is_out_with_the_devices_and_one_who_left_long_ago(
    cast: Cast, olivers: tuple[Classroom, list[User]]
) -> None:
    made, (lena, jonas) = olivers
    grown = User.objects.create_user("greta", password="ten small houses")
    for person in (lena, grown):
        Membership.objects.update_or_create(
            person=person, classroom=made, defaults={"role": "student", "until": timezone.now()}
        )
    jonas.set_password("ten small houses")
    jonas.save()
    left, here, elsewhere, parent = (client_of(person) for person in (lena, jonas, grown, cast.clara))
    parent.post(f"/classes/{made.public_id}/devices/sign-out/")
    assert [client.get("/you/").status_code for client in (left, here)] == [302, 302]
    # Whoever has left the family with a password of their own has nothing to do with its devices.
    assert [client.get("/you/").status_code for client in (elsewhere, parent)] == [200, 200]


def test_a_child_let_go_is_signed_out(device: Client, cast: Cast, olivers: tuple[Classroom, list[User]]) -> None:
    made, (lena, jonas) = olivers
    device.post(f"/family/{lena.public_id}/")
    other = client_of(jonas)
    member = Membership.objects.get(person=lena)
    client_of(cast.clara).post(f"/classes/{made.public_id}/members/{member.public_id}/end/")
    assert device.get("/you/").status_code == 302
    assert other.get("/you/").status_code == 200


def test_a_parent_who_leaves_takes_no_device_along(
    device: Client, cast: Cast, olivers: tuple[Classroom, list[User]]
) -> None:
    made, (lena, _jonas) = olivers
    leaving = Membership.objects.create(person=cast.dora, classroom=made, role="teacher")
    device.post(f"/family/{lena.public_id}/")
    client_of(cast.clara).post(f"/classes/{made.public_id}/members/{leaving.public_id}/end/")
    assert device.get("/you/").status_code == 302
    assert device.post(f"/family/{lena.public_id}/").status_code == 404
