# Written by tools/generate_sync_client.py from aio/chat.py. Change that one.
"""The calls that make a model say something."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Literal, Unpack, overload

from tutor.ollama.accumulation import ChatAccumulation, GenerateAccumulation, is_last
from tutor.ollama.bodies import (
    ChatExtras,
    GenerateExtras,
    MessageLike,
    chat_body,
    encode,
    generate_body,
)
from tutor.ollama.errors import Incomplete
from tutor.ollama.extras import WritingExtras, spelled_out
from tutor.ollama.sync.base import UNSET, Base
from tutor.ollama.sync.streams import ChatStream, GenerateStream
from tutor.ollama.sync.tool_loop import run_tools
from tutor.ollama.timeouts import TimeoutLike
from tutor.ollama.toolbox import ToolRun
from tutor.ollama.toolschema import ToolLike
from tutor.ollama.types import ChatResponse, GenerateResponse, ToolCall
from tutor.ollama.wire import StreamDecoder


class Chat(Base):
    """chat and generate, and chat with tools that run."""

    @overload
    def chat(
        self,
        model: str = "",
        messages: Sequence[MessageLike] | None = None,
        *,
        stream: Literal[False] = False,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[ChatExtras],
    ) -> ChatResponse: ...

    @overload
    def chat(
        self,
        model: str = "",
        messages: Sequence[MessageLike] | None = None,
        *,
        stream: Literal[True],
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[ChatExtras],
    ) -> ChatStream: ...

    @overload
    def chat(
        self,
        model: str = "",
        messages: Sequence[MessageLike] | None = None,
        *,
        stream: bool,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[ChatExtras],
    ) -> ChatResponse | ChatStream: ...

    @spelled_out(ChatExtras)
    def chat(
        self,
        model: str = "",
        messages: Sequence[MessageLike] | None = None,
        *,
        stream: bool = False,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[ChatExtras],
    ) -> ChatResponse | ChatStream:
        """Ask for a reply: whole, or as a stream, which sends the request when it is first read.

        `tools` are Python functions, `Tool`s or dicts; `format` is "json", a JSON schema or a pydantic model class;
        `think` a bool or a level ("low", "medium", "high"); `keep_alive` seconds or a duration such as "5m"; `options`
        a dict or `Options`; also `logprobs`, `top_logprobs`, `truncate`, `shift`. Raises `OllamaError`s: `RequestError`
        before anything is sent, `Incomplete` (with `.response`) for a whole reply that the server broke off.
        """
        paths = self._read_image_paths
        body = encode(chat_body(model, messages, stream=stream, extras=extras, read_image_paths=paths))
        if stream:
            whole = ChatAccumulation()
            decoder = StreamDecoder(ChatResponse, is_last=whole.add, max_line_bytes=self._max_line_bytes)
            return ChatStream(self._later("/api/chat", body, timeout), decoder, whole)
        response = self._whole("POST", "/api/chat", body, timeout, ChatResponse)
        if not is_last(response) and response.done is False:
            raise Incomplete("done_false", response)
        return response

    @overload
    def generate(
        self,
        model: str = "",
        prompt: str | None = None,
        suffix: str | None = None,
        *,
        stream: Literal[False] = False,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[GenerateExtras],
    ) -> GenerateResponse: ...

    @overload
    def generate(
        self,
        model: str = "",
        prompt: str | None = None,
        suffix: str | None = None,
        *,
        stream: Literal[True],
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[GenerateExtras],
    ) -> GenerateStream: ...

    @overload
    def generate(
        self,
        model: str = "",
        prompt: str | None = None,
        suffix: str | None = None,
        *,
        stream: bool,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[GenerateExtras],
    ) -> GenerateResponse | GenerateStream: ...

    @spelled_out(GenerateExtras)
    def generate(
        self,
        model: str = "",
        prompt: str | None = None,
        suffix: str | None = None,
        *,
        stream: bool = False,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[GenerateExtras],
    ) -> GenerateResponse | GenerateStream:
        """Continue a prompt: whole, or as a stream, which sends the request when it is first read.

        `suffix` asks for what stands between; `raw` sends the prompt past the model's template; `context` is that of an
        earlier response; `images` are paths, bytes or base64; `system` and `template` stand in for the model's own;
        `width`, `height` and `steps` are for models that paint. The rest, and the errors, as for `chat`.
        """
        paths = self._read_image_paths
        body = encode(generate_body(model, prompt, suffix, stream=stream, extras=extras, read_image_paths=paths))
        if stream:
            whole = GenerateAccumulation()
            decoder = StreamDecoder(GenerateResponse, is_last=whole.add, max_line_bytes=self._max_line_bytes)
            return GenerateStream(self._later("/api/generate", body, timeout), decoder, whole)
        response = self._whole("POST", "/api/generate", body, timeout, GenerateResponse)
        if not is_last(response) and response.done is False:
            raise Incomplete("done_false", response)
        return response

    @spelled_out(WritingExtras)
    def run_tools(
        self,
        model: str,
        messages: Sequence[MessageLike],
        tools: Sequence[ToolLike],
        *,
        max_rounds: int = 8,
        tool_timeout_s: float | None = 30.0,
        on_call: Callable[[ToolCall], Any] | None = None,
        timeout: TimeoutLike = UNSET,
        **extras: Unpack[WritingExtras],
    ) -> ToolRun:
        """Chat until the model calls no more tools, running those it calls; see `ToolRun`.

        A tool that fails, takes longer than `tool_timeout_s` or does not exist is told to the model as text. Raises
        `TooManyRounds`, and what `chat` raises.
        """
        if "stream" in extras:
            raise TypeError("run_tools does not stream")

        def ask(talk: Sequence[MessageLike], offered: Sequence[Mapping[str, Any]]) -> ChatResponse:
            return self.chat(model, talk, tools=offered, timeout=timeout, **extras)

        return run_tools(
            ask,
            messages,
            tools,
            max_rounds=max_rounds,
            tool_timeout_s=tool_timeout_s,
            on_call=on_call,
        )
