"""A scripted server and a client for it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Callable, Iterator
from functools import partial
from pathlib import Path

import httpx
import pytest

from tests.ollama.shapes import MODELS
from tests.ollama.twins import TWINS, make
from tutor.ollama import AsyncClient
from tutor.ollama.aio import exchange as aio_exchange
from tutor.ollama.sync import exchange as sync_exchange
from tutor.ollama.testing import ScriptedOllama
from tutor.ollama.testing.received import PATIENCE_S

HERE = Path(__file__).parent
# Whole programs, and thousands of exchanges: they run lines that the others run too, and counting would slow them down.
UNCOUNTED = {
    "test_bare.py",
    "test_leaks.py",
    "test_memory.py",
    "test_programs.py",
    "test_properties.py",
    "test_properties_wire.py",
    "test_specification.py",
}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark what `make test-client` counts the branches of."""
    for item in items:
        if item.path.parent == HERE and item.path.name not in UNCOUNTED:
            item.add_marker("client")


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OLLAMA_HOST", "OLLAMA_API_KEY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> None:
    """The client waits long for the end of a body whose last object is there: a busy server comes late with it."""
    for module in (aio_exchange, sync_exchange):
        monkeypatch.setattr(module, "_DRAIN_S", PATIENCE_S)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedOllama]:
    async with ScriptedOllama() as server:
        yield server


@pytest.fixture(params=TWINS)
def twin(request: pytest.FixtureRequest) -> str:
    """Which of the two clients a test is about."""
    return str(request.param)


@pytest.fixture
def make_client(twin: str) -> Callable[..., AsyncClient]:
    """`make_client(host, **settings)`, for either twin; who makes one closes it."""
    return partial(make, twin)


@pytest.fixture
async def client(server: ScriptedOllama, make_client: Callable[..., AsyncClient]) -> AsyncIterator[AsyncClient]:
    """Either twin, with the settings that a client has by itself."""
    async with make_client(server.base_url) as client:
        yield client


@pytest.fixture
async def aio(server: ScriptedOllama) -> AsyncIterator[AsyncClient]:
    """The asynchronous one alone."""
    async with AsyncClient(server.base_url, trust_env=False) as client:
        yield client


@pytest.fixture
def released() -> Iterator[threading.Event]:
    """Set when the test is over, for tools that would never end."""
    event = threading.Event()
    yield event
    event.set()


@pytest.fixture
async def real() -> AsyncIterator[ScriptedOllama]:
    """One with the models of the recorded server."""
    async with ScriptedOllama(models=MODELS) as server:
        yield server


@pytest.fixture
async def http(real: ScriptedOllama) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=real.base_url, trust_env=False) as client:
        yield client
