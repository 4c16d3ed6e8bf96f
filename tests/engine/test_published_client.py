"""The published Python client of Ollama talks to the engine without knowing that it is another one."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator

import ollama
import pytest

from tests.engine.raw_http import Target

HOLA = [{"role": "user", "content": "hola"}]
SCHEMA = {
    "type": "object",
    "properties": {"corrected": {"type": "string", "maxLength": 20}, "sure": {"type": "boolean"}},
    "required": ["corrected", "sure"],
}


@pytest.fixture
async def client(engine: Target) -> AsyncIterator[ollama.AsyncClient]:
    async with ollama.AsyncClient(host=engine.base_url, headers=dict(engine.headers)) as client:
        yield client


async def test_chat(client: ollama.AsyncClient) -> None:
    reply = await client.chat("tiny", messages=HOLA, keep_alive="5m", options={"temperature": 0})
    assert reply.message.content == "¡Hola Tom! ¿Cómo estás hoy?"
    assert (reply.done, reply.done_reason) == (True, "stop")


async def test_stream(client: ollama.AsyncClient) -> None:
    parts = [part async for part in await client.chat("tiny", messages=HOLA, stream=True)]
    assert [part.message.content for part in parts] == ["¡Hola", " Tom", "!", " ¿Cómo", " estás", " hoy", "?", ""]
    assert [part.done for part in parts] == [False] * 7 + [True]


async def test_a_schema_is_kept_without_white_space(client: ollama.AsyncClient) -> None:
    reply = await client.chat("tiny", messages=HOLA, format=SCHEMA, options={"num_predict": 60})
    content = reply.message.content or ""
    value = json.loads(content)
    assert list(value) == ["corrected", "sure"]
    assert content == json.dumps(value, separators=(",", ":"), ensure_ascii=False)


async def test_json_is_an_object(client: ollama.AsyncClient) -> None:
    reply = await client.chat("tiny", messages=HOLA, format="json", options={"num_predict": 80})
    assert isinstance(json.loads(reply.message.content or ""), dict)


async def test_list_show_ps(client: ollama.AsyncClient) -> None:
    listed = (await client.list()).models[0]
    shown = await client.show("tiny")
    await client.chat("tiny")
    running = (await client.ps()).models[0]
    assert listed.model == running.model == "tiny:latest"
    assert listed.details is not None
    assert listed.details.parameter_size == "377K"
    assert shown.capabilities == ["completion"]
    assert shown.modelinfo is not None
    assert shown.modelinfo["llama.context_length"] == 4096
    assert running.context_length == 4096


async def test_a_missing_model(client: ollama.AsyncClient) -> None:
    with pytest.raises(ollama.ResponseError) as caught:
        await client.chat("nope", messages=HOLA)
    assert (caught.value.status_code, caught.value.error) == (404, "model 'nope' not found")


async def test_what_the_engine_does_not_do(client: ollama.AsyncClient) -> None:
    with pytest.raises(ollama.ResponseError) as caught:
        await client.embed("tiny", input="hola")
    assert caught.value.status_code == 501


async def test_a_prefilled_reply_goes_on(client: ollama.AsyncClient) -> None:
    begun = [*HOLA, {"role": "assistant", "content": "Hol"}]
    plain = await client.chat("tiny", messages=HOLA, options={"num_predict": 1})
    reply = await client.chat("tiny", messages=begun, options={"num_predict": 3})
    assert plain.prompt_eval_count is not None
    assert reply.prompt_eval_count == plain.prompt_eval_count + 3, "no turn was closed and none was opened"
    assert "Hol" not in (reply.message.content or "")


async def test_a_context_that_is_not_there_is_refused(client: ollama.AsyncClient) -> None:
    assert (await client.chat("tiny", messages=HOLA, options={"num_ctx": 2048})).done
    with pytest.raises(ollama.ResponseError) as caught:
        await client.chat("tiny", messages=HOLA, options={"num_ctx": 8192})
    assert caught.value.status_code == 400
