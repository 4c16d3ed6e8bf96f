"""The preset: what is refused and in which words, and that versions only ever grow."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.test import Client

from tests.cast import Cast
from tests.console.engines import ollama
from tutor.accounts.models import User
from tutor.audit.models import AuditEvent
from tutor.llm import engine_status
from tutor.llm.engine_status import EngineStatus, ModelFacts
from tutor.llm.presets import TUTOR_OPTIONS, Purpose, current_version, save_version, values_of

GOOD = {
    "model": "",
    "mode": "auto",
    "temperature": "0.5",
    "num_predict": "200",
    "top_p": "0.8",
    "repeat_penalty": "1.2",
    "num_ctx": "4096",
    "keep_alive": "2h",
}


@pytest.fixture
def ada(client: Client, cast: Cast) -> Client:
    client.force_login(cast.ada)
    return client


@pytest.fixture(autouse=True)
def a_board() -> Iterator[None]:
    engine_status.publish(
        EngineStatus((ollama(ModelFacts("qwen2.5:7b"), ModelFacts("embedder", capabilities=("embedding",))),))
    )
    yield
    engine_status.publish(EngineStatus())


def test_it_begins_with_the_specifications_options(ada: Client) -> None:
    text = ada.get("/console/presets/").content.decode()
    assert dict(TUTOR_OPTIONS) == current_version().options
    for value in ('value="0.7"', 'value="256"', 'value="0.9"', 'value="1.1"', 'value="4096"'):
        assert value in text
    assert "Version 1" in text
    assert "the program itself" in text
    assert "embedder" not in text


def test_each_save_is_the_next_version(ada: Client, cast: Cast) -> None:
    first = current_version()
    ada.post("/console/presets/", GOOD)
    newest = current_version()
    assert (newest.number, newest.made_by, newest.keep_alive) == (2, cast.ada, "2h")
    assert newest.options == {
        "temperature": 0.5,
        "num_predict": 200,
        "top_p": 0.8,
        "repeat_penalty": 1.2,
        "num_ctx": 4096,
    }
    first.refresh_from_db()
    assert first.options == dict(TUTOR_OPTIONS)
    assert AuditEvent.objects.get().what == "preset.changed"
    ada.post("/console/presets/", GOOD)
    assert current_version().number == 2


def test_an_earlier_version_is_used_again_as_a_new_one(ada: Client) -> None:
    old = current_version()
    ada.post("/console/presets/", GOOD | {"model": "qwen2.5:7b"})
    answer = ada.post(f"/console/presets/{old.preset.public_id}/again/", {"number": "1"}, follow=True)
    assert "Version 3 has the values of version 1." in answer.content.decode()
    assert current_version().options == old.options
    assert ada.post(f"/console/presets/{old.preset.public_id}/again/", {"number": "99"}).status_code == 404
    assert old.preset.versions.count() == 3


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("temperature", "2.5", "less than or equal to 2"),
        ("temperature", "warm", "Enter a number"),
        ("temperature", "nan", "Enter a number"),
        ("num_predict", "5", "greater than or equal to 32"),
        ("num_predict", "4000", "with 4096 tokens a reply may have 3328"),
        ("top_p", "0", "greater than or equal to 0.05"),
        ("repeat_penalty", "", "This field is required"),
        ("num_ctx", "1000000", "less than or equal to 131072"),
        ("model", "gpt-4o", "not one of the available choices"),
        ("model", "embedder", "not one of the available choices"),
        ("mode", "shouting", "not one of the available choices"),
        ("keep_alive", "forever", "not one of the available choices"),
    ],
)
def test_what_makes_no_sense_is_refused(ada: Client, field: str, value: str, words: str) -> None:
    for path in ("", "try/"):
        assert words in ada.post(f"/console/presets/{path}", GOOD | {field: value}).content.decode()
    assert current_version().number == 1


def test_the_built_in_engines_context_is_a_limit_where_it_may_answer(
    ada: Client, settings: object, monkeypatch: pytest.MonkeyPatch
) -> None:
    wide = GOOD | {"num_ctx": "8192"}
    settings.ENGINE = "auto"  # type: ignore[attr-defined]
    assert "The built-in engine has 4096 tokens" in ada.post("/console/presets/", wide).content.decode()
    ada.post("/console/presets/", wide | {"model": "qwen2.5:7b"})
    assert current_version().options["num_ctx"] == 8192


def test_a_model_that_is_gone_can_be_kept_and_is_named(ada: Client) -> None:
    ada.post("/console/presets/", GOOD | {"model": "qwen2.5:7b"})
    engine_status.publish(EngineStatus())
    assert "qwen2.5:7b (not installed now)" in ada.get("/console/presets/").content.decode()
    assert "The preset names qwen2.5:7b" not in ada.get("/console/presets/").content.decode()


def test_trying_saves_nothing(ada: Client) -> None:
    text = ada.post("/console/presets/try/", GOOD).content.decode()
    assert "nothing is saved yet" in text
    assert current_version().number == 1


@pytest.mark.parametrize("purpose", ["correction", "explanation", "report"])
def test_every_purpose_has_versions_of_its_own(ada: Client, purpose: str) -> None:
    page = ada.get(f"/console/presets/?purpose={purpose}").content.decode()
    assert 'name="mode"' not in page
    own = {name: value for name, value in GOOD.items() if name != "mode"}
    ada.post(f"/console/presets/?purpose={purpose}", own | {"temperature": "0.1"})
    assert (current_version(purpose).number, current_version(purpose).options["temperature"]) == (2, 0.1)
    assert (current_version().number, current_version().options) == (1, dict(TUTOR_OPTIONS))
    again = ada.post(f"/console/presets/{current_version(purpose).preset.public_id}/again/", {"number": "1"})
    assert again.headers["Location"] == f"/console/presets/?purpose={purpose}"
    assert current_version(purpose).number == 3


def test_what_a_model_is_loaded_with_is_the_same_for_all_its_purposes(ada: Client) -> None:
    """Another num_ctx would make the engine load the model anew whenever the purpose changes."""
    change("report", model="other:7b")
    ada.post("/console/presets/", GOOD | {"model": "qwen2.5:7b", "num_ctx": "8192"})
    contexts = {purpose: current_version(purpose).options["num_ctx"] for purpose in Purpose}
    assert contexts == {"reply": 8192, "correction": 8192, "explanation": 8192, "report": 4096}
    assert current_version("correction").options["temperature"] == 0.2
    assert current_version("correction").made_by == current_version().made_by
    ada.post("/console/presets/?purpose=explanation", GOOD | {"num_ctx": "4096"})
    assert {current_version(purpose).options["num_ctx"] for purpose in Purpose} == {4096}


def test_a_context_in_which_another_purpose_has_no_room_is_refused(ada: Client) -> None:
    ada.post("/console/presets/?purpose=report", GOOD | {"num_predict": "3000"})
    text = ada.post("/console/presets/", GOOD | {"num_ctx": "3000"}).content.decode()
    assert "Too little for “Reports”" in text
    assert current_version().options["num_ctx"] == 4096


def test_options_that_this_page_does_not_show_are_kept(ada: Client) -> None:
    change("reply", options={**TUTOR_OPTIONS, "num_thread": 4})
    assert current_version("correction").options["num_thread"] == 4
    ada.post("/console/presets/", GOOD)
    assert current_version().options["num_thread"] == 4


@pytest.mark.parametrize(
    ("size", "mode", "idle"), [("1.5B", "auto", True), ("7.6B", "auto", False), ("7.6B", "guided", True)]
)
def test_what_guided_talk_sets_by_itself_is_grey_and_says_so(ada: Client, size: str, mode: str, *, idle: bool) -> None:
    engine_status.publish(EngineStatus((ollama(ModelFacts("some:model", parameter_size=size)),)))
    ada.post("/console/presets/", GOOD | {"mode": mode})
    page = ada.get("/console/presets/").content.decode()
    assert page.count("data-idle") == (4 if idle else 0)
    assert ("Replies are guided talk now" in page) == idle
    assert "data-idle" not in ada.get("/console/presets/?purpose=report").content.decode()


def change(purpose: str, **values: object) -> None:
    version = current_version(purpose)
    save_version(version.preset, User.objects.get(username="ada"), **values_of(version) | values)
