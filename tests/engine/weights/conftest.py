from __future__ import annotations

import hashlib
import itertools
import random
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.engine.weights.a_server import WeightsServer
from tests.engine.weights.a_wheel import build_wheel
from tutor.engine.weights import Fetch, Model, PublisherSource, Source, WeightFile, Wheel

SIZE = 600_000


@pytest.fixture(scope="session")
def body() -> bytes:
    return random.Random(7).randbytes(SIZE)


@pytest.fixture
def weight_file(body: bytes) -> WeightFile:
    return WeightFile("tiny.gguf", len(body), hashlib.sha256(body).hexdigest(), "Tiny/Tiny-GGUF", "0123abc")


def wait_for(true: Callable[[], bool], *, within_s: float = 30.0) -> None:
    ends_at = time.monotonic() + within_s
    while not true():
        assert time.monotonic() < ends_at, "waited in vain"
        time.sleep(0.01)


def model_of(*files: WeightFile) -> Model:
    return Model("tiny:1k", "Tiny", "1K", "Q4_K_M", "Apache-2.0", "guided", 1_000_000, files)


@pytest.fixture
def model(weight_file: WeightFile) -> Model:
    return model_of(weight_file)


@pytest.fixture
def server(body: bytes) -> Iterator[WeightsServer]:
    server = WeightsServer(body)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield server
    server.let_go.set()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def publisher(server: WeightsServer) -> PublisherSource:
    return PublisherSource(server.url, probe_s=30)


@pytest.fixture
def hasty(server: WeightsServer) -> PublisherSource:
    """Not long until it calls a silence a stall."""
    return PublisherSource(server.url, stall_s=1.0)


@pytest.fixture
def fetch(model: Model, tmp_path: Path) -> Callable[..., Fetch]:
    """A fetch of the tiny model into `tmp_path/models` from the sources given."""

    def start(*sources: Source) -> Fetch:
        return Fetch(model, tmp_path / "models", sources, retry_wait_s=0.005)

    return start


@pytest.fixture
def wheelhouse(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder that is all pip can see."""
    folder = tmp_path / "wheelhouse"
    folder.mkdir()
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(folder))
    monkeypatch.setenv("PIP_CONFIG_FILE", "/dev/null")
    return folder


@pytest.fixture
def wheeled(body: bytes, wheelhouse: Path) -> Model:
    """The tiny model, in three wheels of different sizes."""
    cuts = [0, 250_000, 500_000, SIZE]
    wheels: list[Wheel] = [
        build_wheel(wheelhouse, number, body[start:end])
        for number, (start, end) in enumerate(itertools.pairwise(cuts), 1)
    ]
    sha256 = hashlib.sha256(body).hexdigest()
    return model_of(WeightFile("tiny.gguf", SIZE, sha256, "Tiny/Tiny-GGUF", "0123abc", tuple(wheels)))
