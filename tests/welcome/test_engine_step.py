"""The step about the model: nothing is fetched unasked, and a fetch can be watched, paused, left and cancelled."""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from tests.accounts.doors import client_of
from tests.cast import Cast
from tests.jobs.kinds import end_all_jobs
from tests.patience import until_blocking
from tutor.engine.weights import LocalSource, Model, Source, WeightFile
from tutor.jobs.job import Progress
from tutor.jobs.models import JobRecord
from tutor.jobs.registry import registry
from tutor.llm.engine_status import EngineState, EngineStatus, ModelFacts, engine_status, publish
from tutor.llm.weights_job import WeightsJob

STEP = "/set-up/model/"
JOBS = "/console/jobs/"
BODY = b"weights" * 1_000_000


@pytest.fixture
def ada(cast: Cast) -> Client:
    return client_of(cast.ada)


@pytest.fixture(autouse=True)
def nothing_fetched_and_nothing_answering() -> Iterator[None]:
    before = engine_status()
    publish(EngineStatus())
    yield
    end_all_jobs()
    publish(before)


def engine_state(kind: str, **facts: object) -> EngineStatus:
    return EngineStatus((EngineState(1, "one", kind, "http://127.0.0.1:1", 1, **facts),))  # type: ignore[arg-type]


@pytest.mark.parametrize("path", [STEP, JOBS])
@pytest.mark.parametrize("name", ["ana", "clara", "max"])
def test_for_administrators_alone(cast: Cast, path: str, name: str) -> None:
    assert client_of(cast.people[name]).get(path).status_code == 404
    assert Client().get(path).headers["Location"].startswith("/sign-in/")


def test_looking_fetches_nothing(ada: Client) -> None:
    page = ada.get(STEP).content.decode()
    assert "qwen2.5:7b" in page
    assert not JobRecord.objects.exists()
    assert ada.get(JOBS).status_code == 200
    assert not JobRecord.objects.exists()


def test_it_names_what_answers(ada: Client) -> None:
    publish(engine_state("ollama", answers=True, models=(ModelFacts("qwen2.5:7b", parameter_size="7.6B"),)))
    page = ada.get(STEP).content.decode()
    assert re.search(r"Ollama answers with\s+<b>qwen2.5:7b</b>", page)
    assert "Fetch a built-in model" not in page


@pytest.mark.parametrize(
    ("picture", "words"),
    [
        (engine_state("ollama", answers=True), "ollama pull qwen2.5:7b"),
        (engine_state("builtin", problem="starting"), "is starting"),
        (engine_state("builtin", problem="no_libgomp"), "sudo apt-get install libgomp1"),
        (engine_state("builtin", problem="no_weights"), "has no model yet"),
        (EngineStatus(), "has no model yet"),
    ],
)
def test_it_says_what_is_missing(ada: Client, picture: EngineStatus, words: str) -> None:
    publish(picture)
    assert words in ada.get(STEP).content.decode()


def test_the_page_of_an_engine_that_starts_keeps_asking(ada: Client) -> None:
    publish(engine_state("builtin", problem="starting"))
    assert b"data-running" in ada.get(JOBS).content
    publish(engine_state("builtin", answers=True, models=(ModelFacts("qwen2.5:1.5b", parameter_size="1.5B"),)))
    assert b"data-running" not in ada.get(JOBS).content
    assert "<b>qwen2.5:1.5b</b>" in ada.get(STEP).content.decode()


@pytest.mark.parametrize("words", [{}, {"do": "delete"}, {"do": "start"}, {"do": "start", "model": "../../etc/passwd"}])
def test_what_is_no_button_is_refused(ada: Client, words: dict[str, str]) -> None:
    assert ada.post(STEP, words).status_code == 404
    assert not JobRecord.objects.exists()


def progress() -> Progress:
    return registry.progress(JobRecord.objects.latest("started"))


def press(client: Client, do: str) -> str:
    job = JobRecord.objects.latest("started").public_id
    return client.post(f"{JOBS}{job}/", {"do": do, "page": "set-up-model"}).headers["Location"]


def begin(model: Model, into: Path, source: Source) -> None:
    registry.begin(WeightsJob(model.name, model, into=into, sources=[source]))


@pytest.fixture
def tiny(tmp_path: Path, settings: Settings) -> Model:
    """A model whose weights lie on this disk, so that a real fetch of it reaches for no network."""
    (tmp_path / "tiny.gguf").write_bytes(BODY)
    settings.WEIGHTS_DIR = tmp_path / "models"
    file = WeightFile("tiny.gguf", len(BODY), hashlib.sha256(BODY).hexdigest(), "Tiny/Tiny-GGUF", "0123abc")
    return Model("tiny:1k", "Tiny", "1K", "Q4_K_M", "Apache-2.0", "guided", 1_000_000, (file,))


class Slowly(LocalSource):
    """A source that gives nothing, until nobody wants it any more."""

    def pour(self, file: WeightFile, part: object, valve: object) -> None:
        while True:
            valve.check()  # type: ignore[attr-defined]
            time.sleep(0.02)


def test_a_fetch_is_watched_paused_and_cancelled(ada: Client, tiny: Model, tmp_path: Path) -> None:
    begin(tiny, tmp_path / "models", Slowly(tmp_path))
    until_blocking(lambda: progress().phase == "downloading")
    page = ada.get(STEP).content.decode()
    assert "data-running" in page
    assert "fetching" in page
    assert "0 MB of 7 MB" in page
    assert press(ada, "pause") == STEP
    until_blocking(lambda: progress().state == "paused")
    page = client_of_another_browser(ada).get(STEP).content.decode()
    assert "Go on" in page
    press(ada, "resume")
    until_blocking(lambda: progress().state == "running")
    press(ada, "cancel")
    until_blocking(lambda: progress().state == "cancelled")
    page = ada.get(STEP).content.decode()
    assert "cancelled" in page
    assert "data-running" not in page


def client_of_another_browser(client: Client) -> Client:
    other = Client()
    other.cookies["sessionid"] = client.cookies["sessionid"].value
    return other


def test_a_fetch_that_came_whole_and_one_that_failed(ada: Client, tiny: Model, tmp_path: Path) -> None:
    begin(tiny, tmp_path / "models", LocalSource(tmp_path))
    until_blocking(lambda: progress().state == "done")
    page = ada.get(STEP).content.decode()
    assert "Whole and checked." in page
    assert "is starting" in page
    (tmp_path / "tiny.gguf").write_bytes(b"x" * len(BODY))
    begin(tiny, tmp_path / "elsewhere", LocalSource(tmp_path))
    until_blocking(lambda: progress().state == "failed")
    assert "thrown away" in ada.get(STEP).content.decode()
