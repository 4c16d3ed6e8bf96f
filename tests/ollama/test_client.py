"""What a client sends along, and what it costs."""

from __future__ import annotations

import subprocess
import sys
import time

import httpx
import pytest

from tutor.ollama import AsyncClient, RequestError, Timeouts
from tutor.ollama.testing import Model, Reply, ScriptedOllama
from tutor.ollama.timeouts import DEFAULT_TIMEOUTS, Deadlines


async def test_headers(server: ScriptedOllama) -> None:
    given = {"X-One": "1", "X-None": None, "User-Agent": "mine", "Content-Type": "text/plain"}
    async with AsyncClient(server.base_url, headers=given, trust_env=False) as client:
        await client.version()
    sent = server.requests[0].headers
    assert (sent["x-one"], sent["user-agent"], sent["content-type"]) == ("1", "mine", "application/json")
    assert "x-none" not in sent
    assert sent["accept"] == "application/json"


async def test_key_from_the_environment_at_the_time_of_the_call(
    server: ScriptedOllama, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OLLAMA_HOST", server.base_url)
    server.token = "sesame"
    async with AsyncClient(trust_env=False) as client, AsyncClient(server.base_url, trust_env=False) as other:
        monkeypatch.setenv("OLLAMA_API_KEY", server.token)
        await client.version()
        await _expect_401(other)
    monkeypatch.delenv("OLLAMA_API_KEY")
    own = {"Authorization": f"Bearer {server.token}"}
    async with AsyncClient(server.base_url, headers=own, trust_env=False) as client:
        await client.version()


async def _expect_401(client: AsyncClient) -> None:
    with pytest.raises(Exception, match="unauthorized") as caught:
        await client.version()
    assert getattr(caught.value, "status_code", None) == 401


async def test_path_of_the_host_is_kept(server: ScriptedOllama) -> None:
    server.script(lambda _: "hola", path="/ollama/api/version")
    async with AsyncClient(f"{server.base_url}/ollama/", trust_env=False) as client:
        with pytest.raises(Exception, match="404 page not found"):
            await client.version()
    assert server.requests[0].path == "/ollama/api/version"


async def test_lists_and_shows(server: ScriptedOllama, client: AsyncClient) -> None:
    server.models = [
        Model("qwen2.5:7b"),
        Model("far:cloud", remote_host="https://ollama.com:443", remote_model="far"),
    ]
    models = (await client.list()).models
    assert [m.name for m in models] == ["qwen2.5:7b", "far:cloud"]
    assert [m.remote_host for m in models] == [None, "https://ollama.com:443"]
    assert (await client.show("qwen2.5:7b")).capabilities == ["completion"]
    assert (await client.ps()).models == []
    await client.chat("qwen2.5:7b", [])
    assert [m.name for m in (await client.ps()).models] == ["qwen2.5:7b"]
    with pytest.raises(RequestError):
        await client.show("")


async def test_httpx_options_go_through(server: ScriptedOllama) -> None:
    seen: list[str] = []

    async def note(request: httpx.Request) -> None:
        seen.append(request.url.path)

    async with AsyncClient(server.base_url, trust_env=False, event_hooks={"request": [note]}) as client:
        await client.version()
    assert seen == ["/api/version"]
    with pytest.raises(TypeError):
        AsyncClient(nonsense=1)


async def test_redirects_are_followed_unless_told_not_to(server: ScriptedOllama) -> None:
    server.script(Reply(status=302, headers={"Location": "/api/version"}, framing="length"), path="/api/tags")
    async with AsyncClient(server.base_url, trust_env=False) as client:
        assert (await client.list()).get("version") == server.version


def test_timeouts_keep_what_httpx_means() -> None:
    assert Timeouts.of(DEFAULT_TIMEOUTS) is DEFAULT_TIMEOUTS
    assert Timeouts.of(3) == Timeouts(3, 3, 3, 3, None)
    assert Timeouts.of(None) == Timeouts(None, None, None, None, None)
    assert Timeouts.of(httpx.Timeout(9, connect=1)) == Timeouts(1, 9, 9, 9, None)


def test_the_nearest_deadline_counts() -> None:
    now = [0.0]
    deadlines = Deadlines(Timeouts(5, 10, 20, 3, 12), streamed=True, clock=lambda: now[0])
    assert deadlines.next()[:2] == (10, "first")
    deadlines.begun()
    now[0] = 5
    assert deadlines.next()[:2] == (8, "between")
    now[0] = 10
    assert deadlines.next()[:2] == (12, "total")
    assert Deadlines(Timeouts(5, 10, 20, 3, None), streamed=False, clock=lambda: 0.0).next()[:2] == (20, "first")


def test_a_client_costs_little() -> None:
    AsyncClient()
    began = time.perf_counter()
    for _ in range(20):
        AsyncClient()
    assert (time.perf_counter() - began) / 20 < 0.02


def test_import_reads_nothing_and_pulls_in_no_framework() -> None:
    code = (
        "import os, sys; os.environ['OLLAMA_HOST'] = 'localhost:99999'; import tutor.ollama; "
        "bad = {'django', 'channels', 'asgiref', 'tutor.ollama.testing'} & set(sys.modules); sys.exit(bool(bad))"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=30).returncode == 0
