"""A Python function as a tool: what a model is told of it, and how a model's arguments become its own. Pure."""

from __future__ import annotations

import inspect
import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import pydantic_core
from pydantic import BaseModel, ConfigDict, Field, ValidationError, create_model
from pydantic.errors import PydanticUserError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind

from tutor.ollama.docstrings import read_docstring
from tutor.ollama.errors import RequestError
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
    resolved_signature,
)

__all__ = ["NOT_FOR_MODELS", "ArgumentsRefused", "BoundCall", "FunctionTool"]

# Models write numbers bare where a text is wanted.
_CONFIG = ConfigDict(coerce_numbers_to_str=True, protected_namespaces=(), hide_input_in_errors=True)


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
        self.unfilled = [p.name for p in own if p.name not in self._offered and p.default is p.empty]
        # Under names of our own: a parameter may be called `copy`, `json` or `_x`, which no field may be.
        self._fields = {p.name: f"p{number}" for number, p in enumerate(offered)}
        self._arguments, raw = _arguments_model(self.name, offered, self._fields)
        self._left_out_means_none: list[str] = []
        self.schema = self._schema(raw)

    def bind(self, arguments: Mapping[str, Any]) -> BoundCall:
        """The call with a model's arguments, converted to the function's types. Raises `ArgumentsRefused`."""
        if unknown := [name for name in arguments if name not in self._offered]:
            known = f"it takes: {', '.join(self._offered)}" if self._offered else "it takes no arguments"
            raise ArgumentsRefused(f"{self.name} has no argument called {', '.join(unknown)}; {known}")
        try:
            checked = self._arguments.model_validate(dict.fromkeys(self._left_out_means_none) | dict(arguments))
        except ValidationError as error:
            raise ArgumentsRefused(f"the arguments of {self.name} do not fit: {_faults(error)}") from None
        given = {
            name: getattr(checked, field)
            for name, field in self._fields.items()
            if field in checked.model_fields_set or self._offered[name].default is inspect.Parameter.empty
        }
        bound = self._signature.bind_partial()
        bound.arguments.update(given)
        bound.apply_defaults()
        return BoundCall(self._function, bound.args, bound.kwargs, is_async(self._function))

    def _schema(self, raw: Mapping[str, Any]) -> dict[str, Any]:
        words = read_docstring(docstring_of(self._function), documented_names(self._function))
        schemas = PlainSchemas(raw.get("$defs", {}))
        required = list(raw.get("required", ()))
        properties: Schema = {}
        for name, parameter in self._offered.items():
            said = raw["properties"][name]
            schema, nullable = schemas.without_null(said)
            if nullable and name in required:
                required.remove(name)
                self._left_out_means_none.append(name)
            description = said.get("description") or words.parameters.get(name) or schema.get("description", "")
            properties[name] = schema | {"description": description} | _default(parameter)
        parameters: Schema = {"type": "object", "properties": properties}
        if properties:
            parameters["required"] = required
        if schemas.definitions:
            parameters["$defs"] = schemas.definitions
        described = {"name": self.name, "description": words.summary, "parameters": parameters}
        return {"type": "function", "function": described}


class _QuietJsonSchema(GenerateJsonSchema):
    """A default that JSON cannot hold is left out without a warning."""

    ignored_warning_kinds: set[JsonSchemaWarningKind] = {"skipped-choice", "non-serializable-default"}


def _arguments_model(
    tool: str, parameters: Iterable[inspect.Parameter], fields: Mapping[str, str]
) -> tuple[type[BaseModel], dict[str, Any]]:
    create: Any = create_model
    try:
        model: type[BaseModel] = create(
            tool, __config__=_CONFIG, **{fields[p.name]: (p.annotation, _field(p)) for p in parameters}
        )
        return model, model.model_json_schema(schema_generator=_QuietJsonSchema)
    except (PydanticUserError, NameError, TypeError) as error:
        reason = str(error).partition("\n")[0]
        raise RequestError(f"the parameters of the tool {tool} have no JSON Schema: {reason}") from error


def _field(parameter: inspect.Parameter) -> Any:
    name, default = parameter.name, parameter.default
    if default is parameter.empty:
        return Field(alias=name, validation_alias=name, serialization_alias=name)
    # A factory: the default is the function's own, neither checked nor copied.
    return Field(alias=name, validation_alias=name, serialization_alias=name, default_factory=lambda: default)


def _default(parameter: inspect.Parameter) -> dict[str, Any]:
    """The default as the schema says it; none where JSON has no such value."""
    if parameter.default in (parameter.empty, None):
        return {}
    try:
        value = pydantic_core.to_jsonable_python(parameter.default)
        json.dumps(value, allow_nan=False)
    except (ValueError, TypeError):
        return {}
    return {"default": value}


def _faults(error: ValidationError) -> str:
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    return "; ".join(f"{'.'.join(str(part) for part in fault['loc'])}: {fault['msg']}" for fault in faults)
