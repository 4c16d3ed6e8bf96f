"""A function as a tool."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tutor.ollama import Tool
from tutor.ollama.toolschema import tool_schema


def convert_function_to_tool(function: Callable[..., Any]) -> Tool:
    return Tool.model_validate(tool_schema(function))
