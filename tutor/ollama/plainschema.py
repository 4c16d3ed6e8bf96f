"""JSON Schema as pydantic writes it, made plain for models and for the template that shows it to them. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

_PREFIX = "#/$defs/"
_NULL = {"type": "null"}
_SCHEMAS_BY_NAME = ("properties", "patternProperties")
_SCHEMAS_IN_ORDER = ("anyOf", "oneOf", "allOf", "prefixItems")
_SCHEMAS = ("items", "additionalProperties", "propertyNames", "contains", "not")
_WITHOUT_MEANING: tuple[tuple[str, object], ...] = (("items", {}), ("additionalProperties", True))
# Titles repeat the names; a discriminator points at definitions that are inlined.
_DROPPED = ("title", "discriminator")

Schema = dict[str, Any]


class PlainSchemas:
    """The schemas that share one `$defs`.

    References are inlined, except to what contains itself: `definitions` then holds it. Ollama's server knows `enum`
    and `anyOf`, not `const` and `oneOf`; the former stand in for the latter.
    """

    def __init__(self, definitions: Mapping[str, Schema]) -> None:
        recursive = [name for name in definitions if name in _reached_from(name, definitions)]
        self._recursive = {name: definitions[name] for name in recursive}
        self._inline = {name: schema for name, schema in definitions.items() if name not in recursive}

    @property
    def definitions(self) -> Schema:
        """What recursive references point to; often empty."""
        return {name: self.plain(schema) for name, schema in self._recursive.items()}

    def of_parameter(self, schema: Schema) -> tuple[Schema, bool]:
        """The plain schema of a parameter without null, and whether it had that among its types.

        A parameter that may be null may be left out, and leaving it out is how a model says so.
        """
        rest = {key: value for key, value in self._inlined(schema).items() if (key, value) != ("default", None)}
        branches = rest.pop("anyOf", [])
        kept = [branch for branch in branches if branch != _NULL]
        nullable = len(kept) < len(branches)
        if len(kept) == 1:
            plain, nullable_within = self.of_parameter({**kept[0], **rest})
            return plain, nullable or nullable_within
        return self.plain({"anyOf": kept, **rest} if kept else rest), nullable

    def plain(self, schema: Any) -> Any:
        """The schema without references, titles and words that say nothing."""
        if not isinstance(schema, Mapping):
            return schema
        inlined = self._inlined(schema)
        parts = {key: self._part(key, value) for key, value in inlined.items() if key not in _DROPPED}
        return _reworded({key: value for key, value in parts.items() if (key, value) not in _WITHOUT_MEANING})

    def _part(self, key: str, value: Any) -> Any:
        if key in _SCHEMAS_BY_NAME:
            return {name: self.plain(schema) for name, schema in value.items()}
        if key in _SCHEMAS_IN_ORDER:
            return [self.plain(schema) for schema in value]
        return self.plain(value) if key in _SCHEMAS else value

    def _inlined(self, schema: Mapping[str, Any]) -> Schema:
        whole = dict(schema)
        while (name := _target(whole)) in self._inline:
            del whole["$ref"]
            whole = {**self._inline[name], **whole}
        return whole


def _reworded(schema: Schema) -> Schema:
    if "const" in schema:
        schema["enum"] = [schema.pop("const")]
    if "oneOf" in schema:
        schema["anyOf"] = schema.pop("oneOf")
    branches = schema.get("anyOf", ())
    if branches and all(list(branch) == ["type"] and isinstance(branch["type"], str) for branch in branches):
        del schema["anyOf"]
        schema["type"] = [branch["type"] for branch in branches]
    return schema


def _target(schema: Mapping[str, Any]) -> str:
    reference = schema.get("$ref")
    return reference.removeprefix(_PREFIX) if isinstance(reference, str) else ""


def _reached_from(name: str, definitions: Mapping[str, Any]) -> set[str]:
    reached: set[str] = set()
    waiting = [name]
    while waiting:
        fresh = set(_targets_within(definitions[waiting.pop()])) & definitions.keys() - reached
        reached |= fresh
        waiting += fresh
    return reached


def _targets_within(node: Any) -> Iterator[str]:
    if isinstance(node, Mapping):
        yield _target(node)
        node = list(node.values())
    if isinstance(node, list):
        for part in node:
            yield from _targets_within(part)
