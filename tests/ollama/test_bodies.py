"""The exact JSON of requests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from tutor.ollama import Message, Options, RequestError
from tutor.ollama.bodies import ChatExtras, chat_body, encode


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
            Message(role="user", content="ñ", images=[b"\x00\x01"]),
            {"role": "assistant", "content": None, "tool_calls": [call]},
        ]
    )["messages"]
    assert sent == [
        {"role": "tool", "content": "", "tool_call_id": "call_1"},
        {"role": "user", "content": "ñ", "images": ["AAE="]},
        {"role": "assistant", "tool_calls": [call]},
    ]


def test_images_from_a_path_and_as_base64(tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(b"\x00\x01")
    assert body(messages=[{"role": "user", "images": [picture, "AAE="]}])["messages"][0]["images"] == ["AAE="] * 2


def test_what_cannot_be_asked() -> None:
    with pytest.raises(RequestError):
        body("")
    with pytest.raises(RequestError) as caught:
        body(messages=[{"role": "user", "content": "secret \ud800"}])
    assert "secret" not in str(caught.value)
    assert caught.value.__cause__ is None
