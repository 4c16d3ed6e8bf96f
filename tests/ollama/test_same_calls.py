"""The same calls of the published client and of either twin: what arrives at the server is the same JSON."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import ollama as published
import pytest

from tests.ollama.same_calls import MODEL, PICTURE_BYTES, Call, refused_calls, same_calls
from tutor.ollama import AsyncClient, Image, Message, OllamaError, Options, RequestError, Tool
from tutor.ollama.testing import ScriptedOllama

OURS = SimpleNamespace(Image=Image, Message=Message, Options=Options, Tool=Tool)
MakeClient = Callable[..., AsyncClient]


@pytest.fixture(autouse=True)
def _with_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OLLAMA_API_KEY", "k")


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.jpg"
    path.write_bytes(PICTURE_BYTES)
    return path


def leading_to(server: ScriptedOllama) -> Callable[[httpx.Request], None]:
    """A hook by which words for ollama.com come here."""

    def lead(request: httpx.Request) -> None:
        request.url = httpx.URL(server.base_url).join(request.url.raw_path.decode())

    return lead


async def made(client: Any, asked: Call) -> None:
    """Make the call, whatever the server thinks of it."""
    with contextlib.suppress(published.ResponseError, json.JSONDecodeError):
        given = await getattr(client, asked.method)(*asked.args, **asked.kwargs)
        if asked.kwargs.get("stream"):
            async for _ in given:
                pass


async def made_of_ours(client: Any, asked: Call) -> None:
    with contextlib.suppress(OllamaError):
        await made(client, asked)


async def test_the_same_json_for_every_call(server: ScriptedOllama, make_client: MakeClient, picture: Path) -> None:
    lead = leading_to(server)

    async def lead_later(request: httpx.Request) -> None:
        lead(request)

    key = {"authorization": "Bearer k"}
    theirs = published.AsyncClient(server.base_url, trust_env=False, headers=key, event_hooks={"request": [lead_later]})
    async with theirs, make_client(server.base_url, retries=0, event_hooks={"request": [lead]}) as ours:
        calls = zip(same_calls(published, picture), same_calls(OURS, picture), strict=True)
        for other, mine in calls:
            server.requests.clear()
            await made(theirs, other)
            await made_of_ours(ours, mine)
            there, here = server.requests
            assert (here.method, here.path, here.body) == (there.method, there.path, there.body), mine


async def test_what_is_wrong_in_itself_is_not_sent(server: ScriptedOllama, client: AsyncClient) -> None:
    for asked in refused_calls(OURS):
        with pytest.raises(RequestError):
            await made(client, asked)
    assert not server.requests
    with pytest.raises(RequestError):
        await client.run_tools(MODEL, [], [5])  # type: ignore[list-item]
