"""Request bodies. Pure: arguments in, JSON bytes out."""

from __future__ import annotations

import base64
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypedDict

import pydantic_core
from pydantic import BaseModel

from tutor.ollama.errors import RequestError
from tutor.ollama.types import Message

MessageLike = Mapping[str, Any] | Message
ToolLike = Mapping[str, Any] | BaseModel
OptionsLike = Mapping[str, Any] | BaseModel
FormatLike = str | Mapping[str, Any] | type[BaseModel]


class ChatExtras(TypedDict, total=False):
    """The arguments of a chat beside model, messages and stream; None means "not sent"."""

    tools: Sequence[ToolLike] | None
    think: bool | str | None
    logprobs: bool | None
    top_logprobs: int | None
    format: FormatLike | None
    options: OptionsLike | None
    keep_alive: float | str | None


def chat_body(
    model: str, messages: Sequence[MessageLike] | None, *, stream: bool, extras: ChatExtras
) -> dict[str, Any]:
    """The body of POST /api/chat. Raises `RequestError` for what cannot be asked."""
    body = {
        "model": require_model(model),
        "stream": stream,
        "messages": [_message(m) for m in messages or ()],
        "tools": [_plain(t) for t in extras.get("tools") or ()],
        "think": extras.get("think"),
        "logprobs": extras.get("logprobs"),
        "top_logprobs": extras.get("top_logprobs"),
        "format": _format(extras.get("format")),
        "options": _plain(extras.get("options")),
        "keep_alive": _keep_alive(extras.get("keep_alive")),
    }
    return {key: value for key, value in body.items() if value is not None}


def require_model(model: str) -> str:
    """The model's name. Raises `RequestError` if there is none."""
    if not model:
        raise RequestError("must provide a model")
    return model


def encode(body: Mapping[str, Any]) -> bytes:
    """Compact JSON in UTF-8. Raises `RequestError` for text with lone surrogates or values JSON does not have."""
    try:
        return pydantic_core.to_json(body)
    except (ValueError, TypeError):
        # The original error quotes the text, which is somebody's conversation.
        raise RequestError("the request cannot be written as JSON in UTF-8") from None


def _message(message: MessageLike) -> dict[str, Any]:
    fields = message.model_dump() if isinstance(message, BaseModel) else dict(message)
    kept = {key: value for key, value in fields.items() if value or (key == "content" and value is not None)}
    if images := kept.get("images"):
        kept["images"] = [_image(image) for image in images]
    if calls := kept.get("tool_calls"):
        kept["tool_calls"] = [_plain(call) for call in calls]
    return kept


def _image(image: object) -> object:
    if isinstance(image, Path):
        image = image.read_bytes()
    if isinstance(image, bytes | bytearray | memoryview):
        return base64.b64encode(image).decode("ascii")
    return image


def _plain(value: Mapping[str, Any] | BaseModel | None) -> dict[str, Any] | None:
    if value is None:
        return None
    return value.model_dump(exclude_none=True) if isinstance(value, BaseModel) else dict(value)


def _format(value: object) -> str | dict[str, Any] | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, type) and issubclass(value, BaseModel):
        return value.model_json_schema()
    raise RequestError("format takes 'json', a JSON schema or a pydantic model class")


def _keep_alive(value: float | str | None) -> float | str | None:
    return float(value) if isinstance(value, int | float) else value
