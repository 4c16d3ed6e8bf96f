"""What is said, as the reply to one chat or generation: streamed or whole, with thoughts, calls and probabilities."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from tutor.ollama.testing.replies import JSON, Reply, Say, Step
from tutor.ollama.testing.wire import CHAT, GENERATE, chunk, counters, encode

_LOGPROB = -0.25
_GATHERED = ("content", "thinking", "tool_calls")


def speak(say: Say, body: Mapping[str, Any], path: str = CHAT) -> Reply:
    """The reply to this request."""
    chunks = _chunks(say, body, path)
    if body.get("stream", True):
        return Reply(list(_paused(chunks, say.delay_s)), first_delay_s=say.first_delay_s, paced=True)
    whole_s = say.first_delay_s + say.delay_s * max(0, len(chunks) - 2)
    merged = _merged(chunks) if chunks else chunk(str(body.get("model")), path=path)
    return Reply([encode(merged)], headers={"Content-Type": JSON}, framing="length", first_delay_s=whole_s)


def _chunks(say: Say, body: Mapping[str, Any], path: str) -> list[dict[str, Any]]:
    model = str(body.get("model"))
    pieces, reason = _within_budget(say, body)
    thoughts = () if body.get("think") is False else say.thinking
    chunks = [chunk(model, message={"thinking": t}, path=path) | _logprobs(t, body) for t in thoughts]
    chunks += [chunk(model, piece, path=path) | _logprobs(piece, body) for piece in pieces]
    if say.tool_calls:
        chunks.append(chunk(model, message={"tool_calls": list(say.tool_calls)}, path=path))
    if say.done:
        tokens = len(thoughts) + len(pieces) + 1
        context = _context(body, tokens) if path == GENERATE and not body.get("raw") else None
        figures = counters(_prompt_tokens(body), tokens, reason, context)
        chunks.append(chunk(model, done=True, path=path) | figures)
    return chunks


def _within_budget(say: Say, body: Mapping[str, Any]) -> tuple[Sequence[str], str]:
    limit = int((body.get("options") or {}).get("num_predict") or -1)
    if 0 < limit < len(say.pieces):
        return say.pieces[:limit], "length"
    return say.pieces, say.done_reason


def _logprobs(token: str, body: Mapping[str, Any]) -> dict[str, Any]:
    """One entry a token; the second most likely is always the same."""
    if not body.get("logprobs"):
        return {}
    entry = _likely(token, _LOGPROB)
    if most := int(body.get("top_logprobs") or 0):
        entry["top_logprobs"] = [_likely(token, _LOGPROB), *(_likely(" y", _LOGPROB - n) for n in range(1, most))]
    return {"logprobs": [entry]}


def _likely(token: str, logprob: float) -> dict[str, Any]:
    return {"token": token, "logprob": logprob, "bytes": list(token.encode())}


def _context(body: Mapping[str, Any], tokens: int) -> list[int]:
    """Numbers that stand for what was said before, what was asked and what was answered; the next request hands them
    back."""
    before = list(body.get("context") or ())
    start = len(before)
    return [*before, *range(start, start + _prompt_tokens(body) + tokens)]


def _prompt_tokens(body: Mapping[str, Any]) -> int:
    texts = [str(message.get("content") or "") for message in body.get("messages") or ()]
    texts += [body["prompt"]] if body.get("prompt") else []
    return sum(4 + len(text) // 4 for text in texts)


def _paused(chunks: Sequence[dict[str, Any]], delay_s: float) -> Iterator[Step]:
    for number, item in enumerate(chunks):
        if number and delay_s and not item["done"]:
            yield delay_s
        yield encode(item) + b"\n"


def _merged(chunks: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The whole reply: texts, calls and probabilities gathered, the rest from the last chunk."""
    whole = dict(chunks[-1])
    if "message" in whole:
        whole["message"] = _gathered([item["message"] for item in chunks], _GATHERED)
    return whole | _gathered(chunks, ("response", "thinking", "tool_calls", "logprobs"))


def _gathered(parts: Sequence[Mapping[str, Any]], names: Sequence[str]) -> dict[str, Any]:
    gathered: dict[str, Any] = {"role": "assistant"} if "role" in parts[0] else {}
    for part in parts:
        for name in names:
            if name in part:
                gathered[name] = gathered[name] + part[name] if name in gathered else part[name]
    return gathered
