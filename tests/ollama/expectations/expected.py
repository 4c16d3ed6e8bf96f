"""What is expected of an example, and words to say it in."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from tests.ollama.running import Seen, Stage
from tutor.ollama.testing import Reply, Script
from tutor.ollama.testing.wire import counters, json_reply

WHEN = "2026-11-22T15:00:12.753348728Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """One example's circumstances, and what must come of them.

    The scripted servers give `answers` (to OLLAMA_HOST) and `secure_answers` (to hosts called with TLS), each once and
    in order by path. `after` is appended to the example, to use what it only defines; `before` stands before it. `cues`
    are for `running.finished`.
    """

    printed: str
    seen: Sequence[Seen]
    answers: Sequence[tuple[str, Script]] = ()
    secure_answers: Sequence[tuple[str, Script]] = ()
    before: str = ""
    after: str = ""
    prepare: Callable[[Stage], None] | None = None
    cues: Mapping[str, Callable[[Stage], None]] = field(default_factory=dict)
    # What the published client sends, and prints, where ours differs by intention; None: the same.
    seen_of_published: Sequence[Seen] | None = None
    printed_by_published: str | None = None
    # Why the published client cannot run this example; empty: it can.
    beyond_published: str = ""

    def of_published(self) -> Expected:
        """What is expected of it under the published client."""
        seen, printed = self.seen_of_published, self.printed_by_published
        return replace(self, seen=self.seen if seen is None else seen, printed=printed or self.printed)

    def set_up(self, stage: Stage) -> None:
        """Put the answers on the servers."""
        for path, script in self.answers:
            stage.plain.script(script, once=True, path=path)
        for path, script in self.secure_answers:
            stage.secure.script(script, once=True, path=path)
        if self.prepare:
            self.prepare(stage)


def user(text: str, **more: Any) -> dict[str, Any]:
    return {"role": "user", "content": text, **more}


def system(text: str) -> dict[str, Any]:
    return {"role": "system", "content": text}


def assistant(text: str, **more: Any) -> dict[str, Any]:
    return {"role": "assistant", "content": text, **more}


def chat(model: str, *messages: Mapping[str, Any], stream: bool = False, **more: Any) -> Seen:
    """A chat as the published client words it: `tools` always, other fields where they were given."""
    body = {"model": model, "messages": list(messages), "stream": stream, "tools": [], **more}
    return Seen("POST /api/chat", body)


def generate(model: str, prompt: str, *, stream: bool = False, **more: Any) -> Seen:
    return Seen("POST /api/generate", {"model": model, "prompt": prompt, "stream": stream, **more})


def post(path: str, **body: Any) -> Seen:
    return Seen(f"POST {path}", body)


def lines(*objects: Mapping[str, Any]) -> Reply:
    """A streamed answer of these objects."""
    return Reply([json.dumps(item, ensure_ascii=False).encode() + b"\n" for item in objects])


def generated(*pieces: str) -> Reply:
    """A streamed /api/generate in these pieces."""
    begun = [{"model": "gemma3", "created_at": WHEN, "response": piece, "done": False} for piece in pieces]
    return lines(*begun, _generation("", len(pieces) + 1))


def generated_whole(text: str, *, eval_count: int = 7) -> Reply:
    """An /api/generate that isn't streamed."""
    return json_reply(_generation(text, eval_count))


def embedded(*vectors: Sequence[float]) -> Reply:
    """An /api/embed."""
    counts = {"total_duration": 14_143_917, "load_duration": 1_019_500, "prompt_eval_count": 8}
    return json_reply({"model": "llama3.2", "embeddings": [list(vector) for vector in vectors], **counts})


def _generation(text: str, eval_count: int) -> dict[str, Any]:
    final = {"model": "gemma3", "created_at": WHEN, "response": text, "done": True, "context": [1, 2, 3]}
    return final | counters(5, eval_count)
