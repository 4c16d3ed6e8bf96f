"""What counts as an answer, whatever its labels say: types, marks, line ends, and ends without `done`."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.ollama.watching import ASK, MODEL
from tutor.ollama import AsyncClient, Incomplete, ResponseError, Retries, WrongContentType
from tutor.ollama.testing import Reply, ScriptedOllama
from tutor.ollama.testing.wire import last_line, line

HOLA = [line("Ho"), line("la"), last_line()]
WHOLE = json.dumps({"message": {"role": "assistant", "content": "Hola"}, "done": True}).encode()
TYPES = [
    "text/plain",
    "text/plain; charset=utf-8",
    "text/html; charset=UTF-8",
    "application/octet-stream",
    "application/stream+json",
    "application/jsonl",
    "application/x-jsonlines",
    "application/problem+json",
    "text/event-stream",
    "TEXT/JSON",
    "Application/X-NDJSON; charset=utf-8",
    "nonsense",
]
MARK = b"\xef\xbb\xbf"


@pytest.mark.parametrize("kind", TYPES)
async def test_right_lines_are_read_under_any_type(server: ScriptedOllama, client: AsyncClient, kind: str) -> None:
    server.script(Reply([b"\r\n ", *HOLA], headers={"Content-Type": kind}), once=True)
    server.script(Reply([WHOLE], headers={"Content-Type": kind}))
    assert (await (await client.chat(MODEL, ASK, stream=True)).final()).message.content == "Hola"
    assert (await client.chat(MODEL, ASK)).message.content == "Hola"


@pytest.mark.parametrize(
    "page", [b"<!doctype html>", b"\n\n  <html>", MARK + b"<p>", b"Ollama is running", b"data: {}"]
)
@pytest.mark.parametrize("kind", ["text/html", "text/plain", "text/event-stream"])
async def test_a_page_is_not_read(server: ScriptedOllama, client: AsyncClient, kind: str, page: bytes) -> None:
    for path in ("/api/chat", "/api/copy", "/api/tags"):
        server.script(Reply([page], headers={"Content-Type": kind}), path=path)
    for call in (client.chat(MODEL, ASK), client.copy("a", "b"), client.list()):
        with pytest.raises(WrongContentType, match=kind):
            await call
    with pytest.raises(WrongContentType, match=kind):
        await (await client.chat(MODEL, ASK, stream=True)).final()


@pytest.mark.parametrize(
    "kind", ["text/html", "text/plain; charset=utf-8", "application/octet-stream", "application/json"]
)
@pytest.mark.parametrize("framing", ["length", "chunked", "close"])
async def test_nothing_is_enough_where_the_status_says_all(
    server: ScriptedOllama, client: AsyncClient, kind: str, framing: Any
) -> None:
    for path in ("/api/copy", "/api/delete"):
        server.script(Reply(headers={"Content-Type": kind}, framing=framing), path=path)
    assert (await client.copy("a", "b")).status == "success"
    assert (await client.delete("a")).status == "success"


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 429, 500, 501, 502, 503])
async def test_a_head_that_tells_nothing_is_followed_by_the_file(
    server: ScriptedOllama, make_client: Callable[..., AsyncClient], tmp_path: Path, status: int
) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(b"gguf")
    server.script(Reply(status=status, framing="length"), path="/api/blobs/", method="HEAD")
    async with make_client(server.base_url, retries=Retries(first_delay_s=0.001)) as client:
        assert server.blobs == {await client.create_blob(path): 4}


async def test_a_head_that_a_page_answers_tells_nothing(
    server: ScriptedOllama, client: AsyncClient, tmp_path: Path
) -> None:
    path = tmp_path / "x.gguf"
    path.write_bytes(b"gguf")
    page = Reply(headers={"Content-Type": "text/html"}, framing="length")
    server.script(page, path="/api/blobs/", method="HEAD")
    assert server.blobs == {await client.create_blob(path): 4}


async def test_marks_and_line_ends_of_other_systems(server: ScriptedOllama, client: AsyncClient) -> None:
    lines = [MARK[:1], MARK[1:], *(line.replace(b"\n", b"\r\n") for line in HOLA)]
    server.script(Reply(lines), once=True)
    server.script(Reply([MARK + WHOLE + b"\r\n"]))
    assert (await (await client.chat(MODEL, ASK, stream=True)).final()).message.content == "Hola"
    assert (await client.chat(MODEL, ASK)).message.content == "Hola"


@pytest.mark.parametrize("body", [b'{"error":"no such model"}', MARK + b' {"error":"no such model"}'])
async def test_an_error_is_read_under_any_type(server: ScriptedOllama, client: AsyncClient, body: bytes) -> None:
    server.script(Reply([body], status=404, headers={"Content-Type": "text/html"}))
    with pytest.raises(ResponseError) as caught:
        await client.chat(MODEL, ASK)
    assert caught.value.error == "no such model"


COUNTERS = {"total_duration": 9, "eval_count": 2, "prompt_eval_count": 3}
ENDS = [
    {"done_reason": "stop"} | COUNTERS,
    {"done_reason": "length", "done": None} | COUNTERS,
    {"done_reason": "stop", "done": False} | COUNTERS,
    {"done_reason": "stop"},
]
NO_ENDS: list[dict[str, Any]] = [{"done": False}, {"done": False, "done_reason": "stop"}, {"done": False} | COUNTERS]


def ending(path: str, end: dict[str, Any]) -> list[bytes]:
    """A reply that says two words, and ends so."""
    words: list[dict[str, Any]] = [{"done": False}, end]
    lines: list[dict[str, Any]] = [{"response": "Hola"}, {"response": ""}]
    if path == "/api/chat":
        lines = [{"message": {"role": "assistant", "content": line["response"]}} for line in lines]
    return [json.dumps(said | rest).encode() + b"\n" for said, rest in zip(lines, words, strict=True)]


@pytest.mark.parametrize("path", ["/api/chat", "/api/generate"])
@pytest.mark.parametrize("end", ENDS)
async def test_a_reason_and_counters_end_a_reply(
    server: ScriptedOllama, client: AsyncClient, path: str, end: dict[str, Any]
) -> None:
    server.script(Reply([*ending(path, end), b"{not read"]), path=path, once=True)
    ask: Any = client.chat if path == "/api/chat" else client.generate
    whole = await (await ask(MODEL, stream=True)).final()
    assert (whole.done, whole.done_reason, whole.eval_count) == (True, end["done_reason"], end.get("eval_count"))
    server.script(Reply([ending(path, end)[1]]), path=path)
    assert (await ask(MODEL)).done


@pytest.mark.parametrize("path", ["/api/chat", "/api/generate"])
@pytest.mark.parametrize("end", NO_ENDS)
async def test_the_guard_against_repetition_gives_neither(
    server: ScriptedOllama, client: AsyncClient, path: str, end: dict[str, Any]
) -> None:
    server.script(Reply(ending(path, end)), path=path, once=True)
    server.script(Reply([ending(path, end)[1]]), path=path)
    ask: Any = client.chat if path == "/api/chat" else client.generate
    with pytest.raises(Incomplete, match="no_done"):
        await (await ask(MODEL, stream=True)).final()
    with pytest.raises(Incomplete, match="done_false"):
        await ask(MODEL)
