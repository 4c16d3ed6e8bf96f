"""Plain http goes a shorter way than the published client's, unless the program or its environment chose another."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from tests.ollama.sides import ASK, MODEL
from tutor import ollama as ours
from tutor.ollama.direct import EXTENSION
from tutor.ollama.testing import ScriptedOllama, ScriptedProxy


def _went_directly(base_url: str, **options: Any) -> bool:
    seen: list[bool] = []
    hooks = {"response": [lambda response: seen.append(EXTENSION in response.extensions)]}
    with ours.Client(base_url, event_hooks=hooks, **options) as client:
        assert client.chat(MODEL, ASK).done
    return seen[0]


@pytest.mark.parametrize(
    ("options", "directly"),
    [
        (dict, True),
        (lambda: {"transport": httpx.HTTPTransport()}, False),
        (lambda: {"mounts": {"http://": httpx.HTTPTransport()}}, False),
        (lambda: {"limits": httpx.Limits(max_connections=1)}, False),
    ],
    ids=["plain", "transport", "mounts", "limits"],
)
def test_what_a_program_chose_counts(options: Callable[[], dict[str, Any]], directly: bool) -> None:
    with ScriptedOllama.in_thread() as server:
        assert _went_directly(server.base_url, trust_env=False, **options()) is directly


def test_proxies_count(monkeypatch: pytest.MonkeyPatch) -> None:
    with ScriptedOllama.in_thread() as server, ScriptedProxy.in_thread(target=server.base_url) as proxy:
        server.hosts.add("box.example")
        assert not _went_directly("http://box.example", proxy=proxy.base_url)
        monkeypatch.setenv("HTTP_PROXY", proxy.base_url)
        assert not _went_directly("http://box.example")
        assert proxy.hosts == ["box.example", "box.example"]
        assert _went_directly(server.base_url, trust_env=False)
