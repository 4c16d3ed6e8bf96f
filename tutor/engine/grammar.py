"""Turns a JSON schema into a grammar (GBNF) that lets no token be spent on white space.

What the schema cannot say in a grammar is refused rather than ignored: a reply would look checked and would not be.
The properties of an object come in the order in which the schema writes them.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

Schema = Mapping[str, Any]

WIDEST_INTEGER_RANGE: Final = 1000
LONGEST_REPEAT: Final = 2000  # llama.cpp refuses more
DEEPEST: Final = 32
MOST_RULES: Final = 2000
REMARKS: Final = frozenset(
    {"title", "description", "default", "examples", "$schema", "$id", "$comment", "$defs", "definitions"}
)
KEYWORDS: Final = {
    "object": frozenset({"properties", "required", "additionalProperties"}),
    "array": frozenset({"items", "minItems", "maxItems"}),
    "string": frozenset({"minLength", "maxLength"}),
    "integer": frozenset({"minimum", "maximum"}),
    "number": frozenset(),
    "boolean": frozenset(),
    "null": frozenset(),
}
SHARED: Final = {
    "char": r'[^"\\\x00-\x1F\x7F] | "\\" (["\\/bfnrt] | "u" [0-9a-fA-F]{4})',
    "string": r'"\"" char* "\""',
    "integer": r'"-"? ("0" | [1-9] [0-9]{0,15})',
    "number": r'integer ("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,3})?',
    "boolean": '"true" | "false"',
    "null": '"null"',
    "value": "object | array | string | number | boolean | null",
    "object": r'"{" (string ":" value ("," string ":" value)*)? "}"',
    "array": '"[" (value ("," value)*)? "]"',
}
NEEDS: Final = {
    "string": ("char",),
    "number": ("integer",),
    "value": ("object", "array", "string", "number", "boolean", "null"),
    "object": ("string", "value"),
    "array": ("value",),
}


class UnsupportedSchema(ValueError):
    """The schema, or the part of it in the argument, cannot be kept to by a grammar."""


def any_object() -> str:
    """The grammar of `format: "json"`: any JSON object."""
    return _Compiler({}).grammar("object", ("object",))


def compile_schema(schema: Schema) -> str:
    """The grammar whose root matches exactly the compact JSON texts of `schema`. Raises UnsupportedSchema."""
    compiler = _Compiler(schema)
    return compiler.grammar(compiler.expression(schema))


class _Compiler:
    def __init__(self, whole: Schema) -> None:
        self._whole = whole
        self._rules: dict[str, str] = {}
        self._references: dict[str, str] = {}
        self._depth = 0

    def grammar(self, root: str, needed: Sequence[str] = ()) -> str:
        for name in needed:
            self._share(name)
        rules = {"root": root, **self._rules}
        return "".join(f"{name} ::= {body}\n" for name, body in rules.items())

    def expression(self, schema: object) -> str:
        """What stands for `schema` on the right of a rule; a single symbol or a group."""
        if schema is True or schema == {}:
            return self._share("value")
        if not isinstance(schema, Mapping):
            raise UnsupportedSchema(json.dumps(schema))
        self._depth += 1
        if self._depth > DEEPEST or len(self._rules) > MOST_RULES:
            raise UnsupportedSchema("too large")
        expression = self._combined(schema) or self._typed(schema)
        self._depth -= 1
        return expression

    def _combined(self, schema: Schema) -> str | None:
        """The keywords that replace a type; None when none is there."""
        for keyword, write in self._combiners().items():
            if keyword in schema:
                _allow_only(schema, {keyword, "type"})
                return write(schema[keyword])
        return None

    def _combiners(self) -> dict[str, Callable[[Any], str]]:
        return {
            "$ref": self._reference,
            "const": _literal,
            "enum": lambda values: _either([_literal(value) for value in _listed(values)]),
            "anyOf": self._any_of,
            "oneOf": self._any_of,
            "allOf": self._only_one,
        }

    def _any_of(self, schemas: object) -> str:
        return _either([self.expression(schema) for schema in _listed(schemas)])

    def _only_one(self, schemas: object) -> str:
        if len(_listed(schemas)) != 1:
            raise UnsupportedSchema("allOf")
        return self.expression(_listed(schemas)[0])

    def _reference(self, pointer: object) -> str:
        if not isinstance(pointer, str):
            raise UnsupportedSchema("$ref")
        known = self._references.get(pointer)
        if known is None:
            known = f"ref{len(self._references)}"
            self._references[pointer] = known
            self._rules[known] = self.expression(self._pointed_at(pointer))
        return known

    def _pointed_at(self, pointer: str) -> object:
        place: Any = self._whole
        for step in pointer.removeprefix("#/").split("/"):
            if not isinstance(place, Mapping) or step not in place:
                raise UnsupportedSchema(json.dumps({"$ref": pointer}))
            place = place[step]
        return place

    def _typed(self, schema: Schema) -> str:
        kind = schema.get("type", "object" if "properties" in schema else None)
        if isinstance(kind, list) and kind:
            kept = [{**_only_for(one, schema), "type": one} for one in kind]
            return _either([self.expression(one) for one in kept])
        if not isinstance(kind, str) or kind not in KEYWORDS:
            raise UnsupportedSchema(json.dumps(schema, ensure_ascii=False)[:200])
        _allow_only(schema, KEYWORDS[kind] | {"type"})
        return self._of_kind(kind, schema)

    def _of_kind(self, kind: str, schema: Schema) -> str:
        if kind == "object":
            return self._object(schema)
        if kind == "array":
            return self._array(schema)
        if kind == "string":
            return self._string(schema)
        if kind == "integer" and ("minimum" in schema or "maximum" in schema):
            return _integers(schema)
        return self._share(kind)

    def _object(self, schema: Schema) -> str:
        properties = schema.get("properties")
        if properties is None:
            return self._share("object")
        if not isinstance(properties, Mapping) or schema.get("additionalProperties") not in (None, False):
            raise UnsupportedSchema("additionalProperties")
        required = _listed(schema.get("required", []), empty=True)
        if any(name not in list(properties) for name in required):
            raise UnsupportedSchema("required")
        members = [
            (_text(json.dumps(name, ensure_ascii=False) + ":") + " " + self.expression(part), name in required)
            for name, part in properties.items()
        ]
        return self._rule(f'"{{" {_members(members)} "}}"')

    def _array(self, schema: Schema) -> str:
        item = self.expression(schema.get("items", True))
        least, most = _count(schema, "minItems", 0), _count(schema, "maxItems", None)
        if most == 0:
            return '"[]"'
        more = _times(f'("," {item})', max(0, (least or 0) - 1), None if most is None else most - 1)
        inside = f"{item} {more}"
        return self._rule(f'"[" {inside} "]"' if least else f'"[" ({inside})? "]"')

    def _string(self, schema: Schema) -> str:
        least, most = _count(schema, "minLength", 0), _count(schema, "maxLength", None)
        if not least and most is None:
            return self._share("string")
        self._share("char")
        return self._rule(rf'"\"" {_times("char", least or 0, most)} "\""')

    def _share(self, name: str) -> str:
        if name not in self._rules:
            self._rules[name] = SHARED[name]
            for other in NEEDS.get(name, ()):
                self._share(other)
        return name

    def _rule(self, body: str) -> str:
        name = f"r{len(self._rules)}"
        self._rules[name] = body
        return name


def _members(members: Sequence[tuple[str, bool]]) -> str:
    """Properties in order, where one that is not required may be left out, its comma with it."""
    after = ""  # what may follow when something has been written already
    first = ""  # what may follow when nothing has been
    for member, is_required in reversed(members):
        taken = f"{member} {after}".rstrip()
        if is_required:
            first, after = taken, f'"," {taken}'
        else:
            first = f"({taken} | {first})" if first else f"({taken})?"
            after = f'("," {member})? {after}'.rstrip()
    return first


def _only_for(kind: str, schema: Schema) -> Schema:
    others = frozenset().union(*(words for name, words in KEYWORDS.items() if name != kind))
    return {word: value for word, value in schema.items() if word not in others - KEYWORDS.get(kind, frozenset())}


def _allow_only(schema: Schema, keywords: set[str] | frozenset[str]) -> None:
    unknown = set(schema) - keywords - REMARKS
    if unknown:
        raise UnsupportedSchema(", ".join(sorted(unknown)))


def _listed(values: object, *, empty: bool = False) -> list[Any]:
    if not isinstance(values, list) or not (values or empty):
        raise UnsupportedSchema("a list is expected")
    return values


def _count(schema: Schema, keyword: str, default: int | None) -> int | None:
    value = schema.get(keyword, default)
    if value is not default and (isinstance(value, bool) or not isinstance(value, int) or value < 0):
        raise UnsupportedSchema(keyword)
    return value if value is None else min(value, LONGEST_REPEAT)


def _times(what: str, least: int, most: int | None) -> str:
    if most is not None and most < least:
        raise UnsupportedSchema("a maximum below its minimum")
    return f"{what}{{{least},{'' if most is None else most}}}"


def _integers(schema: Schema) -> str:
    lowest, highest = schema.get("minimum"), schema.get("maximum")
    if not isinstance(lowest, int) or not isinstance(highest, int):
        raise UnsupportedSchema("an integer needs both bounds or none")
    if not 0 <= highest - lowest < WIDEST_INTEGER_RANGE:
        raise UnsupportedSchema("an integer's range")
    return _either([_text(str(number)) for number in range(lowest, highest + 1)])


def _literal(value: object) -> str:
    return _text(json.dumps(value, ensure_ascii=False, separators=(",", ":")))


def _either(choices: Sequence[str]) -> str:
    return choices[0] if len(choices) == 1 else f"({' | '.join(choices)})"


def _text(text: str) -> str:
    r"""A GBNF string: quotes and backslashes escaped; control characters are \u already, json.dumps saw to that."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + escaped.replace("\x7f", "\\x7F") + '"'
