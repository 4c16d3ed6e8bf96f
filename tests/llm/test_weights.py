"""The one fetch of a process, against a real server, and what is on offer."""

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
from tutor.llm import weights
from tutor.llm.weights import _Fetching

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


def state(fetching: _Fetching) -> str:
    return fetching.progress.state if fetching.progress else ""


def test_whoever_watches_is_told_when_a_model_is_whole(server: WeightsServer, tmp_path: Path) -> None:
    fetching, told = _Fetching(), threading.Event()
    fetching.listeners.add(told.set)
    fetching.start(MODEL, tmp_path, [PublisherSource(server.url)])
    assert told.wait(PATIENCE_S)
    assert state(fetching) == "done"
    assert (tmp_path / "tiny.gguf").read_bytes() == BODY


def test_a_failure_is_kept_and_nobody_is_told(server: WeightsServer, tmp_path: Path) -> None:
    fetching, told = _Fetching(), threading.Event()
    fetching.listeners.add(told.set)
    server.moods = [wrong_bytes] * 9
    fetching.start(MODEL, tmp_path, [PublisherSource(server.url)])
    until_blocking(lambda: state(fetching) == "failed")
    assert fetching.progress is not None
    assert fetching.progress.error == "wrong_bytes"
    assert not told.is_set()


def test_one_fetch_at_a_time_paused_and_cancelled(server: WeightsServer, tmp_path: Path) -> None:
    fetching = _Fetching()
    server.moods = [drip] * 9
    fetching.start(MODEL, tmp_path, [PublisherSource(server.url)])
    until_blocking(lambda: state(fetching) == "downloading")
    running = fetching.running
    fetching.start(MODEL, tmp_path, [PublisherSource(server.url)])
    assert fetching.running is running
    assert running is not None
    running.pause()
    until_blocking(lambda: state(fetching) == "paused")
    fetching.end(keep_part=False, patience_s=PATIENCE_S)
    assert state(fetching) == "cancelled"
    assert fetching.running is None


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
        weights.start("nobody:1b")
