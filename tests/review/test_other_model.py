"""A teacher gives a student's talk another model, while both are in the class; nobody else's, and never in secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.cast import Cast
from tests.installed import BIG, OTHER, SMALL, installed
from tests.review.talks import begun, days_ago
from tutor.classrooms.models import Membership
from tutor.conversations.models import Conversation
from tutor.llm.models import Host


@pytest.fixture
def host(db: None) -> Iterator[Host]:
    with installed(BIG, OTHER, SMALL) as found:
        yield found


@pytest.fixture
def talk(cast: Cast, host: Host) -> Conversation:
    return begun(cast, host=host)


@pytest.fixture
def clara(client: Client, cast: Cast) -> Client:
    client.force_login(cast.clara)
    return client


def model_page(talk: Conversation) -> str:
    return f"/review/{talk.public_id}/model/"


def test_those_are_offered_that_can_hold_it(clara: Client, talk: Conversation) -> None:
    assert model_page(talk) in clara.get(f"/review/{talk.public_id}/").content.decode()
    page = clara.get(model_page(talk)).content.decode()
    assert "Use llama3.1:8b" in page
    assert "tiny" not in page


def test_the_chosen_one_answers_and_the_one_before_is_named(clara: Client, talk: Conversation, host: Host) -> None:
    answer = clara.post(model_page(talk), {"model": "llama3.1:8b", "host": host.pk}, follow=True)
    assert "From the next message on, llama3.1:8b answers." in answer.content.decode()
    talk.refresh_from_db()
    assert (talk.model, talk.switched_from) == ("llama3.1:8b", "qwen2.5:7b")


def test_one_that_is_not_there_is_not_taken(clara: Client, talk: Conversation, host: Host) -> None:
    answer = clara.post(model_page(talk), {"model": "tiny:latest", "host": host.pk}, follow=True)
    assert "not there any more" in answer.content.decode()
    talk.refresh_from_db()
    assert talk.model == "qwen2.5:7b"


@pytest.mark.parametrize("gone", ["ana", "clara"])
def test_not_after_one_of_both_has_left(cast: Cast, clara: Client, talk: Conversation, gone: str) -> None:
    Membership.objects.filter(person=cast.people[gone]).update(until=days_ago(0))
    assert clara.get(model_page(talk)).status_code == 404
    assert clara.post(model_page(talk), {"model": "llama3.1:8b"}).status_code == 404
