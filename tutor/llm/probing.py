"""A test sentence: does a model answer, after how long, and how quickly does it write?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from django.utils import timezone

from tutor.ollama import (
    AsyncClient,
    ChatResponse,
    ConnectionFailed,
    ConnectionLost,
    Incomplete,
    OllamaError,
    ResponseError,
    TimedOut,
)

SENTENCE = "Greet me in Spanish in one short sentence."
LIMIT_S = 60.0
TEST_TOKENS = 48


@dataclass(frozen=True, slots=True)
class Tried:
    """How a test went. ``problem`` is a code; ``detail`` is the engine's own word for it, if it said one."""

    model: str
    words: str = ""
    first_token_s: float | None = None
    tokens_per_s: float | None = None
    whole_s: float = 0.0
    problem: str = ""
    detail: str = ""
    when: datetime = field(default_factory=timezone.now)


_last: dict[tuple[int, str], Tried] = {}


def last_tried(host_pk: int, model: str) -> Tried | None:
    """The newest good test of this model in this process."""
    return _last.get((host_pk, model))


def remember(host_pk: int, tried: Tried) -> None:
    if not tried.problem:
        _last[host_pk, tried.model] = tried


async def try_model(
    client: AsyncClient, model: str, options: Mapping[str, Any], keep_alive: str, *, limit_s: float = LIMIT_S
) -> Tried:
    """Let ``model`` say one sentence; at most ``limit_s``. With the preset's options, so that nothing is reloaded."""
    trial = _Trial(model)
    asked = {**options, "num_predict": min(TEST_TOKENS, int(options.get("num_predict", TEST_TOKENS)))}
    try:
        async with asyncio.timeout(limit_s):
            await trial.run(client, asked, keep_alive)
    except TimeoutError:
        return replace(trial.result(), problem="slow")
    except OllamaError as fault:
        return replace(trial.result(), problem=problem_of(fault), detail=_detail(fault))
    result = trial.result()
    return result if result.words.strip() else replace(result, problem="silent")


def problem_of(fault: OllamaError) -> str:
    """A code for what went wrong."""
    if isinstance(fault, TimedOut):
        return "slow"
    if isinstance(fault, ConnectionFailed):
        return "offline"
    if isinstance(fault, ResponseError):
        return {404: "missing", 503: "busy"}.get(fault.status_code, "refused")
    return "broken_off" if isinstance(fault, Incomplete | ConnectionLost) else "nonsense"


class _Trial:
    def __init__(self, model: str) -> None:
        self.model = model
        self.began = time.monotonic()
        self.first_s: float | None = None
        self.words: list[str] = []
        self.last: ChatResponse | None = None

    async def run(self, client: AsyncClient, options: Mapping[str, Any], keep_alive: str) -> None:
        messages = [{"role": "user", "content": SENTENCE}]
        stream = await client.chat(self.model, messages, stream=True, options=options, keep_alive=keep_alive or None)
        async with stream:
            async for chunk in stream:
                self._take(chunk)

    def _take(self, chunk: ChatResponse) -> None:
        content = chunk.message.content or ""
        if self.first_s is None and (content or chunk.message.thinking):
            self.first_s = time.monotonic() - self.began
        self.words.append(content)
        self.last = chunk

    def result(self) -> Tried:
        whole_s = time.monotonic() - self.began
        return Tried(self.model, "".join(self.words), self.first_s, self._speed(whole_s), whole_s)

    def _speed(self, whole_s: float) -> float | None:
        """As the engine counted it; else pieces by the clock."""
        last = self.last
        if last is not None and last.eval_count and last.eval_duration:
            return last.eval_count / (last.eval_duration / 1e9)
        writing_s = whole_s - (self.first_s or 0)
        return len(self.words) / writing_s if self.first_s is not None and writing_s > 0.05 else None


def _detail(fault: OllamaError) -> str:
    return fault.error[:300] if isinstance(fault, ResponseError) else ""
