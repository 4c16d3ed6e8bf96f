"""A Python function as a tool."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from pydantic import create_model


def schema_of(function: Callable[..., Any]) -> dict[str, Any]:
    """The tool's JSON."""
    fields: dict[str, Any] = {
        name: (str if p.annotation is p.empty else p.annotation, ... if p.default is p.empty else p.default)
        for name, p in inspect.signature(function).parameters.items()
    }
    schema = create_model("arguments", **fields).model_json_schema()
    parameters = {"type": "object", "properties": schema.get("properties", {}), "required": schema.get("required", [])}
    name = getattr(function, "__name__", type(function).__name__)
    doc = inspect.getdoc(function) or ""
    return {"type": "function", "function": {"name": name, "description": doc, "parameters": parameters}}
