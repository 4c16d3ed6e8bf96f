"""An engine that corrects: copies what a schema lets it only copy, and doubts one word of it on the way."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tutor.ollama.testing import Reply, Say

TutorSays = "¡Qué bien!"


def doubting(old: str, new: str, gap: float) -> Callable[[Mapping[str, Any]], Any]:
    """A script: it replies ``TutorSays``, wants ``new`` for ``old`` by ``gap`` nats where it copies, and writes so."""

    def answer(body: Mapping[str, Any]) -> Any:
        schema = body.get("format")
        if not schema:
            return Say([TutorSays])
        sentence = body["messages"][-1]["content"]
        if not body.get("logprobs"):
            return Say([json.dumps({"corrected": sentence.replace(old, new, 1)}, ensure_ascii=False)])
        return Reply(steps=[*_copied(sentence, old, new, gap), _line("", done=True, done_reason="stop")])

    return answer


def _copied(sentence: str, old: str, new: str, gap: float) -> list[bytes]:
    before, there, after = sentence.partition(old)
    pieces = [('{"corrected":"', ""), (before, ""), (there, new), (after, ""), ('"}', "")]
    return [_line(piece, logprobs=[_logprob(piece, wanted, gap)]) for piece, wanted in pieces if piece]


def _logprob(piece: str, wanted: str, gap: float) -> dict[str, Any]:
    own = {"token": piece, "logprob": -gap if wanted else -0.01}
    likely = [{"token": wanted, "logprob": 0.0}, {"token": "zzz", "logprob": -20.0}] if wanted else []
    return {**own, "top_logprobs": [*likely, own]}


def _line(content: str, **more: Any) -> bytes:
    message = {"role": "assistant", "content": content}
    row = {"model": "qwen2.5:7b", "created_at": "2026-11-28T12:00:00Z", "message": message, "done": False, **more}
    return json.dumps(row, ensure_ascii=False).encode() + b"\n"
