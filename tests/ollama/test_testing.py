"""The scripted server itself: the three ways to run it, and what it says of its own accord."""

from __future__ import annotations

import asyncio
import json
import time
from typing import Any

import httpx
import pytest

from tutor.ollama import AsyncClient, ResponseError
from tutor.ollama.testing import Say, ScriptedOllama, faults
from tutor.ollama.testing.received import PATIENCE_S, until, until_blocking
from tutor.ollama.testing.schemas import example_of

ASK = [{"role": "user", "content": "hola"}]
SCHEMA = {
    "type": "object",
    "properties": {
        "reaction": {"type": "string", "enum": ["¡Qué bien!", "Ya veo."]},
        "next": {"type": "string", "enum": ["¿Y tú?"]},
        "kind": {"const": "line"},
    },
    "required": ["reaction", "next", "kind"],
}


async def test_scripts_are_said_once_in_order_then_the_standing_one(
    server: ScriptedOllama, client: AsyncClient
) -> None:
    server.say("siempre")
    server.say("uno", once=True)
    server.script(faults.server_error(), once=True)
    server.script(lambda body: f"{body['messages'][-1]['content']}!", once=True)
    server.script(lambda _: None, once=True)
    heard = []
    for _ in range(6):
        try:
            heard.append((await client.chat("qwen2.5:7b", ASK)).message.content)
        except ResponseError as error:
            heard.append(str(error.status_code))
    assert heard == ["uno", "500", "hola!", "¡Hola! ¿Qué tal?", "siempre", "siempre"]
    server.forget()
    assert server.requests == []


async def test_a_schema_is_obeyed_in_small_pieces(client: AsyncClient) -> None:
    async with await client.chat("qwen2.5:7b", ASK, stream=True, format=SCHEMA) as stream:
        pieces = [chunk.message.content or "" async for chunk in stream]
    assert len(pieces) > 5
    assert json.loads("".join(pieces)) == {"reaction": "¡Qué bien!", "next": "¿Y tú?", "kind": "line"}


@pytest.mark.parametrize(
    ("schema", "value"),
    [
        ({"type": "array", "items": {"enum": ["a"]}, "minItems": 2}, ["a", "a"]),
        ({"anyOf": [{"type": "null"}, {"type": "string"}]}, None),
        ({"$ref": "#/$defs/A", "$defs": {"A": {"const": 5}}}, 5),
        ({"type": ["integer", "null"]}, 1),
        ({"properties": {"x": {"type": "boolean"}}}, {"x": True}),
        ({}, "hola"),
        ({"$ref": "#"}, "hola"),
        (True, "hola"),
    ],
)
def test_examples(schema: Any, value: object) -> None:
    assert example_of(schema) == value


async def test_num_predict_cuts(client: AsyncClient) -> None:
    reply = await client.chat("qwen2.5:7b", ASK, options={"num_predict": 2})
    assert (reply.message.content, reply.done_reason) == ("¡Hola", "length")


async def test_it_refuses_as_a_real_one(server: ScriptedOllama, client: AsyncClient) -> None:
    for call, name in ((client.chat("nope", ASK), "nope"), (client.show("nope"), "nope:latest")):
        with pytest.raises(ResponseError, match=f"model '{name}' not found") as caught:
            await call
        assert caught.value.status_code == 404
    async with httpx.AsyncClient(base_url=server.base_url, trust_env=False) as raw:
        assert (await raw.get("/")).text == "Ollama is running"
        assert (await raw.head("/api/version")).status_code == 200
        assert (await raw.get("/nope")).text == "404 page not found"
        assert (await raw.post("/api/chat", content=b"{")).status_code == 400
        assert (await raw.post("/api/chat")).json() == {"error": "missing request body"}
        assert (await raw.post("/api/chat", json={})).json() == {"error": "model is required"}
        load = (await raw.post("/api/chat", json={"model": "QWEN2.5:7B"})).json()
        assert load["done_reason"] == "load"
        unload = (await raw.post("/api/chat", json={"model": "qwen2.5:7b", "keep_alive": 0})).json()
        assert unload["done_reason"] == "unload"


