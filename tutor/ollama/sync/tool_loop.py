# Written by tools/generate_sync_client.py from aio/tool_loop.py. Change that one.
"""The loop between a model that calls tools and the functions behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Protocol

from tutor.ollama.bodies import MessageLike
from tutor.ollama.errors import RequestError, TooManyRounds
from tutor.ollama.sync.tool_execution import invoke
from tutor.ollama.toolbox import Toolbox, ToolResult, ToolRun, error_text
from tutor.ollama.toolschema import ToolLike
from tutor.ollama.types import ChatResponse, Message, ToolCall


class Chat(Protocol):
    """Asks for one whole reply to a talk, with these tools on offer."""

    def __call__(self, talk: Sequence[MessageLike], offered: Sequence[Mapping[str, Any]], /) -> ChatResponse:
        """The reply."""


def run_tools(
    chat: Chat,
    messages: Sequence[MessageLike] | None,
    tools: Sequence[ToolLike],
    *,
    max_rounds: int = 8,
    tool_timeout_s: float | None = 30.0,
    on_call: Callable[[ToolCall], Any] | None = None,
) -> ToolRun:
    """Chat until a reply calls no tool, or one without a function; run, one after the other, what is called.

    `on_call` hears of each call before it runs; what it raises ends the talk. A call that fails, takes longer than
    `tool_timeout_s`, or names no tool is answered with a text saying so. `messages` is not changed. Raises
    `TooManyRounds` (with `.messages`) when the reply number `max_rounds` calls tools still, `RequestError` for tools
    that cannot be offered, and what `chat` raises.
    """
    if max_rounds < 1:
        raise RequestError("max_rounds must be at least 1")
    toolbox = Toolbox(tools)
    talk: list[Message | Mapping[str, Any]] = list(messages or ())
    results: list[ToolResult] = []
    rounds = 0
    while True:
        rounds += 1
        response = chat(talk, toolbox.schemas)
        talk.append(response.message)
        calls = response.message.tool_calls or ()
        pending = [call for call in calls if toolbox.is_pending(call)]
        if calls and not pending and rounds == max_rounds:
            raise TooManyRounds(max_rounds, talk)
        for call in calls:
            if not toolbox.is_pending(call):
                results.append(_run(toolbox, call, tool_timeout_s, on_call))
                talk.append(results[-1].message())
        if pending or not calls:
            return ToolRun(response, talk, rounds, results, pending)


def _run(
    toolbox: Toolbox, call: ToolCall, timeout_s: float | None, on_call: Callable[[ToolCall], Any] | None
) -> ToolResult:
    if on_call is not None:
        on_call(call)
    name, arguments = call.function.name, call.function.arguments
    try:
        text = invoke(toolbox.bind(call), timeout_s)
    except Exception as error:  # noqa: BLE001 - whatever a tool raises is the model's to hear
        return ToolResult(name, arguments, error_text(error), failed=True, call_id=call.id)
    return ToolResult(name, arguments, text, call_id=call.id)
