"""The published client talks to the scripted server as to a real one: the double is no easier than the original."""

from __future__ import annotations

from typing import Any

import ollama as published

from tutor.ollama import AsyncClient
from tutor.ollama.testing import ScriptedOllama

ASK: list[dict[str, Any]] = [{"role": "user", "content": "hola"}, {"role": "assistant", "content": "¿sí?"}]


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
