"""The plainest value that a JSON schema allows: what an obedient model would answer."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

_PLAIN: dict[str, Any] = {"string": "hola", "integer": 1, "number": 1.0, "boolean": True, "null": None}
_PIECE_CHARS = 4


def example_of(schema: Mapping[str, Any]) -> Any:
    """A value for the schema: constants, the first of each enum, the fewest items."""
    return _example(schema, schema, 0)


def pieces_of(schema: Mapping[str, Any]) -> list[str]:
    """The example as JSON text, cut in pieces the size of tokens."""
    text = json.dumps(example_of(schema), ensure_ascii=False)
    return [text[i : i + _PIECE_CHARS] for i in range(0, len(text), _PIECE_CHARS)]


def _example(schema: Any, root: Mapping[str, Any], depth: int) -> Any:
    if not isinstance(schema, Mapping) or depth > 20:
        return "hola"
    if "const" in schema:
        return schema["const"]
    if schema.get("enum"):
        return schema["enum"][0]
    if (inner := _inner(schema, root)) is not None:
        return _example(inner, root, depth + 1)
    return _typed(schema, root, depth)


def _inner(schema: Mapping[str, Any], root: Mapping[str, Any]) -> Any:
    for key in ("anyOf", "oneOf", "allOf"):
        if schema.get(key):
            return schema[key][0]
    if "$ref" not in schema:
        return None
    found: Any = root
    for part in str(schema["$ref"]).removeprefix("#/").split("/"):
        found = found.get(part, {}) if isinstance(found, Mapping) else {}
    return found


def _typed(schema: Mapping[str, Any], root: Mapping[str, Any], depth: int) -> Any:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    kind = kind[0] if isinstance(kind, list) else kind
    if kind == "object":
        properties = schema.get("properties") or {}
        return {name: _example(part, root, depth + 1) for name, part in properties.items()}
    if kind == "array":
        items = schema.get("prefixItems") or [schema.get("items", {})] * schema.get("minItems", 0)
        return [_example(item, root, depth + 1) for item in items]
    return _PLAIN.get(kind, "hola")
