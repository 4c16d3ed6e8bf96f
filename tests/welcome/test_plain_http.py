"""Where passwords are typed and codes handed over, the page says when others in the network can listen in."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from tests.accounts.doors import client_of
from tests.cast import Cast
from tutor.accounts.links import renew_set_up_link
from tutor.accounts.models import User
from tutor.accounts.services import make_reset_code
from tutor.classrooms.services import invite

WARNING = "Anyone in this network can listen in"
PAGES = ["sign-in", "code", "join", "set-up", "new-password", "own-password", "handover"]


@pytest.fixture(params=PAGES)
def page(request: pytest.FixtureRequest, cast: Cast) -> tuple[Client, str, str]:
    """Who asks for it, how, and where it stands."""
    match request.param:
        case "join":
            return Client(), "get", f"/join/{invite(cast.claras_class, 'student', by=cast.clara)[1]}/"
        case "set-up":
            User.objects.filter(is_administrator=True).delete()
            return Client(), "get", str(renew_set_up_link()).removeprefix("http://127.0.0.1:8000")
        case "new-password":
            return Client(), "get", f"/new-password/{make_reset_code(cast.clara, cast.ana)}/"
        case "own-password":
            return client_of(cast.ana), "get", "/you/password/"
        case "handover":
            return client_of(cast.clara), "post", f"/classes/people/{cast.ana.public_id}/new-password/"
        case name:
            return Client(), "get", f"/{name}/"


@pytest.mark.parametrize(
    ("address", "times"),
    [
        ("http://192.168.1.20:8000", 1),
        ("http://127.0.0.1:8000", 0),
        ("http://localhost:8000", 0),
        ("http://[::1]:8000", 0),
        ("https://tutor.school.example", 0),
    ],
)
def test_it_says_so_once(page: tuple[Client, str, str], settings: Any, address: str, times: int) -> None:
    client, how, where = page
    settings.PUBLIC_URL = address
    answer = getattr(client, how)(where)
    assert answer.status_code == 200
    assert answer.content.decode().count(WARNING) == times
