"""Chunks add up to what an unstreamed call gives."""

from __future__ import annotations

import gc
import tracemalloc
import weakref

import pytest

from tutor.ollama import ChatResponse, Message
from tutor.ollama.accumulation import Accumulation, ChatAccumulation, GenerateAccumulation, ProgressAccumulation
from tutor.ollama.testing import recording
from tutor.ollama.types import GenerateResponse, Logprob, ProgressResponse, TokenLogprob


def chat_chunks(name: str) -> list[ChatResponse]:
    return [ChatResponse.model_validate_json(line) for line in recording(name).content.splitlines()]


def gathered(chunks: list[ChatResponse]) -> ChatResponse:
    accumulation: Accumulation[ChatResponse] = ChatAccumulation()
    for chunk in chunks:
        accumulation.add(chunk)
    return accumulation.response()


def test_a_chat() -> None:
    chunks = chat_chunks("chat_stream")
    whole = gathered(chunks)
    assert whole.message.content == "".join(chunk.message.content or "" for chunk in chunks) == "¡Buenos días!"
    assert whole.message.role == "assistant"
    assert "thinking" not in whole.message
    assert "tool_calls" not in whole.message
    assert "logprobs" not in whole
    assert (whole.done, whole.done_reason, whole.eval_count) == (True, "stop", chunks[-1].eval_count)
    assert chunks[-1].message.content == ""


def test_thinking_calls_and_logprobs() -> None:
    chunks = chat_chunks("chat_think_stream")
    whole = gathered(chunks)
    assert whole.message.thinking == "".join(chunk.message.thinking or "" for chunk in chunks) != ""
    calls = gathered(chat_chunks("chat_tool_calls_parsed_stream")).message.tool_calls
    assert calls is not None
    assert calls[0].id
    chunks = chat_chunks("chat_logprobs_stream")
    expected = [one for chunk in chunks for one in chunk.logprobs or ()]
    assert gathered(chunks).logprobs == expected != []


def test_what_the_server_adds_stays() -> None:
    chunk = ChatResponse.model_validate({"message": {"role": "x", "content": "a", "new": 1}, "remote_host": "h"})
    whole = gathered([chunk])
    assert (whole.message.role, whole.message["new"], whole["remote_host"]) == ("x", 1, "h")


def test_before_the_first_chunk() -> None:
    assert (gathered([]).message.content, gathered([]).done) == ("", False)
    assert (GenerateAccumulation().response().response, GenerateAccumulation().response().done) == ("", False)
    assert ProgressAccumulation().response() == ProgressResponse()


def test_a_generation() -> None:
    accumulation: Accumulation[GenerateResponse] = GenerateAccumulation()
    chunks = [GenerateResponse.model_validate_json(line) for line in recording("generate_stream").content.splitlines()]
    for chunk in chunks:
        accumulation.add(chunk)
    whole = accumulation.response()
    assert whole.response == "".join(chunk.response or "" for chunk in chunks) != ""
    assert whole.context
    assert whole.context == chunks[-1].context
    assert whole.eval_count == chunks[-1].eval_count
    assert "thinking" not in whole


def test_a_generation_with_everything() -> None:
    accumulation = GenerateAccumulation()
    said = Logprob(token="a", logprob=-1.0, top_logprobs=[TokenLogprob(token="b", logprob=-2.0)])
    call = {"function": {"name": "f", "arguments": {}}}
    accumulation.add(GenerateResponse(thinking="h", logprobs=[said]))
    accumulation.add(GenerateResponse.model_validate({"thinking": "m", "tool_calls": [call]}))
    accumulation.add(GenerateResponse(response="a", logprobs=[said], done=True, image="AAAA"))
    whole = accumulation.response()
    assert (whole.thinking, whole.response, whole.done, whole.image) == ("hm", "a", True, "AAAA")
    assert whole.logprobs == [said, said]
    assert whole.tool_calls is not None
    assert whole.tool_calls[0].function.name == "f"


def test_progress_is_its_last_step() -> None:
    accumulation: Accumulation[ProgressResponse] = ProgressAccumulation()
    for status in ("pulling manifest", "success"):
        accumulation.add(ProgressResponse(status=status, total=5))
    assert accumulation.response().status == "success"


def test_a_response_is_not_changed_by_later_chunks() -> None:
    accumulation = ChatAccumulation()
    accumulation.add(ChatResponse(message=Message(role="assistant", content="a")))
    early = accumulation.response()
    accumulation.add(ChatResponse(message=Message(role="assistant", content="b")))
    assert early.message.content == "a"
    assert accumulation.response().message.content == "ab"


@pytest.mark.parametrize("kind", [ChatAccumulation, GenerateAccumulation])
def test_long_replies_keep_texts_only(kind: type[ChatAccumulation | GenerateAccumulation]) -> None:
    accumulation = kind()
    line = b'{"model":"m","message":{"role":"assistant","content":"wo%d"},"response":"wo%d","done":false}'
    model = ChatResponse if kind is ChatAccumulation else GenerateResponse
    tracemalloc.start()
    before = tracemalloc.get_traced_memory()[0]
    seen = []
    for number in range(20_000):
        chunk = model.model_validate_json(line % (number, number))
        if number % 1000 == 0:
            seen.append(weakref.ref(chunk))
        accumulation.add(chunk)  # type: ignore[arg-type]
    grown = tracemalloc.get_traced_memory()[0] - before
    tracemalloc.stop()
    gc.collect()
    assert not any(reference() for reference in seen)
    assert grown < 3_000_000
