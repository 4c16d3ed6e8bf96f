"""No other site makes a signed-in browser change anything, and looking changes nothing by itself."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.apps import apps
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tests.cast import Cast
from tests.house.routes import every_route
from tests.house.scene import set_scene
from tutor.conversations.models import ReadReceipt
from tutor.llm.models import Host, Preset, PresetVersion

# Hosts and the preset are sown by whoever comes first; a reading is the trace of a look.
TRACES = {Host, Preset, PresetVersion, ReadReceipt}


def test_every_form_wants_the_pages_own_token(cast: Cast) -> None:
    careful = Client(enforce_csrf_checks=True)
    careful.force_login(cast.ada)
    taken = {}
    for route in every_route():
        kinds = {name: "x" * 32 if name == "token" else uuid4() for name in route.parameters}
        status = careful.post(reverse(route.name, kwargs=kinds)).status_code
        if status != 403:
            taken[route.name] = status
    assert taken == {}


def test_looking_changes_nothing(cast: Cast) -> None:
    changed = []
    for route in every_route():
        for person in (cast.ana, cast.clara, cast.ada):
            with transaction.atomic():
                scene = set_scene(cast, route.name)
                client = Client()
                client.force_login(person)
                before = rows()
                client.get(reverse(route.name, kwargs={name: scene[name] for name in route.parameters}))
                if rows() != before:
                    changed.append(f"{route.name} {person.username}")
                transaction.set_rollback(True)
    assert changed == []


def rows() -> dict[str, list[Any]]:
    ours = (model for model in apps.get_models() if model.__module__.startswith("tutor.") and model not in TRACES)
    return {model.__name__: list(model._default_manager.order_by("pk").values_list()) for model in ours}
