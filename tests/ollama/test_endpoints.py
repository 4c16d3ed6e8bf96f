"""What the scripted server says of its own accord, beside what a real one said: same statuses, shapes and texts."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tutor.ollama.testing import Model, Say, ScriptedOllama, recording
from tutor.ollama.testing.embedding import vector_of

QWEN = Model("qwen2.5-coder:1.5b", capabilities=("tools", "completion"), context_length=2048)
THINKER = Model("thinker", capabilities=("completion", "thinking"))
TINY = Model("tiny:latest", context_length=4096)
EMBED = Model("tinyembed:latest", capabilities=("embedding",), context_length=128)
ASK = [{"role": "user", "content": "hola"}]


@pytest.fixture
async def real() -> AsyncIterator[ScriptedOllama]:
    """One with the models of the recorded server."""
    async with ScriptedOllama(models=[QWEN, THINKER, TINY, EMBED]) as server:
        yield server


@pytest.fixture
async def http(real: ScriptedOllama) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=real.base_url, trust_env=False) as client:
        yield client


def shape(value: Any, key: str = "") -> Any:
    """Names and types, without what a model says."""
    if isinstance(value, dict):
        return {name: shape(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0], key)] if value else []
    # A zero is left out by Go; what is there has one of these types.
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


def lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]


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


async def test_generate(real: ScriptedOllama, http: httpx.AsyncClient) -> None:
    whole = (await http.post("/api/generate", json={"model": "tiny", "prompt": "hola", "stream": False})).json()
    assert whole["response"] == "¡Hola! ¿Qué tal?"
    body = {"model": "tiny", "prompt": "y", "context": whole["context"]}
    more = lines((await http.post("/api/generate", json=body)).content)
    assert "".join(item["response"] for item in more) == "¡Hola! ¿Qué tal?"
    assert more[-1]["context"][: len(whole["context"])] == whole["context"]
    raw = (await http.post("/api/generate", json={"model": "tiny", "prompt": "y", "raw": True, "stream": False})).json()
    assert "context" not in raw
    real.say("uno", path="/api/generate", thinking=["hm"], tool_calls=[{"function": {"name": "f"}}])
    said = (await http.post("/api/generate", json={"model": "tiny", "prompt": "y", "stream": False})).json()
    assert (said["response"], said["thinking"], said["tool_calls"]) == ("uno", "hm", [{"function": {"name": "f"}}])
    real.script(Say([], done=False), path="/api/generate")
    said = (await http.post("/api/generate", json={"model": "tiny", "prompt": "y", "stream": False})).json()
    assert (said["response"], said["done"]) == ("", False)


async def test_thinking_can_be_left_out_and_whole_replies_gather(http: httpx.AsyncClient) -> None:
    body = {"model": "thinker", "messages": ASK, "stream": False, "logprobs": True, "top_logprobs": 2}
    whole = (await http.post("/api/chat", json=body)).json()
    assert whole["message"]["thinking"]
    assert [entry["token"] for entry in whole["logprobs"]][-1] == "?"
    assert len(whole["logprobs"][0]["top_logprobs"]) == 2
    quiet = (await http.post("/api/chat", json=body | {"think": False, "logprobs": False})).json()
    assert "thinking" not in quiet["message"]
    assert "logprobs" not in quiet
    prompt = {"model": "thinker", "prompt": "hola", "stream": False, "logprobs": True}
    generated = (await http.post("/api/generate", json=prompt)).json()
    assert generated["thinking"] == whole["message"]["thinking"]
    assert "top_logprobs" not in generated["logprobs"][0]


async def test_json_is_a_wish_and_comes_fenced(http: httpx.AsyncClient) -> None:
    body = {"model": "tiny", "messages": ASK, "stream": False, "format": "json"}
    text = (await http.post("/api/chat", json=body)).json()["message"]["content"]
    assert text.startswith("```json\n")
    assert json.loads(text.removeprefix("```json\n").removesuffix("```")) == {"hola": True}


async def test_vectors_are_of_length_one_and_cut_on_demand(http: httpx.AsyncClient) -> None:
    async def embed(**more: Any) -> list[list[float]]:
        got = await http.post("/api/embed", json={"model": "tinyembed", **more})
        vectors: list[list[float]] = got.json()["embeddings"]
        return vectors

    [whole] = await embed(input="hola")
    [again, other] = await embed(input=["hola", "adiós"], dimensions=1000)
    [short] = await embed(input="hola", dimensions=8)
    assert whole == again != other
    assert (len(whole), len(short)) == (384, 8)
    for vector in (whole, other, short):
        assert math.isclose(math.hypot(*vector), 1, abs_tol=1e-6)
    assert all(math.isclose(a / whole[0], b / short[0], rel_tol=1e-4) for a, b in zip(whole[:8], short, strict=True))
    old = (await http.post("/api/embeddings", json={"model": "tinyembed", "prompt": "hola"})).json()["embedding"]
    assert old == vector_of("hola", 384, "tinyembed:latest")
    assert (await http.post("/api/embeddings", json={"model": "tinyembed"})).json() == {"embedding": []}
    assert (await http.post("/api/embeddings", json={"model": "tiny", "prompt": "x"})).status_code == 501
    assert (await http.post("/api/embed", json={"input": "x"})).json() == {"error": "model is required"}


async def test_a_pull_grows_and_leaves_the_model_there(real: ScriptedOllama, http: httpx.AsyncClient) -> None:
    first = lines((await http.post("/api/pull", json={"model": "llama3.2"})).content)
    assert [first[0]["status"], *(item["status"] for item in first[-3:])] == [
        "pulling manifest", "verifying sha256 digest", "writing manifest", "success",
    ]  # fmt: skip
    weights = [item for item in first if item.get("total") == 2_019_393_189]
    assert "completed" not in weights[0]
    assert weights[-1]["completed"] == weights[-1]["total"]
    assert shape(weights[-1]) == shape(lines(recording("pull_again_stream").content)[1])
    again = lines((await http.post("/api/pull", json={"model": "llama3.2"})).content)
    assert [item["completed"] for item in again if "total" in item] == [2_019_393_189, 102]
    assert "llama3.2:latest" in [model["name"] for model in (await http.get("/api/tags")).json()["models"]]
    whole = await http.post("/api/pull", json={"model": "gemma3", "stream": False})
    assert whole.content == recording("pull").content
    assert whole.headers["content-type"] == recording("pull").headers["Content-Type"]


async def test_a_pull_that_was_left_goes_on_where_it_was(real: ScriptedOllama, http: httpx.AsyncClient) -> None:
    real.progress_delay_s = 0.05
    async with http.stream("POST", "/api/pull", json={"model": "gemma3"}) as left:
        async for line in left.aiter_lines():
            if "completed" in line:
                break
    await real.requests[-1].wait_hung_up()
    assert real.find("gemma3") is None
    real.progress_delay_s = 0.0
    rest = lines((await http.post("/api/pull", json={"model": "gemma3"})).content)
    assert rest[1]["completed"] >= rest[1]["total"] / 4


async def test_a_push(real: ScriptedOllama, http: httpx.AsyncClient) -> None:
    first = lines((await http.post("/api/push", json={"model": "tiny"})).content)
    again = lines((await http.post("/api/push", json={"model": "tiny"})).content)
    recorded = lines(recording("push_again_stream").content)
    assert shape(again[1]) == shape(recorded[1])
    assert [again[0], *again[-2:]] == [recorded[0], *recorded[-2:]]
    assert len(first) > len(again)
    assert real.in_registry("tiny") is not None
    missing = lines((await http.post("/api/push", json={"model": "nope"})).content)
    assert [list(item) for item in missing] == [["status"], ["status"], ["error"]]
    whole = await http.post("/api/push", json={"model": "nope", "stream": False})
    assert (whole.status_code, list(whole.json())) == (500, ["error"])
    assert (await http.post("/api/push", json={})).status_code == 400
    assert (await http.post("/api/pull", json={})).status_code == 400


async def test_a_model_is_made_of_another(real: ScriptedOllama, http: httpx.AsyncClient) -> None:
    recorded = recording("create_system_stream")
    got = lines((await http.post("/api/create", json=recorded.body)).content)
    assert [words(item) for item in got] == [words(item) for item in lines(recorded.content)]
    shown = (await http.post("/api/show", json={"model": "tutor"})).json()
    assert shown["system"] == recorded.body["system"]
    assert "temperature 0.7" in shown["parameters"]
    assert shown["details"]["parent_model"] == "qwen2.5-coder:1.5b"
    again = await http.post("/api/create", json=recording("create_again").body)
    assert again.content == recording("create_again").content
    assert [model.name for model in real.models].count("tutor:latest") == 1
    made = await http.post("/api/create", json={"model": "q", "from": "tiny", "quantize": "q8_0", "license": ["MIT"]})
    assert lines(made.content)[-1] == {"status": "success"}
    assert (real.models[0].quantization_level, real.models[0].license) == ("Q8_0", "MIT")


def words(item: dict[str, Any]) -> str:
    return str(item["status"]).partition(" sha256")[0]


async def test_a_model_is_made_of_one_that_must_be_pulled_or_of_a_file(
    real: ScriptedOllama, http: httpx.AsyncClient
) -> None:
    got = lines((await http.post("/api/create", json={"model": "mario", "from": "llama3.2", "system": "x"})).content)
    assert got[0] == {"status": "pulling manifest"}
    assert got.count({"status": "success"}) == 1
    assert real.find("mario")
    unknown = lines((await http.post("/api/create", json={"model": "x", "from": "nope"})).content)
    assert [list(item) for item in unknown] == [["status"], ["error"]]
    digest = f"sha256:{hashlib.sha256(b'gguf').hexdigest()}"
    assert (await http.post(f"/api/blobs/{digest}", content=b"gguf")).status_code == 201
    filed = lines((await http.post("/api/create", json={"model": "f", "files": {"m.gguf": digest}})).content)
    assert [words(item) for item in filed] == [
        "parsing GGUF", "verifying conversion", "using existing layer", "writing manifest", "success",
    ]  # fmt: skip
    assert real.models[0].size_bytes == 4
    whole = await http.post("/api/create", json=recording("create_bad_digest").body | {"stream": False})
    assert (whole.status_code, list(whole.json())) == (500, ["error"])


async def test_copies_and_deletions_are_empty(http: httpx.AsyncClient) -> None:
    for method, path, body in (
        ("POST", "/api/copy", {"source": "tiny", "destination": "tiny-copy"}),
        ("DELETE", "/api/delete", {"model": "tiny-copy"}),
    ):
        got = await http.request(method, path, json=body)
        assert (got.status_code, got.content, got.headers["content-length"]) == (200, b"", "0")
    assert (await http.request("DELETE", "/api/delete", json={"model": "tiny-copy"})).status_code == 404
    for body in ({"source": "tiny"}, {"source": "tiny", "destination": "a b"}):
        assert (await http.post("/api/copy", json=body)).status_code == 400
    for method, path in (("POST", "/api/show"), ("DELETE", "/api/delete"), ("POST", "/v1/systemone")):
        assert (await http.request(method, path, json={"model": ""})).json() == {"error": "model is required"}


async def test_the_web_wants_a_key(http: httpx.AsyncClient) -> None:
    key = {"Authorization": "Bearer k"}
    refused = await http.post("/api/web_search", json={"query": "x"})
    assert (refused.status_code, refused.json()["error"]) == (401, "unauthorized")
    for asked, count in (
        ({"query": "x"}, 5),
        ({"query": "x", "max_results": 3}, 3),
        ({"query": "x", "max_results": 99}, 10),
    ):
        results = (await http.post("/api/web_search", json=asked, headers=key)).json()["results"]
        assert [list(result) for result in results] == [["title", "url", "content"]] * count
    page = (await http.post("/api/web_fetch", json={"url": "https://ollama.com"}, headers=key)).json()
    assert list(page) == ["title", "content", "links"]
    for path, body in (("web_search", {}), ("web_fetch", {"url": 5})):
        assert (await http.post(f"/api/{path}", json=body, headers=key)).status_code == 400
    assert (await http.post("/api/experimental/web_fetch", json={"url": "x"})).status_code == 403


async def test_the_web_can_be_scripted(real: ScriptedOllama, http: httpx.AsyncClient) -> None:
    real.script({"results": []}, path="/api/web_search")
    real.script(lambda body: {"title": body["url"], "content": "c", "links": []}, path="/api/web_fetch")
    assert (await http.post("/api/web_search", json={"query": "x"})).json() == {"results": []}
    assert (await http.post("/api/web_fetch", json={"url": "u"})).json()["title"] == "u"


async def test_system_one(http: httpx.AsyncClient) -> None:
    questions = {
        "mood": {"type": "choice", "instructions": "?", "criteria": {"good": None, "bad": "sad"}},
        "only": {"type": "choice", "instructions": "?", "criteria": {"one": None}},
        "true": {"type": "noul", "instructions": "?"},
        "level": {"type": "score", "instructions": "?", "criteria": ["A1", "A2", "B1"]},
    }
    body = {"model": "tiny", "state": "hola", "questions": questions}
    answers = (await http.post("/v1/systemone", json=body)).json()["answers"]
    assert answers["mood"]["choice"] == "good"
    assert answers["only"]["probabilities"] == {"one": 1.0}
    assert 0 <= answers["true"]["noul"] <= 1
    assert answers["level"]["legend"] == {"0": "A1", "1": "A2", "2": "B1"}
    assert math.isclose(sum(answers["level"]["probabilities"].values()), 1)
    assert (await http.post("/v1/systemone", json=body | {"model": "nope"})).status_code == 404
    for wrong in (
        {},
        {"q": {"type": "score", "criteria": []}},
        {"q": 5},
        {"q": {"type": "choice", "criteria": {}}},
        [1],
    ):
        assert (await http.post("/v1/systemone", json=body | {"questions": wrong})).status_code == 400
