"""A talk is given another model by whoever learns in it: one that is there, and big enough for this kind of talk."""

from __future__ import annotations

from collections.abc import Iterator
from uuid import uuid4

import pytest
from django.test import Client

from tests.cast import Cast
from tests.installed import BIG, EMBEDS, OTHER, SMALL, installed
from tutor.conversations.models import Conversation
from tutor.llm import engine_status
from tutor.llm.engine_status import EngineStatus
from tutor.llm.models import Host


@pytest.fixture
def host(db: None) -> Iterator[Host]:
    with installed(BIG, OTHER, SMALL, EMBEDS) as found:
        yield found


@pytest.fixture
def address(client: Client, cast: Cast, host: Host) -> str:
    client.force_login(cast.ana)
    values = {"client_id": uuid4(), "study": cast.anas_study.public_id, "style": "market", "place": ""}
    return str(client.post("/talk/new", values).url) + "model"  # type: ignore[attr-defined]


def test_those_are_offered_that_can_hold_the_talk(client: Client, address: str) -> None:
    page = client.get(address).content.decode()
    assert "Use llama3.1:8b" in page
    assert "answers now" in page
    assert "tiny" not in page
    assert "embed" not in page


def test_the_chosen_one_answers_from_now_on(client: Client, address: str, host: Host) -> None:
    talk = Conversation.objects.get()
    assert talk.model == "qwen2.5:7b"
    answer = client.post(address, {"model": "llama3.1:8b", "host": host.pk})
    assert answer.status_code == 302
    talk.refresh_from_db()
    assert (talk.model, talk.switched_from, talk.host_id) == ("llama3.1:8b", "qwen2.5:7b", host.pk)


@pytest.mark.parametrize("model", ["tiny:latest", "embed:latest", "nobody:latest", ""])
def test_no_other_is_taken(client: Client, address: str, host: Host, model: str) -> None:
    client.post(address, {"model": model, "host": host.pk})
    assert Conversation.objects.get().model == "qwen2.5:7b"


def test_where_nothing_answers_the_page_says_so(client: Client, address: str) -> None:
    engine_status.publish(EngineStatus())
    assert "No other model" in client.get(address).content.decode()
