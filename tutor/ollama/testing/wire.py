"""The shapes that a real server sends: whole answers, and the lines of a stream."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tutor.ollama.testing.replies import JSON, Framing, Reply

CHAT, GENERATE = "/api/chat", "/api/generate"

# Go writes these escaped; a client must cope with both spellings.
_GO_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
_LOAD_NS, _READ_NS_PER_TOKEN, _WRITE_NS_PER_TOKEN = 1_200_000, 4_000_000, 30_000_000
# Go announces a length for what fits into its first buffer; longer answers go out in chunks.
_GO_BUFFER_BYTES = 2048


def encode(value: object) -> bytes:
    """JSON as Go writes it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_GO_ESCAPES).encode()


def json_reply(value: object, status: int = 200, *, content_type: str = JSON) -> Reply:
    """A whole JSON answer."""
    data = encode(value)
    framing: Framing = "length" if len(data) <= _GO_BUFFER_BYTES else "chunked"
    return Reply([data], status=status, headers={"Content-Type": content_type}, framing=framing)


def error_reply(text: str, status: int) -> Reply:
    """A refusal in Ollama's error shape."""
    return json_reply({"error": text}, status)


def runner_error(message: str, kind: str, status: int, **more: object) -> Reply:
    """A refusal of the model's runner: an error whose text is itself JSON."""
    inner = {"error": {"code": status, "message": message, "type": kind, **more}}
    return error_reply(json.dumps(inner, ensure_ascii=False, separators=(",", ":")), status)


def text_reply(text: str, status: int = 200, headers: Mapping[str, str] | None = None) -> Reply:
    """Plain text, as for unknown routes."""
    return Reply(
        [text.encode()], status=status, headers={"Content-Type": "text/plain", **(headers or {})}, framing="length"
    )


def empty_reply(status: int = 200) -> Reply:
    """No body and no type, as after a deletion."""
    return Reply(status=status, headers={}, framing="length")


def chunk(
    model: str,
    content: str = "",
    *,
    done: bool = False,
    message: Mapping[str, Any] | None = None,
    path: str = CHAT,
) -> dict[str, Any]:
    """One chunk as a dict: of a chat, a generation, or (for any other path) a progress report that says `content`."""
    if path == CHAT:
        said: dict[str, Any] = {"message": {"role": "assistant", "content": content, **(message or {})}}
    elif path == GENERATE:
        said = {"response": content, **(message or {})}
    else:
        return {"status": content}
    return {"model": model, "created_at": now(), **said, "done": done}


def line(content: str, *, model: str = "qwen2.5:7b", path: str = CHAT) -> bytes:
    """One line of a stream at this path."""
    return encode(chunk(model, content, path=path)) + b"\n"


def last_line(*, model: str = "qwen2.5:7b", eval_count: int = 2, path: str = CHAT) -> bytes:
    """The line that completes a stream at this path."""
    if path not in {CHAT, GENERATE}:
        return encode({"status": "success"}) + b"\n"
    return encode(chunk(model, done=True, path=path) | counters(20, eval_count)) + b"\n"


def counters(
    prompt_tokens: int, tokens: int, done_reason: str = "stop", context: Sequence[int] | None = None
) -> dict[str, Any]:
    """The figures of a final chunk; durations in nanoseconds, as if at 250 tokens/s read and 33 written."""
    read, written = prompt_tokens * _READ_NS_PER_TOKEN, tokens * _WRITE_NS_PER_TOKEN
    return {
        "done_reason": done_reason,
        **({"context": list(context)} if context is not None else {}),
        "total_duration": _LOAD_NS + read + written,
        "load_duration": _LOAD_NS,
        "prompt_eval_count": prompt_tokens,
        "prompt_eval_duration": read,
        "eval_count": tokens,
        "eval_duration": written,
    }


def now() -> str:
    """This moment with a fraction of nine digits, as Go writes it."""
    return datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f") + "123Z"


def load_reply(body: Mapping[str, Any], path: str = CHAT) -> Reply:
    """The answer to a request that says nothing: the model is loaded (or unloaded, for `keep_alive` 0)."""
    reason = "unload" if body.get("keep_alive") == 0 else "load"
    return json_reply(chunk(str(body.get("model")), done=True, path=path) | {"done_reason": reason})
