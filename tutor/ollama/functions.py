"""A Python function as a tool: what a model is told of it, and how a model's arguments become its own. Pure."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from tutor.ollama.argumentmodels import arguments_model
from tutor.ollama.docstrings import read_docstring
from tutor.ollama.plainschema import PlainSchemas, Schema
from tutor.ollama.signatures import (
    NOT_FOR_MODELS,
    bound_names,
    docstring_of,
    documented_names,
    is_async,
    is_variadic,
    is_withheld,
    name_of,
    own_default,
    resolved_signature,
)

__all__ = ["NOT_FOR_MODELS", "ArgumentsRefused", "BoundCall", "FunctionTool"]


class ArgumentsRefused(ValueError):
    """The model's arguments do not fit the function; the text is for the model."""


@dataclass(frozen=True, slots=True)
class BoundCall:
    """A function with the arguments it is to be called with."""

    function: Callable[..., Any]
    args: tuple[Any, ...]
    kwargs: Mapping[str, Any]
    is_async: bool

    def call(self) -> Any:
        """The function's result; of an `async def`, what is to be awaited."""
        return self.function(*self.args, **self.kwargs)


class FunctionTool:
    """A callable, examined: functions, methods, lambdas, `async def`, partials, objects with `__call__`.

    `schema` is its JSON for `tools`, nested types inlined (`$defs` stay for recursive ones). `unfilled` are required
    parameters that are withheld from models: with any, no call by a model can succeed. Raises `RequestError` where the
    signature cannot be read or JSON Schema has no words for a parameter's type.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.name = name_of(function)
        self._function = function
        self._signature = resolved_signature(function)
        own = [p for p in self._signature.parameters.values() if not is_variadic(p)]
        offered = [p for p in own if p.name not in bound_names(function) and not is_withheld(p)]
        self._offered = {p.name: p for p in offered}
        self.unfilled = [p.name for p in own if p.name not in self._offered and own_default(p) is p.empty]
        # Under names of our own: a parameter may be called `copy` or `json`, which no field may be.
        self._fields = {p.name: f"p{number}" for number, p in enumerate(offered)}
        self._arguments, written = arguments_model(self.name, offered, self._fields)
        summary, words = read_docstring(docstring_of(function), documented_names(function))
        parameters, self._null_when_left_out = _parameters(written, words)
        described = {"name": self.name, "description": summary, "parameters": parameters}
        self.schema = {"type": "function", "function": described}

    def bind(self, arguments: Mapping[str, Any]) -> BoundCall:
        """The call with a model's arguments, converted to the function's types. Raises `ArgumentsRefused`."""
        if unknown := [name for name in arguments if name not in self._offered]:
            known = f"it takes: {', '.join(self._offered)}" if self._offered else "it takes no arguments"
            raise ArgumentsRefused(f"{self.name} has no argument called {', '.join(unknown)}; {known}")
        try:
            checked = self._arguments.model_validate(dict.fromkeys(self._null_when_left_out) | dict(arguments))
        except ValidationError as error:
            raise ArgumentsRefused(f"the arguments of {self.name} do not fit: {_faults(error)}") from None
        bound = self._signature.bind_partial()
        bound.arguments.update(
            (name, getattr(checked, field))
            for name, field in self._fields.items()
            if field in checked.model_fields_set or own_default(self._offered[name]) is inspect.Parameter.empty
        )
        bound.apply_defaults()
        return BoundCall(self._function, bound.args, bound.kwargs, is_async(self._function))


def _parameters(written: Schema, words: Mapping[str, str]) -> tuple[Schema, list[str]]:
    """The schema of all parameters, and those that are None when a model leaves them out."""
    schemas = PlainSchemas(written.get("$defs", {}))
    required = written.get("required", [])
    properties: Schema = {}
    nullable: list[str] = []
    for name, schema in written.get("properties", {}).items():
        # A docstring says more than the description of a type, less than one in the annotation.
        described = {"description": words[name], **schema} if name in words else schema
        plain, has_null = schemas.of_parameter(described)
        properties[name] = {"description": "", **plain}
        if has_null and name in required:
            nullable.append(name)
    parameters: Schema = {"type": "object", "properties": properties}
    if properties:
        parameters["required"] = [name for name in required if name not in nullable]
    if schemas.definitions:
        parameters["$defs"] = schemas.definitions
    return parameters, nullable


def _faults(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in faults)
