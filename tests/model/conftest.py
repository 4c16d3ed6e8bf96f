"""A house whose built-in engine runs real weights, as `make test-model` has fetched them."""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.live.house import ROOT, House
from tests.model.engine import Engine
from tests.model.overhearing import Overheard
from tutor.engine.weights import installed, model_named

MODEL = "qwen2.5-coder:0.5b"
START_S = 90.0


@pytest.fixture(scope="session")
def weights() -> Path:
    """The folder with the fetched weights; their bytes were checked when they came."""
    folder = Path(os.environ.get("POLYGLOTT_TESTS_WEIGHTS") or "var/models")
    folder = folder if folder.is_absolute() else ROOT / folder
    if model_named(MODEL) not in installed(folder):
        pytest.fail(f"{MODEL} is not in {folder}. Run: make test-model")
    return folder


@pytest.fixture(scope="module")
def house(weights: Path) -> Iterator[House]:
    """No Ollama answers, so the engine in the house does. It sees the fetched files by links, and no others."""
    house = House(POLYGLOTT_ENGINE="auto", POLYGLOTT_ENGINE_MODEL=MODEL)
    (house.var / "models").mkdir()
    model = model_named(MODEL)
    assert model is not None
    for file in model.files:
        for name in (file.name, f"{file.name}.sha256"):
            (house.var / "models" / name).symlink_to(weights / name)
    with house:
        yield house


@pytest.fixture(scope="module")
def engine(house: House) -> Engine:
    """The engine's process, once it answers."""
    began = time.monotonic()
    house.wait_for_log(r"builtin answers", START_S)
    return Engine.of(house, ready_s=time.monotonic() - began)


@pytest.fixture
def overheard(page: Page) -> Overheard:
    return Overheard(page)
