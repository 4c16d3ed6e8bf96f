"""Generations, thoughts, probabilities, vectors, the web and System One, as the scripted server gives them."""

from __future__ import annotations

import json
import math
from typing import Any

import httpx

from tests.ollama.shapes import lines
from tutor.ollama.testing import Say, ScriptedOllama
from tutor.ollama.testing.embeddings import vector_of

ASK = [{"role": "user", "content": "hola"}]


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
