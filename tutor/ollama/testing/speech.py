"""Replies in the shapes that a real server sends."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from tutor.ollama.testing.replies import JSON, Reply, Say, Step

# Go writes these escaped; a client must cope with both spellings.
_GO_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}
_NS = 1_000_000_000
_LOAD_NS, _READ_NS_PER_TOKEN, _WRITE_NS_PER_TOKEN = 1_200_000, 4_000_000, 30_000_000


def encode(value: object) -> bytes:
    """JSON as Go writes it."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.translate(_GO_ESCAPES).encode()


def json_reply(value: object, status: int = 200) -> Reply:
    """A whole JSON answer."""
    return Reply([encode(value)], status=status, headers={"Content-Type": JSON}, framing="length")


def error_reply(text: str, status: int) -> Reply:
    """A refusal in Ollama's error shape."""
    return json_reply({"error": text}, status)


def text_reply(text: str, status: int = 200) -> Reply:
    """Plain text, as for unknown routes."""
    return Reply([text.encode()], status=status, headers={"Content-Type": "text/plain"}, framing="length")


def chunk(
    model: str, content: str = "", *, done: bool = False, message: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """One chat chunk as a dict."""
    return {
        "model": model,
        "created_at": now(),
        "message": {"role": "assistant", "content": content, **(message or {})},
        "done": done,
    }


def line(content: str, *, model: str = "qwen2.5:7b") -> bytes:
    """One line of a streamed chat."""
    return encode(chunk(model, content)) + b"\n"


def last_line(*, model: str = "qwen2.5:7b", eval_count: int = 2) -> bytes:
    """The line that completes a streamed chat."""
    return encode(chunk(model, done=True) | counters(20, eval_count)) + b"\n"


def counters(prompt_tokens: int, tokens: int, done_reason: str = "stop") -> dict[str, Any]:
    """The figures of a final chunk; durations in nanoseconds, as if at 250 tokens/s read and 33 written."""
    read, written = prompt_tokens * _READ_NS_PER_TOKEN, tokens * _WRITE_NS_PER_TOKEN
    return {
        "done_reason": done_reason,
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


def speak(say: Say, body: Mapping[str, Any]) -> Reply:
    """The reply to this request."""
    chunks = _chunks(say, body)
    if body.get("stream", True):
        return Reply(list(_paused(chunks, say.delay_s)), first_delay_s=say.first_delay_s, paced=True)
    whole_s = say.first_delay_s + say.delay_s * max(0, len(chunks) - 2)
    return Reply([encode(_merged(chunks))], headers={"Content-Type": JSON}, framing="length", first_delay_s=whole_s)


def load_reply(body: Mapping[str, Any]) -> Reply:
    """The answer to a chat without messages: the model is loaded (or unloaded, for `keep_alive` 0)."""
    reason = "unload" if body.get("keep_alive") == 0 else "load"
    return json_reply(chunk(str(body.get("model")), done=True) | {"done_reason": reason})


def _chunks(say: Say, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    model = str(body.get("model"))
    pieces, reason = _within_budget(say, body)
    thoughts = () if body.get("think") is False else say.thinking
    chunks = [chunk(model, message={"thinking": thought}) for thought in thoughts]
    chunks += [chunk(model, piece) for piece in pieces]
    if say.tool_calls:
        chunks.append(chunk(model, message={"tool_calls": list(say.tool_calls)}))
    if say.done:
        tokens = len(thoughts) + len(pieces) + 1
        chunks.append(chunk(model, done=True) | counters(_prompt_tokens(body), tokens, reason))
    return chunks


def _within_budget(say: Say, body: Mapping[str, Any]) -> tuple[Sequence[str], str]:
    limit = (body.get("options") or {}).get("num_predict") or -1
    if 0 < limit < len(say.pieces):
        return say.pieces[:limit], "length"
    return say.pieces, say.done_reason


def _prompt_tokens(body: Mapping[str, Any]) -> int:
    texts = (str(message.get("content") or "") for message in body.get("messages") or ())
    return sum(4 + len(text) // 4 for text in texts)


def _paused(chunks: Sequence[dict[str, Any]], delay_s: float) -> Iterator[Step]:
    for number, item in enumerate(chunks):
        if number and delay_s and not item["done"]:
            yield delay_s
        yield encode(item) + b"\n"


def _merged(chunks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    message: dict[str, Any] = {"role": "assistant", "content": ""}
    for item in chunks:
        for key, value in item["message"].items():
            if key != "role":
                message[key] = message[key] + value if key in message else value
    return (chunks[-1] if chunks else chunk("")) | {"message": message}
