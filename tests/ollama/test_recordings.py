"""Every recorded exchange of the calls that exist, replayed: the words and figures arrive as they were sent."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tutor.ollama import AsyncClient, Incomplete, ResponseError
from tutor.ollama.testing import Recording, ScriptedOllama, recording, recording_names

ALL = [recording(name) for name in recording_names()]
CHATS = [r for r in ALL if r.path == "/api/chat" and r.method == "POST"]
OTHERS = {"/api/tags": "list", "/api/ps": "ps", "/api/version": "version", "/api/show": "show"}
ASK = [{"role": "user", "content": "hola"}]


def ids(value: Recording) -> str:
    return value.name


def lines(recorded: Recording) -> list[dict[str, Any]]:
    return [json.loads(line) for line in recorded.content.splitlines() if line.strip()]


def test_all_recordings_can_be_read() -> None:
    assert len(ALL) >= 130
    assert len(CHATS) > 50
    assert all(r.content or r.status for r in ALL)


COMPLETE = [r for r in CHATS if r.status == 200 and r.name != "stream_runner_killed"]


@pytest.mark.parametrize("recorded", COMPLETE, ids=ids)
async def test_chat(server: ScriptedOllama, client: AsyncClient, recorded: Recording) -> None:
    server.replay(recorded.name)
    sent = lines(recorded)
    async with await client.chat("m", ASK, stream=True) as stream:
        received = [chunk.model_dump(exclude_unset=True) async for chunk in stream]
    assert received == sent
    whole = stream.partial
    assert whole.message.content == "".join(c["message"]["content"] for c in sent)
    assert (whole.message.thinking or "") == "".join(c["message"].get("thinking", "") for c in sent)
    calls = [call for c in sent for call in c["message"].get("tool_calls", ())]
    assert [c.model_dump(exclude_unset=True) for c in whole.message.tool_calls or ()] == calls


async def test_runner_killed_within_a_reply(server: ScriptedOllama, client: AsyncClient) -> None:
    server.replay("stream_runner_killed")
    *sent, last = lines(recording("stream_runner_killed"))
    stream = await client.chat("m", ASK, stream=True)
    with pytest.raises(ResponseError) as caught:
        await stream.final()
    assert caught.value.error == last["error"]
    assert stream.partial.message.content == "".join(c["message"]["content"] for c in sent)


@pytest.mark.parametrize("recorded", [r for r in COMPLETE if len(lines(r)) == 1], ids=ids)
async def test_whole_chat(server: ScriptedOllama, client: AsyncClient, recorded: Recording) -> None:
    server.replay(recorded.name)
    reply = await client.chat("m", ASK)
    assert reply.model_dump(exclude_unset=True) == lines(recorded)[0]


@pytest.mark.parametrize("recorded", [r for r in CHATS if r.status != 200], ids=ids)
@pytest.mark.parametrize("stream", [False, True])
async def test_refused_chat(server: ScriptedOllama, client: AsyncClient, recorded: Recording, *, stream: bool) -> None:
    server.replay(recorded.name)
    with pytest.raises(ResponseError) as caught:
        await _ask(client, stream=stream)
    assert (caught.value.status_code, caught.value.error) == (recorded.status, innermost(recorded))


async def _ask(client: AsyncClient, *, stream: bool) -> None:
    if stream:
        await (await client.chat("m", ASK, stream=True)).final()
    else:
        await client.chat("m", ASK)


def innermost(recorded: Recording) -> str:
    text: str = json.loads(recorded.content)["error"]
    if text.startswith("{"):
        text = json.loads(text)["error"]["message"]
    return text


def test_too_long_a_message_tells_the_figures() -> None:
    error = ResponseError(recording("chat_too_long_single").content.decode(), 400)
    assert error.details["n_ctx"] > 0
    assert error.details["n_prompt_tokens"] > error.details["n_ctx"]


@pytest.mark.parametrize(
    "recorded", [r for r in ALL if r.path in OTHERS and r.name not in ("err_host", "err_origin")], ids=ids
)
async def test_other_calls(server: ScriptedOllama, client: AsyncClient, recorded: Recording) -> None:
    server.replay(recorded.name)
    call = getattr(client, OTHERS[recorded.path])
    arguments = ["m"] if recorded.path == "/api/show" else []
    if recorded.status != 200:
        with pytest.raises(ResponseError) as caught:
            await call(*arguments)
        assert caught.value.status_code == recorded.status
        return
    reply = await call(*arguments)
    sent = json.loads(recorded.content)
    assert json.loads(reply.model_dump_json(exclude_unset=True, by_alias=True)).keys() == sent.keys()
    for mine, theirs in zip(reply.get("models") or (), sent.get("models") or (), strict=True):
        assert mine.model_dump(exclude_unset=True).keys() == theirs.keys()
        assert (mine.name, mine.digest, mine.size) == (theirs["name"], theirs["digest"], theirs["size"])


@pytest.mark.parametrize("name", ["err_host", "err_origin"])
async def test_foreign_host_is_403_without_a_body(server: ScriptedOllama, client: AsyncClient, name: str) -> None:
    server.replay(name)
    with pytest.raises(ResponseError) as caught:
        await client.list()
    assert (caught.value.status_code, caught.value.error) == (403, "403 Forbidden")


async def test_repeat_guard(server: ScriptedOllama, client: AsyncClient) -> None:
    guard = recording("generate_repeat_guard")
    server.script(guard.reply())
    with pytest.raises(Incomplete) as caught:
        await client.chat("m", ASK)
    assert caught.value.reason == "done_false"
