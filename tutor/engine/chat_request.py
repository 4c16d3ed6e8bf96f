"""The body of `/api/chat`, read as strictly and as loosely as Ollama reads it, with Ollama's texts for mistakes."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from tutor.engine.durations import BadDuration, keep_alive_s

LEVELS: Final = ("high", "medium", "low", "max")
MOST_TOP_LOGPROBS: Final = 20
GO_NAMES: Final = {str: "string", bool: "bool", list: "array", dict: "object"}
FIELDS: Final[Mapping[str, tuple[type, str]]] = {
    "model": (str, "string"),
    "messages": (list, "[]api.Message"),
    "tools": (list, "api.Tools"),
    "stream": (bool, "bool"),
    "options": (dict, "map[string]interface {}"),
    "truncate": (bool, "bool"),
    "shift": (bool, "bool"),
    "logprobs": (bool, "bool"),
    "top_logprobs": (int, "int"),
}
MESSAGE_FIELDS: Final[Mapping[str, tuple[type, str]]] = {
    "role": (str, "string"),
    "content": (str, "string"),
    "images": (list, "[]api.ImageData"),
}


class BadRequest(ValueError):
    """The body cannot be understood; the argument is the text that Ollama answers with status 400."""


@dataclass(frozen=True)
class ChatRequest:
    """What was asked for. `keep_alive_s` is infinite for "for ever"; `format_` is as it was sent."""

    model: str
    messages: Sequence[Mapping[str, str]]
    stream: bool
    format_: object
    options: Mapping[str, Any]
    keep_alive_s: float
    think: object
    truncate: bool
    logprobs: bool
    top_logprobs: int
    wants_tools: bool
    has_images: bool


def read_chat_request(body: bytes, *, keep_alive_default_s: float) -> ChatRequest:
    """Read the body. Raises BadRequest."""
    fields = read_object(body)
    _check_types("ChatRequest", FIELDS, fields)
    messages = fields.get("messages") or []
    try:
        kept_s = keep_alive_s(fields.get("keep_alive"), default_s=keep_alive_default_s)
    except BadDuration as trouble:
        raise BadRequest(str(trouble)) from trouble
    asked = ChatRequest(
        model=fields.get("model") or "",
        messages=[_message(message) for message in messages],
        stream=fields.get("stream") is not False,
        format_=fields.get("format") or None,
        options=fields.get("options") or {},
        keep_alive_s=kept_s,
        think=_think(fields.get("think")),
        truncate=fields.get("truncate") is not False,
        logprobs=bool(fields.get("logprobs")),
        top_logprobs=fields.get("top_logprobs") or 0,
        wants_tools=bool(fields.get("tools")),
        has_images=any(_has_images(message) for message in messages),
    )
    if not asked.model:
        raise BadRequest("model is required")
    return asked


def read_object(body: bytes) -> dict[str, Any]:
    """The body as a JSON object. Raises BadRequest with Go's words."""
    if not body.strip():
        raise BadRequest("missing request body")
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as trouble:
        ended = isinstance(trouble, json.JSONDecodeError) and trouble.pos >= len(trouble.doc.rstrip())
        raise BadRequest("unexpected EOF" if ended else "invalid character in the request body") from trouble
    if not isinstance(value, dict):
        raise BadRequest(f"json: cannot unmarshal {_go_name(value)} into Go value of type api.ChatRequest")
    return value


def _check_types(owner: str, fields: Mapping[str, tuple[type, str]], values: Mapping[str, Any]) -> None:
    for name, (kind, go_type) in fields.items():
        value = values.get(name)
        is_right = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
        if value is not None and not is_right:
            place = f"{owner}.{name} of type {go_type}"
            raise BadRequest(f"json: cannot unmarshal {_go_name(value)} into Go struct field {place}")


def _go_name(value: object) -> str:
    return GO_NAMES.get(type(value), "number")


def _message(message: object) -> dict[str, str]:
    if not isinstance(message, dict):
        place = "ChatRequest.messages of type api.Message"
        raise BadRequest(f"json: cannot unmarshal {_go_name(message)} into Go struct field {place}")
    _check_types("ChatRequest.messages", MESSAGE_FIELDS, message)
    for image in message.get("images") or []:
        _check_base64(image)
    return {"role": (message.get("role") or "").lower(), "content": message.get("content") or ""}


def _has_images(message: Mapping[str, Any]) -> bool:
    return bool(message.get("images"))


def _check_base64(image: object) -> None:
    try:
        base64.b64decode(image if isinstance(image, str) else "!", validate=True)
    except (binascii.Error, ValueError) as trouble:
        raise BadRequest("illegal base64 data at input byte 0") from trouble


def _think(value: object) -> object:
    if value is None or isinstance(value, bool) or value in LEVELS:
        return value
    expected = ", ".join(f'"{level}"' for level in LEVELS)
    raise BadRequest(f"invalid think value: {json.dumps(value)} (must be {expected}, true, or false)")
