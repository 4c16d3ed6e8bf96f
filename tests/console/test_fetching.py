"""A fetch as the row shows it: progress, pause, go on, cancel; from a local server that drips."""

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
from tests.patience import until_blocking
from tutor.engine.weights import Model, PublisherSource, WeightFile
from tutor.llm import weights

BODY = bytes(range(256)) * 400
FILE = WeightFile("tiny.gguf", len(BODY), hashlib.sha256(BODY).hexdigest(), "Tiny/Tiny-GGUF", "0123abc")
MODEL = Model("qwen2.5-coder:0.5b", "Tiny", "1K", "Q4_K_M", "Apache-2.0", "guided", 1_000_000, (FILE,))


@pytest.fixture
def dripping(settings: LazySettings, tmp_path: Path) -> Iterator[WeightsServer]:
    settings.ENGINE, settings.WEIGHTS_DIR = "auto", tmp_path
    server = WeightsServer(BODY)
    server.moods = [drip] * 20
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    weights._fetching.start(MODEL, tmp_path, [PublisherSource(server.url)])
    yield server
    weights.cancel()
    weights._fetching._fetch = None
    server.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


def state() -> str:
    progress = weights.progress()
    return progress.state if progress else ""


def test_progress_stands_in_the_row(client: Client, cast: Cast, dripping: WeightsServer) -> None:
    client.force_login(cast.ada)
    until_blocking(lambda: state() == "downloading")
    page = client.get("/console/").content.decode()
    assert page.count("<progress") == 1
    assert "Fetching…" in page
    assert 'value="start"' not in page
    client.post("/console/weights/", {"do": "pause"})
    until_blocking(lambda: state() == "paused")
    assert "Paused" in client.get("/console/weights/progress/").content.decode()
    client.post("/console/weights/", {"do": "resume"})
    until_blocking(lambda: state() == "downloading")
    client.post("/console/weights/", {"do": "cancel"})
    until_blocking(lambda: state() == "cancelled")
    assert "<progress" not in client.get("/console/").content.decode()


def test_nobody_else_steers_it(client: Client, cast: Cast, dripping: WeightsServer) -> None:
    until_blocking(lambda: state() == "downloading")
    client.force_login(cast.clara)
    assert client.post("/console/weights/", {"do": "cancel"}).status_code == 404
    assert client.get("/console/weights/progress/").status_code == 404
    assert state() == "downloading"
