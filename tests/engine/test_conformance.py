"""The requests that were recorded with a real Ollama get answers of the same shape from the built-in engine."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.engine.raw_http import Response, Target, exchange

RECORDINGS = Path(__file__).parents[2] / "tutor/ollama/testing/recordings"
PATHS = ("/", "/api/chat", "/api/tags", "/api/show", "/api/ps", "/api/version", "/api/nope")
NAMES = ("qwen2.5-coder:1.5b", "qwen2.5-coder:0.5b", "tiny")

# Recordings of what the engine does not do, or cannot be asked for by this request alone.
TOOLS = "the engine offers no tools; err_tools_tiny is what it answers"
THINKS = "recorded with a model that thinks"
OWN_TEMPLATE = "recorded for what a model's own chat template does with a begun reply"
CRASH = "the model's process was killed while it was recorded; test_child kills ours"
NOT_COMPARED = {
    **dict.fromkeys(("chat_tools", "chat_tools_stream", "chat_tool_calls", "chat_tool_calls_stream"), TOOLS),
    **dict.fromkeys(("chat_tool_calls_two_stream", "chat_tool_result", "chat_tool_result_stream"), TOOLS),
    **dict.fromkeys(("chat_tool_calls_native", "chat_tool_calls_native_stream"), TOOLS),
    **dict.fromkeys(("chat_tool_calls_parsed", "chat_tool_calls_parsed_stream"), TOOLS),
    "err_tools_runner_shared": TOOLS,
    **dict.fromkeys(("chat_think", "chat_think_stream", "chat_think_low_stream", "chat_think_format"), THINKS),
    **dict.fromkeys(("chat_think_off_stream", "chat_think_unset_stream"), THINKS),
    **dict.fromkeys(("chat_thinks_unasked_stream", "chat_thinks_told_not_to_stream"), THINKS),
    **dict.fromkeys(("chat_prefill_echo_stream", "chat_prefill_echo_short_stream"), OWN_TEMPLATE),
    "chat_prefill_no_echo_stream": OWN_TEMPLATE,
    **dict.fromkeys(("stream_runner_killed", "nostream_runner_killed"), CRASH),
    "err_503_queue_full": "needs a queue that is full; test_queue fills it",
    "err_chat_embed_model": "recorded with a model that only embeds",
    "tags_after": "same request as tags, after models were made",
    "show_tutor": "recorded with a model made with a system prompt, which is how `create` is tested",
    "ps_empty": "same request as ps_after_unload",
}
# Keys that are not compared, and why.
NOT_COMPARED_KEYS = {
    "prompt_eval_duration": "left out when it is zero, and the tiny model may read a prompt in no time",
    "eval_duration": "the same",
    "load_duration": "the same",
}
# Compared as an object, without its keys: they are those of the model file.
THE_MODEL_S_OWN = "model_info"


def recordings() -> list[dict[str, Any]]:
    found = [(path.stem, json.loads(path.read_text())) for path in sorted(RECORDINGS.glob("*.json"))]
    return [
        {**recording, "name": name}
        for name, recording in found
        if recording.get("path") in PATHS and name not in NOT_COMPARED and name != "ps_loaded"
    ]


def shape(value: Any, key: str = "") -> Any:
    """Keys and types, in any depth; of a list, the first entry's."""
    if key == THE_MODEL_S_OWN:
        return "object" if isinstance(value, dict) else "wrong"
    if isinstance(value, dict):
        return {name: shape(inner, name) for name, inner in value.items() if name not in NOT_COMPARED_KEYS}
    if isinstance(value, list):
        return [shape(value[0])] if value and not isinstance(value[0], str | int) else ["items"]
    return "number" if isinstance(value, int | float) and not isinstance(value, bool) else type(value).__name__


def error_shape(value: Any) -> Any:
    """An error's text, where it is JSON itself, is compared by its keys; otherwise as it is."""
    text = value["error"] if isinstance(value, dict) else ""
    return shape(json.loads(text)) if text.startswith("{") else text


