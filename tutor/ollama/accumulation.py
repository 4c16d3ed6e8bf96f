"""A reply put together from its chunks."""

from __future__ import annotations

from typing import Any, Protocol, TypeVar

from tutor.ollama.types import (
    BaseGenerateResponse,
    ChatResponse,
    GenerateResponse,
    Logprob,
    Message,
    ProgressResponse,
    ToolCall,
)

R = TypeVar("R", bound=ChatResponse | GenerateResponse | ProgressResponse)


def is_last(chunk: BaseGenerateResponse) -> bool:
    """Whether the reply is complete with it: it says so, or has what only a last object has, and then is `done`.

    What stands behind some gateways leaves `done` out. Ollama's guard against repetition gives neither a reason nor
    counters.
    """
    if chunk.done or not chunk.done_reason:
        return chunk.done is True
    counts = chunk.eval_count is not None or chunk.total_duration is not None
    if chunk.done is None or counts:
        chunk.done = True
    return chunk.done is True


class Accumulation(Protocol[R]):
    """Adds chunks up to the response that an unstreamed call would have given.

    Keeps texts, and the last chunk: `add` runs for every token, and replies are long.
    """

    def add(self, chunk: R, /) -> bool:
        """Take one more chunk; whether the reply is complete with it."""

    def response(self) -> R:
        """Everything so far, with the counters (if they came) of the last chunk. Later chunks do not change it."""


class ChatAccumulation:
    """The chunks of a chat as one `ChatResponse`."""

    def __init__(self) -> None:
        self._content: list[str] = []
        self._thinking: list[str] = []
        self._calls: list[ToolCall] = []
        self._logprobs: list[Logprob] = []
        self._last: ChatResponse | None = None

    def add(self, chunk: ChatResponse, /) -> bool:
        """Take one more chunk; whether the reply is complete with it."""
        self._last = chunk
        message = chunk.message
        if content := message.content:
            self._content.append(content)
        if message.thinking:
            self._thinking.append(message.thinking)
        if message.tool_calls:
            self._calls.extend(message.tool_calls)
        if chunk.logprobs:
            self._logprobs.extend(chunk.logprobs)
        return is_last(chunk)

    def response(self) -> ChatResponse:
        """Everything so far, with the counters (if they came) of the last chunk."""
        last = self._last or ChatResponse(done=False)
        gathered = _gathered(thinking="".join(self._thinking), tool_calls=list(self._calls))
        message: Message = last.message.model_copy(update={"content": "".join(self._content)} | gathered)
        return last.model_copy(update={"message": message} | _gathered(logprobs=list(self._logprobs)))


class GenerateAccumulation:
    """The chunks of a generation as one `GenerateResponse`; `context` comes with the last."""

    def __init__(self) -> None:
        self._response: list[str] = []
        self._thinking: list[str] = []
        self._calls: list[ToolCall] = []
        self._logprobs: list[Logprob] = []
        self._last: GenerateResponse | None = None

    def add(self, chunk: GenerateResponse, /) -> bool:
        """Take one more chunk; whether the reply is complete with it."""
        self._last = chunk
        if response := chunk.response:
            self._response.append(response)
        if chunk.thinking:
            self._thinking.append(chunk.thinking)
        if chunk.tool_calls:
            self._calls.extend(chunk.tool_calls)
        if chunk.logprobs:
            self._logprobs.extend(chunk.logprobs)
        return is_last(chunk)

    def response(self) -> GenerateResponse:
        """Everything so far, with the context and counters (if they came) of the last chunk."""
        last = self._last or GenerateResponse(done=False)
        gathered = _gathered(
            thinking="".join(self._thinking), tool_calls=list(self._calls), logprobs=list(self._logprobs)
        )
        return last.model_copy(update={"response": "".join(self._response)} | gathered)


class ProgressAccumulation:
    """The steps of a piece of work as its last."""

    def __init__(self) -> None:
        self._last = ProgressResponse()

    def add(self, chunk: ProgressResponse, /) -> bool:
        """Take one more step; whether the work is done with it."""
        self._last = chunk
        return chunk.status == "success"

    def response(self) -> ProgressResponse:
        """The last step so far; empty before the first."""
        return self._last.model_copy()


def _gathered(**found: Any) -> dict[str, Any]:
    """What is not empty: a field that no chunk had is absent from the whole, too."""
    return {name: value for name, value in found.items() if value}
