"""A model that answers from elsewhere, where the house allows such: every page with a composer says so."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit
from uuid import uuid4

import pytest
from django.test import Client

from tests.cast import Cast
from tutor.accounts.models import User
from tutor.classrooms.models import Study
from tutor.llm import engine_status, selection
from tutor.llm.engine_status import EngineState, EngineStatus, ModelFacts
from tutor.llm.hosts import addresses, save_host

SAID = b"outside this house"


@pytest.fixture(params=[True, False])
def remote(request: pytest.FixtureRequest, cast: Cast) -> Iterator[bool]:
    before, row = engine_status.engine_status(), next(one for one in addresses() if one.kind == "ollama")
    facts = ModelFacts("gpt-oss:120b-cloud", parameter_size="117B", remote=request.param)
    state = EngineState(row.pk, row.public_id, "ollama", row.base_url, 1, answers=True, models=(facts,))
    engine_status.publish(EngineStatus((state,)))
    yield request.param
    engine_status.publish(before)


HOUSES = {
    "https://gpu.example.org:443": (True, True),
    "https://8.8.8.8:443": (True, True),
    "http://gpu.lan:11434": (False, False),
    "http://192.168.0.4:11434": (False, False),
    # It answers, but another one that is in use would be asked as well: nothing is claimed.
    "http://127.0.0.1:11434 beside https://gpu.example.org": (False, True),
}


@pytest.mark.parametrize("address", HOUSES)
def test_a_host_outside_is_said_wherever_people_write(client: Client, cast: Cast, address: str) -> None:
    goes_out, might_go_out = HOUSES[address]
    inside, _, outside = address.partition(" beside ")
    rows = [save_host(None, one, 1, enabled=True, by=cast.ada) for one in (inside, outside) if one]
    facts = ModelFacts("qwen2.5:7b", parameter_size="7.6B")
    before = engine_status.engine_status()
    states = (EngineState(row.pk, "", "ollama", row.base_url, 1, answers=True, models=(facts,)) for row in rows)
    engine_status.publish(EngineStatus(tuple(states)))
    try:
        pages = [look(client, cast.clara), look(client, cast.ana), look(client, cast.ana, cast.anas_study)]
        taken_over = selection.for_conversation(None, "llama3.1:8b", guided=False)
        same_model = selection.for_conversation(None, "qwen2.5:7b", guided=False)
    finally:
        engine_status.publish(before)
    name = urlsplit(inside).hostname or ""
    assert [SAID in page and f"“{name}”".encode() in page for page in pages] == [goes_out] * 3
    assert not any(inside.encode() in page for page in pages)
    assert (b"Nothing of it leaves" in pages[0]) is not might_go_out
    assert {taken_over.available, same_model.available} == {not goes_out}


def look(client: Client, person: User, begun: Study | None = None) -> bytes:
    """The page where a talk is chosen, or that of one that has begun."""
    client.force_login(person)
    if begun is None:
        return client.get("/talk/").content
    chosen = {"client_id": uuid4(), "study": begun.public_id, "style": "patient", "place": ""}
    return client.post("/talk/new", chosen, follow=True).content


def test_it_never_takes_over_a_talk_that_began_in_the_house(cast: Cast, *, remote: bool) -> None:
    row = next(one for one in addresses() if one.kind == "ollama")
    taken_over = selection.for_conversation(row.pk, "qwen2.5:7b", guided=False)
    assert taken_over.available is not remote


def test_said_before_a_talk_begins_and_beside_its_composer(client: Client, cast: Cast, *, remote: bool) -> None:
    client.force_login(cast.ana)
    assert (SAID in client.get("/talk/").content) is remote
    talk = look(client, cast.ana, cast.anas_study)
    assert b"gpt-oss:120b-cloud" in talk
    assert (SAID in talk) is remote
