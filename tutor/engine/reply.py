"""llama.cpp's reports, told as Ollama tells them: the lines of a chat reply."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from tutor.engine.go_json import now
from tutor.engine.llama import Chunk

MILLION: Final = 1_000_000
LOGPROB_KEYS: Final = ("token", "logprob", "bytes")

Line = dict[str, Any]


@dataclass
class Reply:
    """The reply to one request, as it grows. `model` is the name in the request."""

    model: str
    began_ns: int = field(default_factory=time.monotonic_ns)
    load_ns: int = 0
    is_over: bool = False

    def loaded(self) -> None:
        """The model is in memory and this request has its turn."""
        self.load_ns = time.monotonic_ns() - self.began_ns

    def line(self, chunk: Chunk) -> Line | None:
        """The line for a chunk; None for one that says nothing to a client, as progress."""
        if "timings" in chunk:
            self.is_over = True
            return self._last_line(chunk)
        choice = _choice(chunk)
        content = (choice.get("delta") or {}).get("content") or ""
        logprobs = _logprobs(choice)
        if not content and not logprobs:
            return None
        return {**self._line(content), "done": False, **({"logprobs": logprobs} if logprobs else {})}

    def without_words(self, done_reason: str) -> Line:
        """The one line of a request that only loads or unloads the model."""
        return {**self._line(""), "done": True, "done_reason": done_reason}

    def whole(self, lines: Sequence[Line]) -> Line:
        """All lines of the reply in one, for who did not ask for a stream."""
        content = "".join(line["message"]["content"] for line in lines)
        logprobs = [entry for line in lines for entry in line.get("logprobs", ())]
        whole = {**lines[-1], "message": {"role": "assistant", "content": content}}
        return {**whole, "logprobs": logprobs} if logprobs else whole

    def _line(self, content: str) -> Line:
        message = {"role": "assistant", "content": content}
        return {"model": self.model, "created_at": now(), "message": message}

    def _last_line(self, chunk: Chunk) -> Line:
        choice = _choice(chunk)
        reason = "length" if choice.get("finish_reason") == "length" else "stop"
        content = (choice.get("delta") or {}).get("content") or ""
        return {**self._line(content), "done": True, "done_reason": reason, **self._counters(chunk["timings"])}

    def _counters(self, timings: Mapping[str, Any]) -> dict[str, int]:
        """Durations in nanoseconds. The prompt is counted whole; its duration is of what was not remembered."""
        counters = {
            "total_duration": time.monotonic_ns() - self.began_ns,
            "load_duration": self.load_ns,
            "prompt_eval_count": timings.get("cache_n", 0) + timings.get("prompt_n", 0),
            "prompt_eval_duration": _nanoseconds(timings.get("prompt_ms")),
            "eval_count": timings.get("predicted_n", 0),
            "eval_duration": _nanoseconds(timings.get("predicted_ms")),
        }
        return {name: count for name, count in counters.items() if count}


def _choice(chunk: Chunk) -> Mapping[str, Any]:
    choices = chunk.get("choices") or [{}]
    first: Mapping[str, Any] = choices[0]
    return first


def _logprobs(choice: Mapping[str, Any]) -> list[dict[str, Any]]:
    return [_logprob(entry) for entry in (choice.get("logprobs") or {}).get("content") or ()]


def _logprob(entry: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: entry[name] for name in LOGPROB_KEYS if name in entry}
    others = [
        {name: other[name] for name in LOGPROB_KEYS if name in other} for other in entry.get("top_logprobs") or ()
    ]
    return {**told, "top_logprobs": others} if others else told


def _nanoseconds(milliseconds: float | None) -> int:
    return int((milliseconds or 0.0) * MILLION)
