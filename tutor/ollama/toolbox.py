"""The tools of one talk: which there are, and what is said to a model about its calls of them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pydantic_core

from tutor.ollama.errors import RequestError
from tutor.ollama.functions import ArgumentsRefused, BoundCall, FunctionTool
from tutor.ollama.toolschema import ToolLike, tool_schema
from tutor.ollama.types import ChatResponse, Message, ToolCall


@dataclass(frozen=True, slots=True)
class ToolResult:
    """One call that was answered: with what the function gave, or (`failed`) with why it gave nothing."""

    name: str
    arguments: Mapping[str, Any]
    text: str
    failed: bool = False
    call_id: str | None = None

    def message(self) -> dict[str, Any]:
        """The message that tells the model, tied to its call by the call's id where it had one."""
        told = {"role": "tool", "content": self.text, "tool_name": self.name}
        return told if self.call_id is None else told | {"tool_call_id": self.call_id}


@dataclass(frozen=True, slots=True)
class ToolRun:
    """A talk in which the model called tools, up to its answer.

    `response` is the last reply, `messages` the whole talk with it, `rounds` how many replies there were, `calls` what
    was run for them. `pending` are calls of tools without a function: they are the caller's to answer, by a message
    each, before the talk can go on.
    """

    response: ChatResponse
    messages: list[Message | Mapping[str, Any]]
    rounds: int
    calls: list[ToolResult] = field(default_factory=list)
    pending: list[ToolCall] = field(default_factory=list)


class Toolbox:
    """What a model may call: functions that can be run, and tools that are only described.

    `schemas` is the JSON of all of them, in the order given. Raises `RequestError` for two tools of one name, and for
    functions that need an argument which no model may give.
    """

    def __init__(self, tools: Sequence[ToolLike]) -> None:
        self.schemas: list[dict[str, Any]] = []
        self._functions: dict[str, FunctionTool] = {}
        self._described: set[str] = set()
        for tool in tools:
            self._add(tool)

    @property
    def names(self) -> list[str]:
        """The names of all tools, in order."""
        return [_name(schema) for schema in self.schemas]

    def is_pending(self, call: ToolCall) -> bool:
        """Whether the tool has no function, so that the caller must answer."""
        return call.function.name in self._described

    def bind(self, call: ToolCall) -> BoundCall:
        """The function with its arguments. Raises `ArgumentsRefused`, its text meant for the model."""
        function = self._functions.get(call.function.name)
        if function is None:
            there_are = f"there are: {', '.join(self.names)}" if self.names else "there are none"
            raise ArgumentsRefused(f"there is no tool called {call.function.name}; {there_are}")
        return function.bind(call.function.arguments)

    def _add(self, tool: ToolLike) -> None:
        function = None if isinstance(tool, Mapping) or not callable(tool) else FunctionTool(tool)
        schema = tool_schema(tool) if function is None else function.schema
        name = _name(schema)
        if name in self.names:
            raise RequestError(f"two tools are called {name}")
        self.schemas.append(schema)
        if function is None:
            self._described.add(name)
            return
        if function.unfilled:
            raise RequestError(f"no model may give the tool {name} its {', '.join(function.unfilled)}")
        self._functions[name] = function


def result_text(result: object) -> str:
    """A function's result as a model reads it: text as it is, what JSON can hold as JSON, all else as `str` has it."""
    if isinstance(result, str):
        # Not str(result), which for a member of an Enum gives its Python name.
        return _clean(str.__str__(result))
    try:
        return pydantic_core.to_json(result, inf_nan_mode="constants").decode()
    except (ValueError, TypeError):
        return _clean(str(result))


def error_text(error: Exception) -> str:
    """What a model is told of a call that failed: the kind of error, and its message."""
    if isinstance(error, ArgumentsRefused):
        return _clean(str(error))
    kind = type(error).__name__
    try:
        return _clean(f"{kind}: {error}" if str(error) else kind)
    except Exception:  # noqa: BLE001 - a tool's own error class may fail at this, too
        return kind


def _name(schema: Mapping[str, Any]) -> str:
    function = schema.get("function")
    return str(function.get("name", "")) if isinstance(function, Mapping) else ""


def _clean(text: str) -> str:
    """Without lone surrogates, which file names may hold and no request can."""
    return text.encode("utf-8", "replace").decode("utf-8")
