"""A reply as the object that was asked for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, TypeVar, overload

from pydantic import TypeAdapter, ValidationError
from pydantic.errors import PydanticUserError
from pydantic.json_schema import GenerateJsonSchema

from tutor.ollama.errors import Unparsable

T = TypeVar("T")


class _QuietSchema(GenerateJsonSchema):
    """A schema that is looked through for names, and need not be whole."""

    ignored_warning_kinds = {"skipped-choice", "non-serializable-default", "skipped-discriminator"}


_MAX_FIELDS_NAMED = 5

# A fence that closes stands at the start of a line: no text within JSON can, for its line breaks are escaped.
_BLOCK = re.compile(r"```[\w+-]*+[ \t]*+\n?(.*?)(?:^[ \t]*```|\Z)", re.DOTALL | re.MULTILINE)
_BETWEEN_OUTERMOST = re.compile(r"```[\w+-]*+(.*)```", re.DOTALL)


@overload
def parsed(text: str | None, kind: type[T] | TypeAdapter[T]) -> T: ...
@overload
def parsed(text: str | None, kind: Any) -> Any: ...
def parsed(text: str | None, kind: Any) -> Any:
    """The JSON in `text` as an object of `kind`: a pydantic model class, any type pydantic knows, or a `TypeAdapter`.

    The JSON may stand in fenced markdown with words around it, as servers send it for `format='json'`; of several
    blocks the first that fits counts. Raises `Unparsable`, which names the fields at fault and quotes no content.
    """
    adapter: TypeAdapter[Any] = kind if isinstance(kind, TypeAdapter) else TypeAdapter(kind)
    fault: ValidationError | None = None
    for candidate in _candidates(text or ""):
        try:
            return adapter.validate_json(candidate)
        except ValidationError as error:
            # A block that is JSON says more about what is wrong than the words around it.
            fault = error if fault is None or _is_no_json(fault) else fault
    raise Unparsable(_explanation(fault, adapter))


def _candidates(text: str) -> Iterator[str]:
    """The places to look for JSON, the likeliest first."""
    stripped = text.strip()
    if not stripped:
        return
    yield stripped
    if "```" in stripped:
        yield from (found[1].strip() for found in _BLOCK.finditer(stripped))
        yield from (found[1].strip() for found in _BETWEEN_OUTERMOST.finditer(stripped))


def _is_no_json(error: ValidationError) -> bool:
    return error.errors(include_url=False, include_context=False, include_input=False)[0]["type"] == "json_invalid"


def _explanation(fault: ValidationError | None, adapter: TypeAdapter[Any]) -> str:
    if fault is None:
        return "the reply is empty"
    if _is_no_json(fault):
        return "the reply is not JSON"
    known = _names_in(_schema_of(adapter))
    faults = fault.errors(include_url=False, include_context=False, include_input=False)[:_MAX_FIELDS_NAMED]
    named = "; ".join(f"{_place(one['loc'], known)}: {one['type']}" for one in faults)
    return f"the reply is not the object asked for ({named})"


def _place(location: tuple[int | str, ...], known: frozenset[str]) -> str:
    """Where in the object; a key that the model made up is content, and stays unsaid."""
    return ".".join(str(part) if isinstance(part, int) or part in known else "*" for part in location) or "whole"


def _schema_of(adapter: TypeAdapter[Any]) -> object:
    try:
        return adapter.json_schema(schema_generator=_QuietSchema)
    except PydanticUserError:
        return {}


def _names_in(schema: object) -> frozenset[str]:
    if isinstance(schema, list):
        return frozenset().union(*map(_names_in, schema))
    if not isinstance(schema, dict):
        return frozenset()
    own = schema.get("properties")
    names = frozenset(own) if isinstance(own, dict) else frozenset()
    return names.union(*map(_names_in, schema.values()))