async def test_a_script_that_fails_is_a_500(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(lambda body: body["nope"])
    with pytest.raises(ResponseError, match="KeyError"):
        await client.chat("qwen2.5:7b", ASK)


async def test_it_notes_requests_and_their_ends(server: ScriptedOllama, client: AsyncClient) -> None:
    before = time.monotonic()
    await client.chat("qwen2.5:7b", ASK)
    noted = server.chats[0]
    assert noted.body["messages"] == ASK
    await noted.wait_over()
    assert before <= noted.at <= (noted.finished_at or 0) <= time.monotonic()
    assert not noted.hung_up
    assert server.open_connections == 1


async def test_replay_in_real_time(server: ScriptedOllama, client: AsyncClient) -> None:
    server.replay("chat_stream", in_real_time=True)
    began = time.monotonic()
    reply = await (await client.chat("m", ASK, stream=True)).final()
    assert time.monotonic() - began > 0.2
    assert reply.message.content == "¡Buenos días!"


async def test_first_delay_and_pauses_of_a_whole_reply(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(Say(["a", "b"], delay_s=0.05, first_delay_s=0.1))
    began = time.monotonic()
    await client.chat("qwen2.5:7b", ASK)
    assert time.monotonic() - began > 0.14


async def test_a_tool_call(server: ScriptedOllama, client: AsyncClient) -> None:
    call = {"id": "call_1", "function": {"name": "f", "arguments": {"x": 1}}}
    server.say([], tool_calls=[call])
    for reply in (
        await client.chat("qwen2.5:7b", ASK),
        await (await client.chat("qwen2.5:7b", ASK, stream=True)).final(),
    ):
        assert reply.message.tool_calls
        assert reply.message.tool_calls[0].id == "call_1"


async def test_waiting_ends(server: ScriptedOllama, client: AsyncClient) -> None:
    with pytest.raises(TimeoutError):
        await server.wait_requests(1, 0.01)
    with pytest.raises(TimeoutError):
        until_blocking(lambda: False, 0.01)
    await client.chat("qwen2.5:7b", ASK)
    await server.wait_requests(1)
    await server.requests[0].wait_over()


async def test_scripts_may_be_lists_and_mappings(server: ScriptedOllama, client: AsyncClient) -> None:
    server.script(["u", "no"], once=True)
    server.script(Say(["dos"], thinking=["hm"], done=True), once=True)
    assert (await client.chat("qwen2.5:7b", ASK)).message.content == "uno"
    assert (await client.chat("qwen2.5:7b", ASK)).message.thinking == "hm"
    server.script({"version": "9"}, path="/api/version")
    assert str(await client.version()) == "9"


async def test_pauses_between_the_lines_of_a_stream(server: ScriptedOllama, client: AsyncClient) -> None:
    server.say(["a", "b"], delay_s=0.05)
    began = time.monotonic()
    await (await client.chat("qwen2.5:7b", ASK, stream=True)).final()
    assert time.monotonic() - began > 0.04


async def test_a_slow_reader_is_waited_for(server: ScriptedOllama) -> None:
    server.fault("endless")
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    writer.write(b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\n\r\n")
    await server.wait_requests(1)
    sent = -1
    while sent != server.requests[0].chunks_sent:
        sent = server.requests[0].chunks_sent
        await asyncio.sleep(0.1)
    for _ in range(200):
        await reader.read(65536)
    await until(lambda: server.requests[0].chunks_sent > sent)
    writer.transport.abort()
    await server.requests[0].wait_hung_up()


async def test_words_during_a_reply_wait_for_their_turn(server: ScriptedOllama) -> None:
    server.say("uno", first_delay_s=0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    body = b'{"model":"qwen2.5:7b","messages":[{}],"stream":false}'
    writer.write(b"POST /api/chat HTTP/1.1\r\nHost: localhost\r\nContent-Length: %d\r\n\r\n%s" % (len(body), body))
    await server.wait_requests(1)
    writer.write(b"GET /api/version HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
    assert (await asyncio.wait_for(reader.read(), PATIENCE_S)).count(b"HTTP/1.1 200") == 2
    writer.close()
    await writer.wait_closed()


def test_a_server_must_be_started_before_it_is_called() -> None:
    server = ScriptedOllama()
    work = server.refuse()
    with pytest.raises(RuntimeError, match="not been started"):
        server.call(work)
    work.close()


async def test_a_paced_reply_keeps_its_pace() -> None:
    async with ScriptedOllama(tokens_per_second=100) as server:
        began = time.monotonic()
        async with AsyncClient(server.base_url, trust_env=False) as client:
            await (await client.chat("qwen2.5:7b", ASK, stream=True)).final()
        assert time.monotonic() - began > 0.055
