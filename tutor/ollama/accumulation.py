"""A reply put together from its chunks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Generic, TypeVar

from tutor.ollama.types import ChatResponse, GenerateResponse, Logprob, Message, ProgressResponse, ToolCall

R = TypeVar("R", bound=ChatResponse | GenerateResponse | ProgressResponse)


class Accumulation(Generic[R]):
    """Adds chunks up to the response that an unstreamed call would have given.

    `add` runs for every token, so it only takes note of the chunk; `settle`, called whenever there is time (a stream
    does so before it waits for more), keeps the texts and the last chunk and lets go of the others.
    """

    def __init__(self) -> None:
        self._recent: list[R] = []
        self._last: R | None = None
        self.add: Callable[[R], None] = self._recent.append

    def settle(self) -> None:
        """Take the words out of the chunks noted since the last time."""
        recent = self._recent
        if recent:
            self._last = recent[-1]
            for chunk in recent:
                self._gather(chunk)
            recent.clear()

    def response(self) -> R:
        """Everything so far, with the counters (if they came) of the last chunk. Later chunks do not change it."""
        self.settle()
        return self._whole(self._last)

    def _gather(self, chunk: R) -> None:
        raise NotImplementedError

    def _whole(self, last: R | None) -> R:
        raise NotImplementedError


class ChatAccumulation(Accumulation[ChatResponse]):
    """The chunks of a chat as one `ChatResponse`."""

    def __init__(self) -> None:
        super().__init__()
        self._content: list[str] = []
        self._thinking: list[str] = []
        self._calls: list[ToolCall] = []
        self._logprobs: list[Logprob] = []

    def _gather(self, chunk: ChatResponse) -> None:
        message = chunk.message
        if message.content:
            self._content.append(message.content)
        if message.thinking:
            self._thinking.append(message.thinking)
        if message.tool_calls:
            self._calls.extend(message.tool_calls)
        if chunk.logprobs:
            self._logprobs.extend(chunk.logprobs)

    def _whole(self, last: ChatResponse | None) -> ChatResponse:
        last = last or ChatResponse(done=False)
        gathered = _gathered(thinking="".join(self._thinking), tool_calls=list(self._calls))
        message: Message = last.message.model_copy(update={"content": "".join(self._content)} | gathered)
        return last.model_copy(update={"message": message} | _gathered(logprobs=list(self._logprobs)))


class GenerateAccumulation(Accumulation[GenerateResponse]):
    """The chunks of a generation as one `GenerateResponse`; `context` comes with the last."""

    def __init__(self) -> None:
        super().__init__()
        self._response: list[str] = []
        self._thinking: list[str] = []
        self._calls: list[ToolCall] = []
        self._logprobs: list[Logprob] = []

    def _gather(self, chunk: GenerateResponse) -> None:
        if chunk.response:
            self._response.append(chunk.response)
        if chunk.thinking:
            self._thinking.append(chunk.thinking)
        if chunk.tool_calls:
            self._calls.extend(chunk.tool_calls)
        if chunk.logprobs:
            self._logprobs.extend(chunk.logprobs)

    def _whole(self, last: GenerateResponse | None) -> GenerateResponse:
        last = last or GenerateResponse(done=False)
        gathered = _gathered(
            thinking="".join(self._thinking), tool_calls=list(self._calls), logprobs=list(self._logprobs)
        )
        return last.model_copy(update={"response": "".join(self._response)} | gathered)


class ProgressAccumulation(Accumulation[ProgressResponse]):
    """The steps of a piece of work as its last; empty before the first."""

    def _gather(self, chunk: ProgressResponse) -> None:
        """Nothing of the steps before the last is kept."""

    def _whole(self, last: ProgressResponse | None) -> ProgressResponse:
        return (last or ProgressResponse()).model_copy()


def _gathered(**found: Any) -> dict[str, Any]:
    """What is not empty: a field that no chunk had is absent from the whole, too."""
    return {name: value for name, value in found.items() if value}
