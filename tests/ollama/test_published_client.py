"""The published client talks to the scripted server as to a real one: the double is no easier than the original."""

from __future__ import annotations

import hashlib
import ssl
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import ollama as published
import pytest

from tests.ollama.certificates import authority
from tutor.ollama import AsyncClient
from tutor.ollama.testing import Model, ScriptedOllama, ScriptedProxy

ASK: list[dict[str, Any]] = [{"role": "user", "content": "hola"}, {"role": "assistant", "content": "¿sí?"}]
MODELS = (
    Model("qwen2.5:7b", capabilities=("completion", "tools", "thinking", "insert")),
    Model("all-minilm", capabilities=("embedding",)),
)
SAID = "¡Hola! ¿Qué tal?"
SHORT: dict[str, Any] = {"model": "qwen2.5:7b"}
QUESTIONS: dict[str, Any] = {
    "mood": {"type": "choice", "instructions": "How?", "criteria": {"good": None, "bad": "sad"}},
    "polite": {"type": "noul", "instructions": "Polite?"},
    "level": {"type": "score", "instructions": "How well?", "criteria": ["A1", "A2", "B1"]},
}
TALK: dict[str, Any] = {
    "messages": ASK,
    "think": "low",
    "logprobs": True,
    "top_logprobs": 2,
    "options": published.Options(num_ctx=2048, stop=["x"]),
    "keep_alive": "5m",
}
CALLS: list[tuple[str, dict[str, Any], str]] = [
    ("chat", {**SHORT, **TALK}, SAID),
    ("generate", {**SHORT, "prompt": "hola", "suffix": "!", "think": True, "logprobs": True}, SAID),
    ("pull", {"model": "llama3.2"}, "success"),
    ("push", SHORT, "success"),
    ("create", {"model": "tutor", "from_": "qwen2.5:7b", "system": "x", "parameters": {"top_p": 0.9}}, "success"),
]


@pytest.fixture
def real() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread(models=MODELS) as server:
        yield server


@pytest.fixture
async def theirs(real: ScriptedOllama) -> AsyncIterator[published.AsyncClient]:
    async with published.AsyncClient(real.base_url, trust_env=False) as client:
        yield client


def text_of(item: Any) -> str:
    if "message" in item:
        return item.message.content or ""
    return str(item.response if "response" in item else item.status)


def whole(items: list[Any]) -> str:
    texts = [text_of(item) for item in items]
    return texts[-1] if "status" in items[-1] else "".join(texts)


@pytest.mark.parametrize(("name", "arguments", "said"), CALLS, ids=[call[0] for call in CALLS])
def test_streamed_calls(real: ScriptedOllama, name: str, arguments: dict[str, Any], said: str) -> None:
    with published.Client(real.base_url, trust_env=False) as client:
        call = getattr(client, name)
        assert whole([call(**arguments)]) == said
        assert whole(list(call(**arguments, stream=True))) == said


@pytest.mark.parametrize(("name", "arguments", "said"), CALLS, ids=[call[0] for call in CALLS])
async def test_streamed_calls_async(
    theirs: published.AsyncClient, name: str, arguments: dict[str, Any], said: str
) -> None:
    call = getattr(theirs, name)
    assert whole([await call(**arguments)]) == said
    assert whole([item async for item in await call(**arguments, stream=True)]) == said


