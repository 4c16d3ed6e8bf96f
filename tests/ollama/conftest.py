"""A scripted server and a client for it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

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
