"""The page about models, from what the engine_status says, without any engine."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from tests.cast import Cast
from tests.console.engines import ollama
from tutor.conversations.models import Conversation
from tutor.llm import engine_status
from tutor.llm.engine_status import EngineState, EngineStatus, LoadedFacts, ModelFacts
from tutor.llm.hosts import addresses

GB = 1_000_000_000


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.fixture(autouse=True)
def empty_board() -> Iterator[None]:
    yield
    engine_status.publish(EngineStatus())


def page(client: Client) -> str:
    answer = client.get("/console/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_before_anything_answers_it_says_what_to_install(ada: Client) -> None:
    text = page(ada)
    for name in ("qwen2.5:7b", "qwen2.5:3b", "qwen2.5:14b", "llama3.1:8b"):
        assert f"ollama pull {name}" in text
    for purpose in ("good balance", "fast responses", "higher quality", "alternative"):
        assert purpose in text
    assert "no model answers" in text
    assert "No engine answers" in text


def test_what_is_installed_loaded_and_answering(ada: Client) -> None:
    until = timezone.now() + timedelta(minutes=9)
    state = ollama(
        ModelFacts("qwen2.5:3b", size_bytes=2 * GB, parameter_size="3.1B"),
        ModelFacts("mistral:7b", size_bytes=4 * GB, parameter_size="7.2B"),
        loaded=(LoadedFacts("qwen2.5:3b", 3 * GB, until),),
    )
    engine_status.publish(EngineStatus((state,), timezone.now()))
    text = page(ada)
    assert "talks now" in text
    assert "3.0 GB in memory" in text
    assert "mistral:7b" in text
    assert "answers in 3 ms" in text
    assert "The best of the recommended ones that is installed." in text
    assert "ollama pull qwen2.5:3b" not in text


def test_a_model_on_another_computer_is_not_measured_here(ada: Client) -> None:
    state = ollama(ModelFacts("qwen2.5:7b", size_bytes=5 * GB, parameter_size="7.6B"))
    engine_status.publish(EngineStatus((EngineState(**(vars(state) | {"base_url": "http://192.168.1.9:11434"})),)))
    text = page(ada)
    assert "another computer" in text
    assert "in your own network" in text


def test_an_engine_that_does_not_answer_says_why(ada: Client) -> None:
    engine_status.publish(EngineStatus((ollama(answers=False, problem="offline"),)))
    assert "Nobody answers at this address." in page(ada)


@pytest.mark.parametrize("installed", ["2026.10.1", ""])
def test_the_built_in_engine_says_what_it_runs_on(ada: Client, monkeypatch: pytest.MonkeyPatch, installed: str) -> None:
    """Not what it answers on the wire, where it says what an Ollama built from source says."""

    def version(name: str) -> str:
        if not installed:
            raise importlib.metadata.PackageNotFoundError(name)
        return installed

    monkeypatch.setattr(importlib.metadata, "version", version)
    own = next(one for one in addresses() if one.kind == "builtin")
    state = EngineState(own.pk, own.public_id, "builtin", "http://127.0.0.1:9", 2, answers=True, version="0.0.0")
    engine_status.publish(EngineStatus((state,)))
    for text in (page(ada), ada.get("/console/hosts/").content.decode()):
        assert "0.0.0" not in text
        assert ("xllamacpp 2026.10.1" in text) == bool(installed)


def test_names_of_models_become_no_html(ada: Client) -> None:
    evil = "<script>alert(1)</script>"
    engine_status.publish(EngineStatus((ollama(ModelFacts(evil, parameter_size=evil), version=evil),)))
    assert "<script>alert" not in page(ada)
    answer = ada.post("/console/test/", {"model": evil, "host": evil}).content.decode()
    assert "<script>alert" not in answer


def test_no_words_of_learners(ada: Client, cast: Cast) -> None:
    from tests.review.talks import begun, say

    say(begun(cast, title="canary-title"), "canary-words", "canary-reply")
    assert Conversation.objects.count() == 1
    for path in ("", "presets/", "hosts/", "people/", "people/log/", "people/new/", "jobs/"):
        assert "canary" not in ada.get(f"/console/{path}").content.decode(), path


@pytest.mark.parametrize("name", ["ana", "ben", "clara", "dora", "emil", "max"])
def test_for_others_there_is_no_such_room(client: Client, cast: Cast, name: str) -> None:
    client.force_login(cast.people[name])
    for path in ("", "presets/", "hosts/", "people/", "people/log/", "people/new/", "jobs/"):
        assert client.get(f"/console/{path}").status_code == 404, path
    for path in ("look-again/", "test/", "weights/", "presets/", "presets/try/", "hosts/", "hosts/ask/", "people/new/"):
        assert client.post(f"/console/{path}", {"model": "x", "do": "start"}).status_code == 404, path


def test_outside_a_server_process_a_test_says_so(ada: Client) -> None:
    answer = ada.post("/console/test/", {"model": "qwen2.5:7b"})
    assert "This process runs no talks" in answer.content.decode()
    assert ada.post("/console/look-again/").status_code == 302


def test_with_the_built_in_engine_off_nothing_can_be_fetched(ada: Client) -> None:
    assert "switched off in this house" in page(ada)
    answer = ada.post("/console/weights/", {"do": "start", "model": "qwen2.5-coder:0.5b"}, follow=True)
    assert "That cannot be fetched just now." in answer.content.decode()
    assert b"data-job=" not in ada.get("/console/jobs/").content
