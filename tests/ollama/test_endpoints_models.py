"""Pulls, pushes and creations: what the lines say, and what is there afterwards."""

from __future__ import annotations

import hashlib
from typing import Any

import httpx

from tests.ollama.shapes import lines, shape
from tutor.ollama.testing import ScriptedOllama, recording

ASK = [{"role": "user", "content": "hola"}]


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
