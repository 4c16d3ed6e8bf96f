"""Pages ask the database as often for many rows as for a few."""

from __future__ import annotations

import re
from collections import Counter

from django.db import connection
from django.http import HttpResponse
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.cast import Cast
from tests.house.many import add_rows
from tests.house.matrix import ACTORS, OPEN, ROUTES
from tests.house.routes import every_route
from tests.house.scene import link_for, set_scene
from tutor.classrooms.devices import mark_device
from tutor.classrooms.models import Classroom

FEW, MORE = 2, 6
# Besides what the matrix lets them see: a family's device shows the children's names to whoever holds it.
ON_A_DEVICE = ("switch", "account_login")

Visit = tuple[str, str]  # a route's name and one of the cast


def test_as_many_statements_for_many_rows_as_for_few(cast: Cast) -> None:
    addresses = every_page(cast)
    clients = {actor: signed_in(cast, actor) for actor in ACTORS}
    clients["a device"] = device_of(Classroom.objects.get(kind=Classroom.Kind.FAMILY))
    visits = [(name, actor) for name in addresses for actor in visitors(name)]
    add_rows(cast, FEW)
    few = {visit: statements(clients[visit[1]], addresses[visit[0]]) for visit in visits}
    add_rows(cast, MORE)
    many = {visit: statements(clients[visit[1]], addresses[visit[0]]) for visit in visits}
    assert len(visits) > 100
    assert {visit: more for visit in visits if (more := many[visit] - few[visit])} == {}


def every_page(cast: Cast) -> dict[str, str]:
    """An address for each route at which somebody sees something."""
    scene = set_scene(cast, "class")
    pages = {}
    for route in every_route():
        if visitors(route.name):
            values = scene | {"token": link_for(cast, route.name)[1] if "token" in route.parameters else ""}
            pages[route.name] = reverse(route.name, kwargs={name: values[name] for name in route.parameters})
    return pages


def visitors(name: str) -> list[str]:
    answers = ROUTES[name].get("GET")
    return [actor for actor in ACTORS if answers and answers.to(actor) == OPEN] + ["a device"] * (name in ON_A_DEVICE)


def signed_in(cast: Cast, actor: str) -> Client:
    client = Client(HTTP_HOST="127.0.0.1")
    if actor in cast.people:
        client.force_login(cast.people[actor])
    return client


def device_of(family: Classroom) -> Client:
    client, response = Client(HTTP_HOST="127.0.0.1"), HttpResponse()
    mark_device(response, family)
    client.cookies = response.cookies
    return client


def statements(client: Client, address: str) -> Counter[str]:
    """How often a page asks what, without the values: the second time, when what is made once is made."""
    client.get(address)
    with CaptureQueriesContext(connection) as asked:
        assert client.get(address).status_code < 400
    return Counter(re.sub(r"\(.*?\)|'.*?'|\d+", "?", query["sql"])[:400] for query in asked)
