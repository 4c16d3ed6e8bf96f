"""The exact JSON of requests."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import ollama as published
import pytest
from pydantic import BaseModel

from tutor.ollama import Message, Options, RequestError
from tutor.ollama.bodies import ChatExtras, chat_body, create_body, encode, generate_body, search_body
from tutor.ollama.types import Image


def body(model: str = "m", messages: Any = None, *, stream: bool = False, **extras: Any) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(
        encode(chat_body(model, messages, stream=stream, extras=ChatExtras(**extras)))  # type: ignore[typeddict-item]
    )
    return made


def test_least() -> None:
    assert body() == {"model": "m", "stream": False, "messages": [], "tools": []}


@pytest.mark.parametrize(("given", "sent"), [(0, 0.0), (-1, -1.0), (300, 300.0), ("5m", "5m")])
def test_keep_alive(given: float | str, sent: float | str) -> None:
    assert body(keep_alive=given)["keep_alive"] == sent


class Answer(BaseModel):
    word: str


def test_format_takes_json_a_schema_or_a_class() -> None:
    assert body(format="json")["format"] == "json"
    assert body(format={"type": "object"})["format"] == {"type": "object"}
    assert body(format=Answer)["format"] == Answer.model_json_schema()
    with pytest.raises(RequestError):
        body(format=5)


def test_options_by_dict_or_model() -> None:
    assert body(options={"num_ctx": 9})["options"] == {"num_ctx": 9}
    assert body(options=Options(num_ctx=9, min_p=0.5))["options"] == {"num_ctx": 9, "min_p": 0.5}


def test_messages_keep_empty_content_and_ids_and_drop_nothing_else_but_nothing() -> None:
    call = {"id": "call_1", "function": {"name": "f", "arguments": {}}}
    sent = body(
        messages=[
            {"role": "tool", "content": "", "tool_call_id": "call_1", "images": []},
            Message(role="user", content="ñ", images=[Image(value=b"\x00\x01")]),
            {"role": "assistant", "content": None, "tool_calls": [call]},
        ]
    )["messages"]
    assert sent == [
        {"role": "tool", "content": "", "tool_call_id": "call_1"},
        {"role": "user", "content": "ñ", "images": ["AAE="]},
        {"role": "assistant", "tool_calls": [call]},
    ]


def test_what_the_other_library_made_is_read_as_well() -> None:
    calls = [published.Message.ToolCall(function=published.Message.ToolCall.Function(name="f", arguments={"a": 1}))]
    theirs = published.Message(role="user", tool_calls=calls, images=[published.Image(value=b"\x00\x01")])
    expected = {"role": "user", "tool_calls": [{"function": {"name": "f", "arguments": {"a": 1}}}], "images": ["AAE="]}
    assert body(messages=[theirs])["messages"] == [expected]
    assert body(messages=(one for one in [theirs]))["messages"] == [expected]


def test_images_from_a_path_and_as_base64(tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(b"\x00\x01")
    given: list[Any] = [picture, "AAE=", str(picture), Image(value=str(picture))]
    message = {"role": "user", "images": given}
    assert body(messages=[message])["messages"][0]["images"] == ["AAE="] * 4
    made = generate_body("m", None, None, stream=True, extras={"images": given})
    assert made == {"model": "m", "stream": True, "images": ["AAE="] * 4}


def test_no_text_is_read_as_a_path_when_that_is_off(tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(b"\x00\x01")
    for image in (str(picture), Image(value=str(picture))):
        message = Message.model_validate({"role": "user", "content": "c", "images": [image]})
        sends: list[Callable[[], object]] = [
            partial(chat_body, "m", [message], stream=False, extras={}, read_image_paths=False),
            partial(create_body, "m", stream=False, extras={"messages": [message]}, read_image_paths=False),
            partial(generate_body, "m", "", "", stream=False, extras={"images": [image]}, read_image_paths=False),
        ]
        for send in sends:
            with pytest.raises(RequestError):
                send()
    made = chat_body(
        "m", [{"role": "user", "images": [picture, b"a"]}], stream=False, extras={}, read_image_paths=False
    )
    assert made["messages"][0]["images"] == ["AAE=", "YQ=="]


def test_truncate_and_shift_are_sent_only_when_given() -> None:
    sent = body(truncate=False, shift=True)
    assert (sent["truncate"], sent["shift"]) == (False, True)
    assert {"truncate", "shift"}.isdisjoint(body(truncate=None, shift=None))
    made = generate_body("m", "p", None, stream=False, extras={"truncate": True, "shift": False})
    assert made == {"model": "m", "stream": False, "prompt": "p", "truncate": True, "shift": False}


def test_an_unknown_keyword_is_a_programming_error() -> None:
    with pytest.raises(TypeError, match="'temperature'"):
        body(temperature=1)
    with pytest.raises(TypeError, match="'messages'"):
        generate_body("m", "p", None, stream=False, extras={"messages": []})  # type: ignore[typeddict-unknown-key]


def test_what_cannot_be_asked() -> None:
    with pytest.raises(RequestError, match="must provide a model"):
        body("")
    with pytest.raises(RequestError, match="'top_logprobs'"):
        body(top_logprobs="secret")
    with pytest.raises(RequestError, match="'role'"):
        body(messages=[{"content": "secret"}])
    with pytest.raises(RequestError, match="messages takes a list"):
        body(messages="secret")
    with pytest.raises(RequestError, match="'query'"):
        search_body(None)  # type: ignore[arg-type]


def test_what_json_does_not_have() -> None:
    circle: dict[str, Any] = {}
    circle["again"] = circle
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    wrong: list[Any] = ["secret \ud800", float("inf"), object(), circle, deep]
    for value in wrong:
        with pytest.raises(RequestError) as caught:
            encode({"model": "m", "prompt": value})
        assert "secret" not in str(caught.value)
        assert caught.value.__cause__ is None


def test_json_is_compact_and_in_utf_8() -> None:
    assert encode({"a": "ñ\u2028", "b": [1, None, 0.5], "c": Answer(word="w")}) == (
        '{"a":"ñ\u2028","b":[1,null,0.5],"c":{"word":"w"}}'.encode()
    )
