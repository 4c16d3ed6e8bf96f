"""What a real server refuses, in its words and with its statuses (some of the caller's mistakes come as 500)."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from tutor.ollama.testing.models import Model, full_name
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.wire import CHAT, error_reply, runner_error

_LEVELS = ("high", "medium", "low", "max")
_DURATION = re.compile(r"[-+]?(0|(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+)")
_FLOATS = ("temperature", "top_p", "min_p", "typical_p", "repeat_penalty", "presence_penalty", "frequency_penalty")
_INTEGERS = ("num_ctx", "num_predict", "num_batch", "num_gpu", "num_thread", "num_keep", "seed", "top_k")
_TYPES = ("object", "array", "string", "number", "integer", "boolean", "null")
_NOT_RAW = ("system", "template", "context")
_CHARS_PER_TOKEN = 2


def in_request(body: Mapping[str, Any], path: str) -> Reply | None:
    """What is wrong with the request whatever the model: the refusal with status 400."""
    text = next(filter(None, (check(body) for check in (_messages, _keep_alive, _think, _images, _logprobs))), None)
    if text is None and path != CHAT and body.get("raw") and any(body.get(k) for k in _NOT_RAW):
        text = "raw mode does not support template, system, or context"
    return error_reply(text, 400) if text else None


def for_model(model: Model, body: Mapping[str, Any], path: str) -> Reply | None:
    """What this model cannot do, or not as asked: the refusal."""
    lacking = _lacking(model, body, path)
    if lacking:
        return error_reply(lacking, 400)
    if wrong := next(_wrong_options(body.get("options") or {}), None):
        return error_reply(wrong, 500)
    return _format(body.get("format")) or _unseen(model, body) or _too_long(model, body)


def _messages(body: Mapping[str, Any]) -> str | None:
    messages = body.get("messages")
    if messages is None or isinstance(messages, list):
        return None
    kind = "string" if isinstance(messages, str) else "object"
    return f"json: cannot unmarshal {kind} into Go struct field ChatRequest.messages of type []api.Message"


def _keep_alive(body: Mapping[str, Any]) -> str | None:
    value = body.get("keep_alive")
    wrong = isinstance(value, str) and not _DURATION.fullmatch(value)
    return f'time: invalid duration "{value}"' if wrong else None


def _think(body: Mapping[str, Any]) -> str | None:
    value = body.get("think")
    if value is None or isinstance(value, bool) or value in _LEVELS:
        return None
    return f'invalid think value: "{value}" (must be "high", "medium", "low", "max", true, or false)'


def _images(body: Mapping[str, Any]) -> str | None:
    for image in _all_images(body):
        try:
            base64.b64decode(str(image), validate=True)
        except ValueError:
            return "illegal base64 data at input byte 0"
    return None


def _logprobs(body: Mapping[str, Any]) -> str | None:
    return None if 0 <= (body.get("top_logprobs") or 0) <= 20 else "top_logprobs must be between 0 and 20"


def _all_images(body: Mapping[str, Any]) -> list[str]:
    messages = [message for message in body.get("messages") or () if isinstance(message, dict)]
    return [image for holder in (body, *messages) for image in holder.get("images") or ()]


def _lacking(model: Model, body: Mapping[str, Any], path: str) -> str | None:
    if "completion" not in model.capabilities:
        return f'"{body["model"]}" does not support {"chat" if path == CHAT else "generate"}'
    if body.get("think") and "thinking" not in model.capabilities:
        return f'"{body["model"]}" does not support thinking'
    asked = {"tools": body.get("tools"), "insert": body.get("suffix")}
    missing = next((what for what, given in asked.items() if given and what not in model.capabilities), None)
    return f"registry.ollama.ai/library/{full_name(model.name)} does not support {missing}" if missing else None


def _wrong_options(options: Mapping[str, Any]) -> Iterator[str]:
    numbers = {**dict.fromkeys(_FLOATS, "float32"), **dict.fromkeys(_INTEGERS, "integer")}
    for name, value in options.items():
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        if name in numbers and not is_number:
            yield f'option "{name}" must be of type {numbers[name]}'
        if name == "stop" and not isinstance(value, list):
            yield 'option "stop" must be of type array'


def _format(wanted: Any) -> Reply | None:
    if wanted in (None, "", "json"):
        return None
    if not isinstance(wanted, Mapping):
        text = json.dumps(json.dumps(wanted))
        return error_reply(f'invalid format: {text}; expected "json" or a valid JSON Schema object', 500)
    kind = wanted.get("type")
    if not isinstance(kind, str) or kind in _TYPES:
        return None
    schema = json.dumps(wanted, separators=(",", ":"))
    failed = "Unable to generate parser for this template. Automatic parser generation failed: "
    message = f"{failed}JSON schema conversion failed:\nUnrecognized schema: {schema}"
    return runner_error(message, "invalid_request_error", 400)


def _unseen(model: Model, body: Mapping[str, Any]) -> Reply | None:
    if not _all_images(body) or "vision" in model.capabilities:
        return None
    hint = "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj"
    return runner_error(hint, "server_error", 500)


def _too_long(model: Model, body: Mapping[str, Any]) -> Reply | None:
    """One message that alone exceeds the context; longer talks are cut without a word."""
    texts = [str(message.get("content") or "") for message in body.get("messages") or ()]
    tokens = max((len(text) // _CHARS_PER_TOKEN for text in texts), default=0)
    size = int((body.get("options") or {}).get("num_ctx") or model.context_length)
    if tokens <= size:
        return None
    message = f"request ({tokens} tokens) exceeds the available context size ({size} tokens), try increasing it"
    return runner_error(message, "exceed_context_size_error", 400, n_prompt_tokens=tokens, n_ctx=size)
