"""What the scripted server says of its own accord, beside what a real one said: same statuses, shapes and texts."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from tests.ollama.shapes import lines, shape
from tutor.ollama.testing import ScriptedOllama, recording

ASK = [{"role": "user", "content": "hola"}]


ANSWERED = [
    "chat", "chat_stream", "chat_stream_default", "chat_load", "chat_unload", "chat_logprobs_stream", "chat_think",
    "chat_think_stream", "chat_think_unset_stream", "chat_think_low_stream", "chat_think_off_stream",
    "chat_think_false", "chat_length_stream", "chat_format_schema", "chat_format_schema_stream", "chat_tool_result",
    "generate", "generate_stream", "generate_raw_stream", "generate_load",
    "embed", "embed_many", "embed_empty", "embed_empty_list", "embeddings_old",
]  # fmt: skip


@pytest.mark.parametrize("name", ANSWERED)
async def test_answers_have_the_shape_of_the_real_ones(http: httpx.AsyncClient, name: str) -> None:
    recorded = recording(name)
    got = await http.request(recorded.method, recorded.path, json=recorded.body)
    mine, theirs = lines(got.content), lines(recorded.content)
    assert got.status_code == 200
    assert got.headers["content-type"] == recorded.headers["Content-Type"]
    assert ("transfer-encoding" in got.headers) == ("Transfer-Encoding" in recorded.headers)
    assert shape(mine[0]) == shape(theirs[0])
    assert list(mine[-1]) == list(theirs[-1])
    assert shape(mine[-1]) == shape(theirs[-1])


REFUSED = [
    "err_404_chat", "err_404_chat_nostream", "err_404_generate", "err_404_embed", "err_bad_json", "err_bad_name",
    "err_chat_embed_model", "err_embed_chat_model", "err_empty_model", "err_format", "err_format_schema_bad",
    "err_host", "err_image", "err_image_b64", "err_json_type", "err_keep_alive", "err_method", "err_no_body",
    "err_no_model", "err_option_type", "err_origin", "err_raw_system", "err_route", "err_stop_string", "err_suffix",
    "err_think", "err_think_level", "err_think_stream", "err_tools_tiny", "err_top_logprobs", "err_websearch",
    "generate_suffix", "copy_missing", "delete_missing", "create_bad_digest", "create_bad_name", "create_nothing",
    "create_quantize_bad", "pull_missing", "pull_missing_stream", "show_missing", "embed_bad_input", "embed_too_long",
    "blob_bad_digest", "me", "status", "root", "root_head", "blob_head_missing", "ps_empty",
]  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
async def test_refusals_are_those_of_the_real_one_to_the_byte(http: httpx.AsyncClient, name: str) -> None:
    recorded = recording(name)
    got = await http.request(recorded.method, recorded.path, **asked_as(name, recorded.body))
    assert (got.status_code, got.content) == (recorded.status, recorded.content)
    assert got.headers.get("content-type") == recorded.headers.get("Content-Type")
    assert got.headers.get("allow") == recorded.headers.get("Allow")


def asked_as(name: str, body: Any) -> dict[str, Any]:
    """What the recordings do not hold as JSON."""
    special: dict[str, dict[str, Any]] = {
        "err_bad_json": {"content": b'{"model":'},
        "blob_bad_digest": {"content": b"hello"},
        "err_host": {"headers": {"Host": "evil.example"}},
        "err_origin": {"headers": {"Origin": "https://evil.example"}},
    }
    return special.get(name) or ({"json": body} if body is not None else {})


async def test_one_message_over_the_context(http: httpx.AsyncClient) -> None:
    recorded = recording("chat_too_long_single")
    got = await http.post("/api/chat", json=recorded.body)
    mine, theirs = (json.loads(json.loads(text)["error"])["error"] for text in (got.content, recorded.content))
    assert got.status_code == 400
    assert mine.keys() == theirs.keys()
    assert mine["type"] == theirs["type"]
    assert mine["n_prompt_tokens"] > mine["n_ctx"] == 2048


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Host": "localhost:11434"}, 200),
        ({"Host": "box.local"}, 200),
        ({"Host": "192.168.1.5:11434"}, 200),
        ({"Host": "[::1]:11434"}, 200),
        ({"Host": "8.8.8.8"}, 403),
        ({"Host": "ollama.com"}, 403),
        ({"Origin": "http://localhost:3000"}, 200),
        ({"Origin": "app://x"}, 200),
        ({"Origin": "http://ollama.internal:1", "Host": "ollama.internal:1"}, 200),
        ({"Origin": "null"}, 403),
    ],
)
async def test_who_may_ask(http: httpx.AsyncClient, headers: dict[str, str], status: int) -> None:
    assert (await http.get("/api/version", headers=headers)).status_code == status


async def test_more_hosts_can_be_allowed_and_scripts_are_for_everybody(
    real: ScriptedOllama, http: httpx.AsyncClient
) -> None:
    foreign = {"Host": "models.example"}
    real.hosts.add("models.example")
    assert (await http.get("/api/tags", headers=foreign)).status_code == 200
    real.hosts.clear()
    real.say("hola")
    body = {"model": "tiny", "messages": ASK, "stream": False}
    got = await http.post("/api/chat", json=body, headers=foreign)
    assert got.json()["message"]["content"] == "hola"


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b'{"a" 1}', "invalid character '1' in JSON"),
        (b"\xff", "invalid character"),
        (b"[1]", "cannot unmarshal list"),
    ],
)
async def test_bodies_that_are_no_object(http: httpx.AsyncClient, content: bytes, text: str) -> None:
    got = await http.post("/api/chat", content=content)
    assert got.status_code == 400
    assert text in got.json()["error"]
