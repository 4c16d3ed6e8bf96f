"""What chat and generate speak in: messages, tool calls, replies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar, overload

from pydantic import Field, TypeAdapter

from tutor.ollama.structured import parsed
from tutor.ollama.types.base import MappingOrText, Subscriptable
from tutor.ollama.types.image import Image

T = TypeVar("T")


class Message(Subscriptable):
    """One message of a chat. `content` is present in every reply of a server, though it may be empty.

    `tool_call_id` stands in a message of the role `tool`: the `id` of the call that it answers.
    """

    class ToolCall(Subscriptable):
        """One call; `id` ties the result to it where several calls name one tool."""

        class Function(Subscriptable):
            """The function that a model wants called; `arguments` may come as JSON text, and is an object here."""

            name: str
            arguments: MappingOrText[Mapping[str, Any]] = Field(default_factory=dict)

        function: Function
        id: str | None = None

    role: str
    content: str | None = None
    thinking: str | None = None
    images: Sequence[Image] | None = None
    tool_name: str | None = None
    tool_calls: Sequence[ToolCall] | None = None
    tool_call_id: str | None = None


ToolCall = Message.ToolCall
ToolFunction = Message.ToolCall.Function


class TokenLogprob(Subscriptable):
    """A token, the logarithm of its probability, and its UTF-8 bytes (a token may be half a character)."""

    token: str
    logprob: float
    bytes: Sequence[int] | None = None


class Logprob(TokenLogprob):
    """A token that was chosen, with those that might have been."""

    top_logprobs: Sequence[TokenLogprob] | None = None


class BaseGenerateResponse(Subscriptable):
    """What chat and generate share. Durations are nanoseconds; counters come with the final object only."""

    model: str | None = None
    created_at: str | None = None
    done: bool | None = None
    done_reason: str | None = None
    total_duration: int | None = None
    load_duration: int | None = None
    prompt_eval_count: int | None = None
    prompt_eval_duration: int | None = None
    eval_count: int | None = None
    eval_duration: int | None = None


class _Written(BaseGenerateResponse):
    """A reply made of text. Among what servers add is `remote_host`, when another machine did the answering."""

    @property
    def _text(self) -> str | None:
        raise NotImplementedError

    @overload
    def parsed(self, kind: type[T] | TypeAdapter[T]) -> T: ...
    @overload
    def parsed(self, kind: Any) -> Any: ...
    def parsed(self, kind: Any) -> Any:
        """The reply's text as an object of `kind`: a pydantic model class, another type, or a `TypeAdapter`.

        Takes JSON bare or within fenced markdown. Raises `Unparsable`, which names fields but quotes nothing.
        """
        return parsed(self._text, kind)


def _empty_message() -> Message:
    return Message(role="assistant", content="")


class ChatResponse(_Written):
    """A reply, or one chunk of it. Old servers leave `message` out of the final chunk; it is empty then."""

    message: Message = Field(default_factory=_empty_message)
    logprobs: Sequence[Logprob] | None = None

    @property
    def _text(self) -> str | None:
        return self.message.content


class GenerateResponse(_Written):
    """A reply to a prompt, or one chunk of it.

    `context` is the talk so far as token numbers. `image` (base64), `completed` and `total` (steps) come from models
    that paint.
    """

    response: str | None = None
    thinking: str | None = None
    context: Sequence[int] | None = None
    logprobs: Sequence[Logprob] | None = None
    image: str | None = None
    completed: int | None = None
    total: int | None = None
    tool_calls: Sequence[ToolCall] | None = None

    @property
    def _text(self) -> str | None:
        return self.response
