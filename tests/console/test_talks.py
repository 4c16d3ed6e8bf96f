"""Talks whose model is gone: an administrator sees how many there are, and gives them all another one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.cast import Cast
from tests.installed import BIG, OTHER, SMALL, installed
from tests.review.talks import begun
from tutor.llm import engine_status
from tutor.llm.engine_status import EngineStatus
from tutor.llm.models import Host


@pytest.fixture
def host(db: None) -> Iterator[Host]:
    with installed(OTHER, SMALL) as found:
        yield found


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


def give(ada: Client, host: Host, model: str, *, guided: bool = False) -> str:
    form = {"gone": BIG.name, "another": f"{host.pk} {model}"} | ({"guided": "1"} if guided else {})
    return ada.post("/console/talks/", form, follow=True).content.decode()


def test_all_of_a_kind_get_another_at_once(ada: Client, cast: Cast, host: Host) -> None:
    talks = [begun(cast, name, host=host) for name in ("ana", "ben")]
    guided, kept = begun(cast, guided=True, host=host), begun(cast, model=OTHER.name, host=host)
    page = ada.get("/console/").content.decode()
    assert "Talks whose model is gone" in page
    assert "llama3.1:8b answers meanwhile" in page
    assert "llama3.1:8b answers in 2 talks now." in give(ada, host, OTHER.name)
    for talk in (*talks, guided, kept):
        talk.refresh_from_db()
    assert [(talk.model, talk.switched_from) for talk in talks] == [(OTHER.name, BIG.name)] * 2
    assert (guided.model, kept.switched_from) == (BIG.name, "")


def test_a_small_model_takes_over_guided_talks_only(ada: Client, cast: Cast, host: Host) -> None:
    free, guided = begun(cast, host=host), begun(cast, guided=True, host=host)
    assert "not there any more" in give(ada, host, SMALL.name)
    assert "tiny:latest answers in 1 talk now." in give(ada, host, SMALL.name, guided=True)
    free.refresh_from_db()
    guided.refresh_from_db()
    assert (free.model, guided.model) == (BIG.name, SMALL.name)


def test_no_words_and_no_names_are_shown(ada: Client, cast: Cast, host: Host) -> None:
    begun(cast, title="My secret diary", host=host)
    page = ada.get("/console/").content.decode()
    assert "secret" not in page
    assert "Ana" not in page


def test_a_model_that_somebody_has_is_not_gone(ada: Client, cast: Cast, host: Host) -> None:
    begun(cast, model=OTHER.name, host=host)
    assert "Talks whose model is gone" not in ada.get("/console/").content.decode()


def test_while_an_engine_is_silent_nobody_knows_what_is_gone(ada: Client, cast: Cast, host: Host) -> None:
    begun(cast, host=host)
    engine_status.publish(EngineStatus())
    assert "Talks whose model is gone" not in ada.get("/console/").content.decode()
    assert "not there any more" in give(ada, host, OTHER.name)
