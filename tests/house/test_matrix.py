"""Each door is tried by the whole cast. A door without a row in the matrix fails."""

from __future__ import annotations

import typing

import pytest
from django.conf import settings
from django.db import transaction
from django.http import HttpResponseBase
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.house.matrix import ABSENT, ACTORS, COMMANDS, ENDED, FORBIDDEN, FORMS, METHOD, OPEN, ROUTES, SIGN_IN
from tests.house.routes import every_route
from tests.house.scene import set_scene
from tutor.accounts.models import User
from tutor.chat import protocol

STATUSES = {404: ABSENT, 403: FORBIDDEN, 405: METHOD, 410: ENDED}


def test_every_route_has_a_name_and_a_row() -> None:
    routes = every_route()
    assert [route.address for route in routes if not route.name] == []
    assert sorted({route.name for route in routes} - ROUTES.keys()) == []


def test_no_row_without_a_route() -> None:
    assert sorted(ROUTES.keys() - {route.name for route in every_route()}) == []


def test_every_command_has_a_row() -> None:
    commands = {typing.get_args(kind.model_fields["type"].annotation)[0] for kind in typing.get_args(protocol.Command)}
    assert commands == COMMANDS.keys()


@pytest.mark.parametrize("name", sorted(ROUTES))
def test_route(name: str, cast: Cast) -> None:
    route = next(route for route in every_route() if route.name == name)
    scene = set_scene(cast, name)
    address = reverse(name, kwargs={parameter: scene[parameter] for parameter in route.parameters})
    form = FORMS.get(name, {})
    wrong = {
        f"{method} {actor}": (found, answers.to(actor))
        for method, answers in ROUTES[name].items()
        for actor in ACTORS
        if (found := ask(method, address, form, cast.people.get(actor))) != answers.to(actor)
    }
    assert wrong == {}, "found, expected"


def ask(method: str, address: str, form: dict[str, str], person: User | None) -> str:
    """One request as this person, with everything it changed undone afterwards."""
    with transaction.atomic():
        client = Client(HTTP_HOST="127.0.0.1")
        if person is not None:
            client.force_login(person)
        response = client.post(address, form) if method == "POST" else client.generic(method, address)
        transaction.set_rollback(True)
    return verdict(response)


def verdict(response: HttpResponseBase) -> str:
    if response.status_code in {301, 302, 303}:
        sign_in = resolve_url(settings.LOGIN_URL)
        return SIGN_IN if response.headers["Location"].startswith(sign_in) else OPEN
    if response.status_code < 300 or response.status_code in {400, 422}:
        return OPEN
    return STATUSES.get(response.status_code, str(response.status_code))
