"""What a model is told of a tool: the JSON of a function, from its signature and its docstring. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from pydantic import BaseModel

from tutor.ollama.errors import RequestError
from tutor.ollama.functions import FunctionTool
from tutor.ollama.signatures import NOT_FOR_MODELS

__all__ = ["NOT_FOR_MODELS", "ToolLike", "tool_schema"]

ToolLike = Mapping[str, Any] | BaseModel | Callable[..., Any]

_NULLS_THAT_MEAN_SOMETHING = ("default", "const")


def tool_schema(tool: ToolLike) -> dict[str, Any]:
    """The tool as it goes into `tools` of a chat.

    A mapping or a `Tool` is sent as given, its `type` filled in where it is missing. A function is described by its
    signature and docstring. Raises `RequestError` for what is neither, and for parameters JSON cannot carry.
    """
    if isinstance(tool, Mapping):
        return _filled_in(tool)
    if isinstance(tool, BaseModel) and not callable(tool):
        return _filled_in(tool.model_dump(by_alias=True))
    if callable(tool):
        return FunctionTool(tool).schema
    raise RequestError("a tool is a function, a mapping or a Tool")


def _filled_in(tool: Mapping[str, Any]) -> dict[str, Any]:
    whole = _without_nulls({"type": "function", **tool})
    if isinstance(function := whole.get("function"), Mapping):
        whole["function"] = function = _without_nulls(function)
        if isinstance(parameters := function.get("parameters"), Mapping):
            function["parameters"] = _parameters(parameters)
    return whole


def _parameters(given: Mapping[str, Any]) -> dict[str, Any]:
    parameters = _without_nulls({"type": "object", **given})
    if isinstance(properties := parameters.get("properties"), Mapping):
        parameters["properties"] = {
            name: _without_nulls(schema) if isinstance(schema, Mapping) else schema
            for name, schema in properties.items()
        }
    return parameters


def _without_nulls(given: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in given.items() if value is not None or key in _NULLS_THAT_MEAN_SOMETHING}