def test_plain_calls(real: ScriptedOllama, tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(b"gguf" * 100_000)
    with published.Client(real.base_url, trust_env=False) as client:
        assert len(client.embed("all-minilm", ["a", "b"], dimensions=8).embeddings[1]) == 8
        older: Any = client.embeddings
        assert len(older("all-minilm", "a").embedding) == 384
        assert [model.model for model in client.list().models] == ["qwen2.5:7b", "all-minilm"]
        assert client.show("qwen2.5:7b").modelinfo
        assert client.ps().models[0].name == "all-minilm"
        assert client.copy("qwen2.5:7b", "copied").status == "success"
        assert client.delete("copied").status == "success"
        digest = client.create_blob(path)
        assert digest == f"sha256:{hashlib.sha256(path.read_bytes()).hexdigest()}"
        assert client.create("filed", files={"x.gguf": digest}).status == "success"
        chosen = client.systemone("qwen2.5:7b", "hola", QUESTIONS).answers["mood"]
        assert isinstance(chosen, published.SystemOneChoiceAnswer)
        assert chosen.choice == "good"
        for name, arguments in (("delete", ["nope"]), ("copy", ["nope", "x"]), ("pull", ["nope"])):
            with pytest.raises(published.ResponseError):
                getattr(client, name)(*arguments)


async def test_plain_calls_async(real: ScriptedOllama, theirs: published.AsyncClient, tmp_path: Path) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(b"gguf")
    assert len((await theirs.embed("all-minilm", "a")).embeddings[0]) == 384
    assert len((await theirs.embeddings("all-minilm", "a")).embedding) == 384
    assert len((await theirs.list()).models) == 2
    assert (await theirs.show("qwen2.5:7b")).capabilities == list(MODELS[0].capabilities)
    assert (await theirs.ps()).models[0].context_length == 4096
    assert (await theirs.copy("qwen2.5:7b", "copied")).status == "success"
    assert (await theirs.delete("copied")).status == "success"
    assert real.has_blob(await theirs.create_blob(path))
    scored = (await theirs.systemone("qwen2.5:7b", "hola", QUESTIONS)).answers["level"]
    assert isinstance(scored, published.SystemOneScoreAnswer)
    assert scored.legend["2"] == "B1"
    with pytest.raises(published.ResponseError, match="file does not exist"):
        async for _ in await theirs.pull("nope", stream=True):
            pass


def test_the_web_through_a_proxy(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trusted = authority(tmp_path, ["ollama.com"])
    verify = ssl.create_default_context(cafile=str(trusted.trusted))
    with (
        ScriptedOllama.in_thread(tls=trusted.serving) as server,
        ScriptedProxy.in_thread(target=server.base_url) as proxy,
    ):
        monkeypatch.setenv("OLLAMA_API_KEY", "k")
        with published.Client(proxy=proxy.base_url, verify=verify) as client:
            assert len(client.web_search("x").results) == 3
            assert client.web_fetch("https://example.com").links
        assert [r.headers["authorization"] for r in server.requests] == ["Bearer k", "Bearer k"]
        assert set(proxy.hosts) == {"ollama.com"}


async def test_the_web_through_a_proxy_async(tmp_path: Path) -> None:
    trusted = authority(tmp_path, ["ollama.com"])
    verify = ssl.create_default_context(cafile=str(trusted.trusted))
    async with ScriptedOllama(tls=trusted.serving) as server, ScriptedProxy(server.base_url) as proxy:
        async with published.AsyncClient(proxy=proxy.base_url, verify=verify) as client:
            with pytest.raises(published.ResponseError, match="unauthorized"):
                await client.web_search("x")
        key = {"Authorization": "Bearer k"}
        async with published.AsyncClient(proxy=proxy.base_url, verify=verify, headers=key) as client:
            assert len((await client.web_search("x", max_results=1)).results) == 1
            assert (await client.web_fetch("https://example.com")).title


async def test_same_answers_and_same_bodies(server: ScriptedOllama, client: AsyncClient) -> None:
    theirs = published.AsyncClient(server.base_url, trust_env=False)
    calls: list[dict[str, Any]] = [
        {},
        {"options": {"num_ctx": 64}, "keep_alive": 300, "think": False},
        {"format": "json", "keep_alive": "5m"},
        {"tools": [{"type": "function", "function": {"name": "f", "description": "d"}}]},
    ]
    async with theirs:
        for extras in calls:
            a = await theirs.chat("qwen2.5:7b", ASK, **extras)
            b = await client.chat("qwen2.5:7b", ASK, **extras)
            assert a.message.content == b.message.content
            assert server.chats[-2].body == server.chats[-1].body
        streamed = [c.message.content async for c in await theirs.chat("qwen2.5:7b", ASK, stream=True)]
        async with await client.chat("qwen2.5:7b", ASK, stream=True) as stream:
            assert [c.message.content async for c in stream] == streamed
        assert server.chats[-2].body == server.chats[-1].body
        assert [m.model for m in (await theirs.list()).models] == [m.model for m in (await client.list()).models]
        assert (await theirs.show("qwen2.5:7b")).modelinfo == (await client.show("qwen2.5:7b")).modelinfo
        assert (await theirs.ps()).models[0].name == (await client.ps()).models[0].name
