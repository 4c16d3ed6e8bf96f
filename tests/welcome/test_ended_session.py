"""Whoever finds themselves signed out is told why, once; and comes back to a page that is theirs."""

from __future__ import annotations

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from tests.accounts.doors import client_of, family
from tests.cast import PASSWORD, Cast
from tests.chat.test_pages import begin
from tutor.classrooms.services import make_device_link
from tutor.welcome.way_back import way_back

SAID = "You are signed out here"


@pytest.fixture
def ana(cast: Cast) -> Client:
    return client_of(cast.ana)


def end_all() -> None:
    Session.objects.all().delete()


def test_the_page_that_asks_to_sign_in_says_why_and_only_once(ana: Client) -> None:
    end_all()
    asked = ana.get("/you/", follow=True)
    assert asked.redirect_chain[0][0] == "/sign-in/?next=/you/"
    assert SAID in asked.content.decode()
    assert SAID not in ana.get("/sign-in/").content.decode()


def test_so_does_the_sign_in_page_itself(ana: Client, cast: Cast) -> None:
    cast.ana.set_password("quite another")
    cast.ana.save()
    assert SAID in ana.get("/sign-in/?next=/talk/").content.decode()


def test_and_the_page_after_something_that_was_refused(ana: Client) -> None:
    end_all()
    assert ana.post("/sign-out/").status_code == 302
    assert SAID in ana.get("/sign-in/").content.decode()


def test_whoever_comes_in_again_at_once_is_not_told(ana: Client) -> None:
    page = ana.get("/sign-in/")
    end_all()
    answer = ana.post("/sign-in/", {"login": "ana", "password": PASSWORD}, follow=True)
    assert SAID not in page.content.decode() + answer.content.decode()


def test_whoever_signs_out_and_whoever_never_was_in_is_not_told(ana: Client) -> None:
    ana.post("/sign-out/")
    assert SAID not in ana.get("/you/", follow=True).content.decode()
    assert SAID not in Client().get("/you/", follow=True).content.decode()


def test_the_way_back_is_ones_own(cast: Cast, ana: Client) -> None:
    hers = begin(ana, cast.anas_study)
    assert way_back(cast.ana, hers) == hers
    assert way_back(cast.ben, hers) == "/"
    assert way_back(cast.ben, "/talk/?study=x") == "/talk/?study=x"
    for elsewhere in ("", "https://evil.example/", "//evil.example/", "javascript:alert(1)"):
        assert way_back(cast.ana, elsewhere) == "/"
    for name, leads in (("ana", hers), ("ben", "/")):
        answer = Client().post("/sign-in/", {"login": name, "password": PASSWORD, "next": hers})
        assert answer.headers["Location"] == leads


def test_a_child_comes_back_by_a_tap_and_a_sister_does_not(cast: Cast) -> None:
    olivers, (lena, jonas) = family(cast.clara, "Lena", "Jonas")
    token = make_device_link(olivers, parent=cast.clara)
    device = Client()
    device.post(f"/device/{token}/")
    assert b"/family/?next=/talk/" in device.get("/sign-in/?next=/talk/").content
    assert b'name="next" value="/talk/"' in device.get("/family/?next=/talk/").content
    assert device.post(f"/family/{lena.public_id}/", {"next": "/talk/"}).headers["Location"] == "/talk/"
    hers = begin(client_of(cast.ana), cast.anas_study)
    assert device.post(f"/family/{jonas.public_id}/", {"next": hers}).headers["Location"] == "/"
