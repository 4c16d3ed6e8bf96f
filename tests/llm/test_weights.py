"""The fetch of weights as a job, against a real server, and what is on offer."""

from __future__ import annotations

import hashlib
import random
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings

from tests.engine.weights.a_server import WeightsServer, drip, wrong_bytes
from tests.patience import PATIENCE_S, until_blocking
from tutor.engine.weights import Model, PublisherSource, WeightFile
from tutor.jobs.job import Progress
from tutor.jobs.registry import Registry
from tutor.llm import weights, weights_job
from tutor.llm.weights_job import WeightsJob

BODY = random.Random(3).randbytes(200_000)
FILE = WeightFile("tiny.gguf", len(BODY), hashlib.sha256(BODY).hexdigest(), "Tiny/Tiny-GGUF", "0123abc")
MODEL = Model("tiny:1k", "Tiny", "1K", "Q4_K_M", "Apache-2.0", "guided", 1_000_000, (FILE,))


@pytest.fixture
def server() -> Iterator[WeightsServer]:
    server = WeightsServer(BODY)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


def job_of(server: WeightsServer, folder: Path) -> WeightsJob:
    return WeightsJob(MODEL.name, MODEL, into=folder, sources=[PublisherSource(server.url)])


@pytest.fixture
def jobs(db: None) -> Iterator[Registry]:
    registry = Registry()
    yield registry
    registry._end_all()


def test_whoever_watches_is_told_when_a_model_is_whole(jobs: Registry, server: WeightsServer, tmp_path: Path) -> None:
    told = threading.Event()
    jobs.watch(told.set)
    jobs.begin(job := job_of(server, tmp_path))
    assert told.wait(PATIENCE_S)
    assert job.progress == Progress("done", done=len(BODY), total=len(BODY))
    assert (tmp_path / "tiny.gguf").read_bytes() == BODY


def test_a_failure_is_kept_and_nobody_is_told(jobs: Registry, server: WeightsServer, tmp_path: Path) -> None:
    told = threading.Event()
    jobs.watch(told.set)
    server.moods = [wrong_bytes] * 9
    jobs.begin(job := job_of(server, tmp_path))
    until_blocking(lambda: job.progress.state == "failed")
    assert job.progress.error == "wrong_bytes"
    assert "thrown away" in job.fault_text(job.progress)
    assert not told.is_set()


def test_paused_cancelled_taken_up_again_and_discarded(
    jobs: Registry, server: WeightsServer, tmp_path: Path, settings: LazySettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.moods = [drip] * 9
    jobs.begin(first := job_of(server, tmp_path))
    until_blocking(lambda: first.progress.phase == "downloading" and first.progress.done > 0)
    first.pause()
    until_blocking(lambda: first.progress.state == "paused")
    first.cancel()
    until_blocking(lambda: first.progress.state == "cancelled")
    part = tmp_path / "tiny.gguf.part"
    assert part.stat().st_size
    jobs.begin(second := job_of(server, tmp_path))
    until_blocking(lambda: second.progress.done > first.progress.done)
    second.cancel()
    until_blocking(lambda: second.progress.state == "cancelled")
    settings.WEIGHTS_DIR = tmp_path
    monkeypatch.setattr(weights_job, "model_named", lambda _name: MODEL)
    WeightsJob.discard(MODEL.name)
    assert list(tmp_path.iterdir()) == []


def test_no_room_says_how_much_is_missing() -> None:
    seen = Progress("failed", error="no_space", detail="2000000000")
    assert WeightsJob.fault_text(seen) == "The disk has too little room. 2.00 GB more are needed."


def test_nothing_is_on_offer_where_the_engine_is_off() -> None:
    assert weights.offers() == []


def test_offers_are_the_catalogue_the_best_first(settings: LazySettings, tmp_path: Path) -> None:
    settings.ENGINE = "auto"
    settings.WEIGHTS_DIR = tmp_path
    offers = weights.offers()
    assert [offer.name for offer in offers] == [
        "qwen2.5:7b",
        "qwen2.5:1.5b",
        "qwen2.5-coder:1.5b",
        "qwen2.5-coder:0.5b",
    ]
    assert not any(offer.installed for offer in offers)
    assert all(offer.licence and offer.size_bytes for offer in offers)


def test_nothing_is_too_big_where_the_system_does_not_tell_its_memory(
    settings: LazySettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ENGINE, settings.WEIGHTS_DIR = "auto", tmp_path
    monkeypatch.setattr(weights, "free_memory_bytes", lambda: 0)
    offers = weights.offers()
    assert all(offer.fits for offer in offers)
    assert [offer.name for offer in offers if offer.best] == ["qwen2.5:1.5b"]


def test_an_unknown_model_is_no_fetch() -> None:
    with pytest.raises(LookupError):
        WeightsJob("nobody:1b")
