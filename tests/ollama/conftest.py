"""A scripted server and a client for it."""

from __future__ import annotations

import threading
from collections.abc import AsyncIterator, Iterator

import httpx
import pytest

from tests.ollama.shapes import MODELS
from tutor.ollama import AsyncClient
from tutor.ollama.testing import ScriptedOllama


@pytest.fixture(autouse=True)
def _bare_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("OLLAMA_HOST", "OLLAMA_API_KEY", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedOllama]:
    async with ScriptedOllama() as server:
        yield server


@pytest.fixture
async def client(server: ScriptedOllama) -> AsyncIterator[AsyncClient]:
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
