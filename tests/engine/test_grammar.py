"""A schema becomes a grammar that the real sampler keeps to, or is refused."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.engine.raw_http import Target, chat, exchange
from tutor.engine.grammar import UnsupportedSchema, any_object, compile_schema

LINE = 'Él dijo: "¿Sí?" \\ <b>\n\u2028 \x7f'
GUIDED = {
    "type": "object",
    "properties": {
        "reaction": {"type": "string", "enum": ["¡Qué bien!", LINE]},
        "question": {"enum": ["¿De dónde eres?", "¿Qué te gusta?"]},
    },
    "required": ["reaction", "question"],
    "additionalProperties": False,
}
NODE = {
    "type": "object",
    "properties": {"n": {"type": "integer"}, "next": {"anyOf": [{"$ref": "#/$defs/Node"}, {"type": "null"}]}},
    "required": ["n", "next"],
}
SCHEMAS: dict[str, dict[str, Any]] = {
    "guided": GUIDED,
    "const": {"const": {"a": [1, LINE, None]}},
    "short_text": {"type": "object", "properties": {"t": {"type": "string", "maxLength": 7}}, "required": ["t"]},
    "lengths": {"type": "string", "minLength": 2, "maxLength": 3},
    "optional": {"type": "object", "properties": {name: {"type": "boolean"} for name in "abc"}, "required": ["b"]},
    "all_optional": {"type": "object", "properties": {name: {"type": "null"} for name in "abc"}},
    "nullable": {"type": ["string", "null"], "maxLength": 4},
    "array": {"type": "array", "items": {"type": "boolean"}, "minItems": 2, "maxItems": 3},
    "any_array": {"type": "array", "items": {"enum": [1, 2]}, "maxItems": 2},
    "no_items": {"type": "array", "items": {"type": "null"}, "maxItems": 0},
    "range": {"type": "integer", "minimum": -3, "maximum": 12},
    "union": {"oneOf": [{"const": 1}, {"type": "object", "properties": {}, "required": []}]},
    "reference": {"$ref": "#/$defs/Small", "$defs": {"Small": {"enum": ["x", "y"]}}},
    "one_of_all": {"allOf": [{"type": "boolean"}], "description": "as pydantic writes it"},
}


def fits(value: Any, schema: dict[str, Any]) -> bool:
    """Whether the value is one of the schema's; just the keywords that SCHEMAS use."""
    if "$ref" in schema:
        return fits(value, schema["$defs"]["Small"])
    if "allOf" in schema:
        return fits(value, schema["allOf"][0])
    if "oneOf" in schema:
        return any(fits(value, one) for one in schema["oneOf"])
    if "const" in schema or "enum" in schema:
        return value in schema.get("enum", [schema.get("const")])
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return any(fits_kind(value, kind, schema) for kind in kinds)


def fits_kind(value: Any, kind: str, schema: dict[str, Any]) -> bool:
    if kind == "object":
        properties = schema["properties"]
        in_order = [name for name in properties if name in value] == list(value)
        return in_order and set(schema.get("required", [])) <= set(value) <= set(properties)
    if kind == "array":
        rightly_many = schema.get("minItems", 0) <= len(value) <= schema["maxItems"]
        return rightly_many and all(fits(one, schema["items"]) for one in value)
    if kind == "string":
        return isinstance(value, str) and schema.get("minLength", 0) <= len(value) <= schema["maxLength"]
    if kind == "integer":
        return isinstance(value, int) and schema["minimum"] <= value <= schema["maximum"]
    return value is None if kind == "null" else isinstance(value, bool)


@pytest.mark.parametrize("name", SCHEMAS)
async def test_the_model_keeps_to_it(engine: Target, name: str) -> None:
    for seed in range(4):
        options = {"temperature": 3.0, "top_k": 0, "top_p": 1.0, "seed": seed, "num_predict": 400}
        body = chat("tiny", format=SCHEMAS[name], options=options, stream=False)
        answer = await exchange(engine, "POST", "/api/chat", body)
        assert answer.status == 200, answer.body
        reply = answer.json
        assert reply["done_reason"] == "stop", reply
        assert fits(json.loads(reply["message"]["content"]), SCHEMAS[name]), reply["message"]["content"]


async def test_a_schema_that_refers_to_itself(engine: Target) -> None:
    schema = {"$ref": "#/$defs/Node", "$defs": {"Node": NODE}}
    body = chat("tiny", format=schema, options={"temperature": 0, "num_predict": 40}, stream=False)
    answer = await exchange(engine, "POST", "/api/chat", body)
    assert answer.json["message"]["content"].startswith('{"n":')


def test_no_white_space_is_possible() -> None:
    for grammar in (compile_schema(GUIDED), compile_schema(SCHEMAS["array"]), any_object()):
        assert r"[ \t" not in grammar
        assert "ws" not in grammar


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "nonsense"},
        {"type": "string", "pattern": "^a"},
        {"type": "string", "format": "date"},
        {"type": "number", "minimum": 1},
        {"type": "integer", "minimum": 1},
        {"type": "integer", "minimum": 0, "maximum": 100_000},
        {"type": "object", "properties": {}, "additionalProperties": {"type": "string"}},
        {"type": "object", "properties": {"a": {}}, "required": ["b"]},
        {"type": "object", "properties": {}, "required": [{}]},
        {"type": "object", "patternProperties": {}},
        {"type": "array", "uniqueItems": True},
        {"type": "array", "minItems": 3, "maxItems": 2},
        {"type": "string", "maxLength": "7"},
        {"enum": []},
        {"enum": "ab"},
        {"anyOf": []},
        {"allOf": [{"type": "null"}, {"type": "null"}]},
        {"$ref": "#/$defs/Nobody"},
        {"$ref": 7},
        {"items": {}},
        {"not": {}},
    ],
    ids=json.dumps,
)
async def test_refused_rather_than_ignored(engine: Target, schema: dict[str, Any]) -> None:
    with pytest.raises(UnsupportedSchema):
        compile_schema(schema)
    answer = await exchange(engine, "POST", "/api/chat", chat("tiny", format=schema, stream=True))
    assert answer.status == 400
    assert json.loads(answer.json["error"])["error"]["type"] == "invalid_request_error"


def test_too_deep() -> None:
    schema: dict[str, Any] = {"type": "null"}
    for _ in range(100):
        schema = {"type": "array", "items": schema, "maxItems": 1}
    with pytest.raises(UnsupportedSchema):
        compile_schema(schema)
