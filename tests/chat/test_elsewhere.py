"""A model that answers from elsewhere, where the house allows such: every page with a composer says so."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client

from tests.cast import Cast
from tutor.catalogue import board, choice
from tutor.catalogue.board import Board, EngineState, ModelFacts
from tutor.catalogue.hosts import addresses

SAID = b"outside this house"


@pytest.fixture(params=[True, False])
def remote(request: pytest.FixtureRequest, cast: Cast) -> Iterator[bool]:
    before, row = board.board(), next(one for one in addresses() if one.kind == "ollama")
    facts = ModelFacts("gpt-oss:120b-cloud", parameter_size="117B", remote=request.param)
    state = EngineState(row.pk, row.public_id, "ollama", row.base_url, 1, answers=True, models=(facts,))
    board.put_up(Board((state,)))
    yield request.param
    board.put_up(before)


def test_it_never_takes_over_a_talk_that_began_in_the_house(cast: Cast, *, remote: bool) -> None:
    row = next(one for one in addresses() if one.kind == "ollama")
    taken_over = choice.for_conversation(row.pk, "qwen2.5:7b", guided=False)
    assert taken_over.available is not remote


def test_said_before_a_talk_begins_and_beside_its_composer(client: Client, cast: Cast, *, remote: bool) -> None:
    client.force_login(cast.ana)
    assert (SAID in client.get("/talk/").content) is remote
    study = {"client_id": uuid4(), "study": cast.anas_study.public_id, "style": "patient", "place": ""}
    talk = client.post("/talk/new", study, follow=True)
    assert b"gpt-oss:120b-cloud" in talk.content
    assert (SAID in talk.content) is remote
