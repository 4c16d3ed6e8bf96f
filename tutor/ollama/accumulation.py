"""A reply put together from its chunks."""

from __future__ import annotations

from tutor.ollama.types import ChatResponse, Logprob, Message, ToolCall


class Accumulation:
    """Adds chunks up to the response that an unstreamed call would have given."""

    def __init__(self) -> None:
        self._content: list[str] = []
        self._thinking: list[str] = []
        self._calls: list[ToolCall] = []
        self._logprobs: list[Logprob] = []
        self._role = "assistant"
        self._last: ChatResponse | None = None

    def add(self, chunk: ChatResponse) -> None:
        """Take one more chunk."""
        message = chunk.message
        self._role = message.role
        if message.content:
            self._content.append(message.content)
        if message.thinking:
            self._thinking.append(message.thinking)
        if message.tool_calls:
            self._calls.extend(message.tool_calls)
        if chunk.logprobs:
            self._logprobs.extend(chunk.logprobs)
        self._last = chunk

    def response(self) -> ChatResponse:
        """Everything so far, with the counters (if they came) of the last chunk."""
        message = Message(role=self._role, content="".join(self._content))
        if self._thinking:
            message.thinking = "".join(self._thinking)
        if self._calls:
            message.tool_calls = list(self._calls)
        response = self._last.model_copy() if self._last else ChatResponse(done=False)
        response.message = message
        if self._logprobs:
            response.logprobs = list(self._logprobs)
        return response
