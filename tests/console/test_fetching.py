"""A fetch as the page shows it: progress, pause, go on, cancel; from a local server that drips."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from tests.cast import Cast
from tests.engine.weights.a_server import WeightsServer, drip
from tests.jobs.kinds import end_all_jobs
from tests.patience import until_blocking
from tutor.engine.weights import Model, PublisherSource, WeightFile
from tutor.jobs.job import Progress
from tutor.jobs.models import JobRecord
from tutor.jobs.registry import registry
from tutor.llm.weights_job import WeightsJob

BODY = bytes(range(256)) * 400
FILE = WeightFile("tiny.gguf", len(BODY), hashlib.sha256(BODY).hexdigest(), "Tiny/Tiny-GGUF", "0123abc")
MODEL = Model("qwen2.5-coder:0.5b", "Tiny", "1K", "Q4_K_M", "Apache-2.0", "guided", 1_000_000, (FILE,))


@pytest.fixture
def dripping(db: None, settings: LazySettings, tmp_path: Path) -> Iterator[WeightsServer]:
    settings.ENGINE, settings.WEIGHTS_DIR = "auto", tmp_path
    server = WeightsServer(BODY)
    server.moods = [drip] * 20
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    registry.begin(WeightsJob(MODEL.name, MODEL, into=tmp_path, sources=[PublisherSource(server.url)]))
    yield server
    end_all_jobs()
    server.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


def progress() -> Progress:
    return registry.progress(JobRecord.objects.get())


def press(client: Client, do: str) -> int:
    return client.post(f"/console/jobs/{JobRecord.objects.get().public_id}/", {"do": do}).status_code


def test_progress_stands_on_the_page(client: Client, cast: Cast, dripping: WeightsServer) -> None:
    client.force_login(cast.ada)
    until_blocking(lambda: progress().phase == "downloading")
    page = client.get("/console/").content.decode()
    assert page.count("<progress") == 1
    assert "fetching" in page
    assert 'value="start"' not in page
    press(client, "pause")
    until_blocking(lambda: progress().state == "paused")
    assert "paused" in client.get("/console/jobs/").content.decode()
    press(client, "resume")
    until_blocking(lambda: progress().phase == "downloading")
    press(client, "cancel")
    until_blocking(lambda: progress().state == "cancelled")
    assert "data-running" not in client.get("/console/").content.decode()


def test_nobody_else_steers_it(client: Client, cast: Cast, dripping: WeightsServer) -> None:
    until_blocking(lambda: progress().phase == "downloading")
    client.force_login(cast.clara)
    assert press(client, "cancel") == 404
    assert client.get("/console/jobs/").status_code == 404
    assert progress().phase == "downloading"