def mapped_body(recording: dict[str, Any]) -> bytes | None:
    if "raw_body" in recording:
        return str(recording["raw_body"]).encode()
    if "body" not in recording:
        return None
    body = recording["body"]
    named = {**body, "model": "tiny"} if body.get("model") in NAMES else body
    return json.dumps(named).encode()


async def answered(engine: Target, recording: dict[str, Any]) -> Response:
    """The engine's answer, after what had been done to the recorded server before."""
    foreign = {"err_host": {"Host": "example.com"}, "err_origin": {"Origin": "http://example.com"}}
    if recording["name"] == "ps_after_unload":
        await exchange(engine, "POST", "/api/chat", {"model": "tiny", "keep_alive": 0})
    headers = foreign.get(recording["name"], {})
    return await exchange(engine, recording["method"], recording["path"], mapped_body(recording), headers)


@pytest.mark.parametrize("recording", recordings(), ids=lambda recording: str(recording["name"]))
async def test_recorded_request(engine: Target, recording: dict[str, Any]) -> None:
    theirs, ours = recording, await answered(engine, recording)
    assert ours.status == theirs["status"], ours.body
    assert ours.headers.get("Content-Type") == theirs["headers"].get("Content-Type")
    assert ours.headers.get("Allow") == theirs["headers"].get("Allow")
    texts = [text for _, text in theirs["chunks"]]
    is_json = "json" in theirs["headers"].get("Content-Type", "")
    if not is_json:
        assert ours.body.decode() == "".join(texts)
    elif ours.status >= 400:
        assert error_text(ours.json, theirs) == error_text(json.loads("".join(texts)), theirs)
    else:
        compare_replies(ours, theirs, [json.loads(text) for text in texts])


def error_text(value: Any, recording: dict[str, Any]) -> Any:
    found = error_shape(value)
    names = [*NAMES, *(name + ":latest" for name in NAMES)] if isinstance(found, str) else []
    for name in sorted(names, key=len, reverse=True):
        found = found.replace(name, "tiny")
    return found


def compare_replies(ours: Response, theirs: dict[str, Any], recorded_values: list[Any]) -> None:
    is_stream = theirs["headers"]["Content-Type"] == "application/x-ndjson"
    if is_stream:
        assert ours.headers["Transfer-Encoding"] == "chunked"
        assert all(chunk.endswith(b"\n") and chunk.count(b"\n") == 1 for chunk in ours.chunks)
        values = ours.lines
    else:
        assert len(ours.chunks) == 1
        values = [ours.json]
    assert shape(values[-1]) == shape(recorded_values[-1])
    assert all(shape(value) == shape(recorded_values[0]) for value in values[:-1])
    assert not any(value["done"] for value in values[:-1])


async def test_ps_of_a_loaded_model(own_engine: Target) -> None:
    recording = json.loads((RECORDINGS / "ps_loaded.json").read_text())
    ours = await exchange(own_engine, "GET", "/api/ps")
    assert shape(ours.json) == shape(json.loads(recording["chunks"][0][1]))


async def test_counts_and_reasons(engine: Target) -> None:
    request = {"model": "tiny", "messages": [{"role": "user", "content": "hola"}], "stream": False}
    first, again = [(await exchange(engine, "POST", "/api/chat", request)).json for _ in range(2)]
    assert first["message"]["content"] == "¡Hola Tom! ¿Cómo estás hoy?"
    assert first["prompt_eval_count"] == again["prompt_eval_count"] > 20, "a remembered prompt counts whole"
    cut = (await exchange(engine, "POST", "/api/chat", {**request, "options": {"num_predict": 2}})).json
    assert (cut["done_reason"], cut["eval_count"]) == ("length", 2)
    assert (first["done_reason"], first["model"]) == ("stop", "tiny")


def test_every_exempted_recording_exists() -> None:
    assert len(recordings()) > 35
    assert {name for name in NOT_COMPARED if not (RECORDINGS / f"{name}.json").exists()} == set()
