"""A function's parameters as a pydantic model: it checks a model's arguments, and writes their JSON Schema. Pure."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterable, Mapping
from typing import Any

import pydantic_core
from pydantic import BaseModel, ConfigDict, Field, create_model
from pydantic.errors import PydanticUserError
from pydantic.json_schema import GenerateJsonSchema, JsonSchemaWarningKind

from tutor.ollama.errors import RequestError
from tutor.ollama.signatures import own_default

# Models write numbers bare where a text is wanted.
_CONFIG = ConfigDict(coerce_numbers_to_str=True, protected_namespaces=(), hide_input_in_errors=True)


class _QuietJsonSchema(GenerateJsonSchema):
    """A default that JSON cannot hold is left out without a warning."""

    ignored_warning_kinds: set[JsonSchemaWarningKind] = {"skipped-choice", "non-serializable-default"}


def arguments_model(
    tool: str, parameters: Iterable[inspect.Parameter], fields: Mapping[str, str]
) -> tuple[type[BaseModel], dict[str, Any]]:
    """The model, and its JSON Schema as pydantic has it; `fields` names the model's field for each parameter.

    A default in the schema is what JSON has for the function's own, None where it has nothing. Raises `RequestError`
    for types that JSON Schema has no words for.
    """
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
    name, default = parameter.name, own_default(parameter)
    if default is parameter.empty:
        return Field(alias=name, validation_alias=name, serialization_alias=name)
    # For the schema only: a call leaves out what the model left out, and the function takes its own default.
    return Field(_as_json(default), alias=name, validation_alias=name, serialization_alias=name)


def _as_json(default: object) -> Any:
    try:
        value = pydantic_core.to_jsonable_python(default)
        json.dumps(value, allow_nan=False)
    except (ValueError, TypeError):
        return None
    return value
