"""A test sentence: does a model answer, after how long, and how quickly does it write?"""

import asyncio
import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tutor.dialogue import ModelRequest
from tutor.live.budget import options_for
from tutor.live.calls import ModelCall, Question
from tutor.live.outcomes import CallEnded
from tutor.live.queue import Rank
from tutor.llm.engine_status import EngineState
from tutor.llm.faults import engine_fault, engines_words
from tutor.llm.probing import Tried
from tutor.llm.selection import CurrentModel, this_model
from tutor.ollama import ChatResponse, OllamaError

SENTENCE = "Greet me in Spanish in one short sentence."
LIMIT_S = 60.0
TEST_TOKENS = 48


class Trial(Question):
    """One sentence by one model of one engine, with a preset's options, so that nothing is reloaded for it.

    Somebody waits for it: learners' replies come first, warm-ups give way.
    """

    rank = Rank.TAP
    is_patient = False

    def __init__(
        self, person: int, engine: EngineState, model: str, options: Mapping[str, Any], keep_alive: str
    ) -> None:
        self.learner = person
        self.engine = engine
        self.model = model
        self.options = {**options, "num_predict": min(TEST_TOKENS, int(options.get("num_predict", TEST_TOKENS)))}
        self.keep_alive = keep_alive
        self.asked: float | None = None
        self.first_s: float | None = None
        self.words: list[str] = []
        self.last: ChatResponse | None = None

    async def run(self, call: ModelCall, limit_s: float = LIMIT_S) -> Tried:
        """Let it speak, ``limit_s`` at most, waiting for a slot included."""
        try:
            async with asyncio.timeout(limit_s):
                await call.ask(self)
        except TimeoutError:
            return replace(self._result(), problem="engine_busy" if self.asked is None else "too_long")
        except CallEnded as ended:
            return replace(self._result(), problem=ended.code)
        except OllamaError as fault:
            return replace(self._result(), problem=engine_fault(fault), detail=engines_words(fault))
        result = self._result()
        return result if result.words.strip() else replace(result, problem="empty")

    def choose(self) -> CurrentModel:
        return this_model(self.engine, self.model)

    def request_for(self, model: CurrentModel) -> ModelRequest:
        self.asked = time.monotonic()
        options = options_for(model, self.options)
        return ModelRequest([{"role": "user", "content": SENTENCE}], None, options, prompt_version="")

    def on_chunks(self, chunks: Sequence[ChatResponse]) -> bool:
        for chunk in chunks:
            words = chunk.message.content or ""
            if self.first_s is None and (words or chunk.message.thinking):
                self.first_s = self._seconds()
            self.words.append(words)
            self.last = chunk
        return False

    def _result(self) -> Tried:
        whole_s = self._seconds()
        return Tried(self.model, "".join(self.words), self.first_s, self._speed(whole_s), whole_s)

    def _seconds(self) -> float:
        return 0.0 if self.asked is None else time.monotonic() - self.asked

    def _speed(self, whole_s: float) -> float | None:
        """As the engine counted it; else pieces by the clock."""
        last = self.last
        if last is not None and last.eval_count and last.eval_duration:
            return last.eval_count / (last.eval_duration / 1e9)
        writing_s = whole_s - (self.first_s or 0)
        return len(self.words) / writing_s if self.first_s is not None and writing_s > 0.05 else None
