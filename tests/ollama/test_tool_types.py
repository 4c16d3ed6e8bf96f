"""Types of parameters in JSON Schema: nothing is lost that the published client loses.

No postponed annotations here: the published client's side wants real types.
"""

import enum
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional, Union

import pytest
from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from tests.ollama.tool_examples import (
    Address,
    Opaque,
    parameters,
    properties,
    published,
)
from tutor.ollama import RequestError
from tutor.ollama.toolschema import tool_schema

if TYPE_CHECKING:
    from decimal import Decimal as OnlyForCheckers


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Branch(BaseModel):
    leaves: "list[Branch]" = []


class Cat(BaseModel):
    kind: Literal["cat"]


class Dog(BaseModel):
    kind: Literal["dog"]
    name: str


def defaulted(a: int, b: int = 5, c: Path = Path("/tmp"), d: Colour = Colour.RED) -> None: ...
def optional_with_default(a: Optional[int] = None, b: int | None = 3) -> None: ...  # noqa: UP045
def optional_unsaid(a: int = None) -> None: ...  # type: ignore[assignment] # noqa: RUF013
def one_of(a: Literal["x", "y"], b: Literal[1]) -> None: ...
def coloured(a: Colour) -> None: ...
def nested(a: Address) -> None: ...
def listing(a: list[Address], b: list[str], c: dict[str, int]) -> None: ...
def either(a: int | str, b: Union[int, list[str]], c: Optional[int | str]) -> None: ...  # noqa: UP007, UP045
def animal(a: Annotated[Cat | Dog, Field(discriminator="kind")]) -> None: ...
def anything(a: Any) -> None: ...
def gathering(a: int, *more: str, **others: int) -> None: ...


ADDRESS = {
    "type": "object",
    "properties": {
        "street": {"type": "string", "description": "with the number"},
        "town": {"type": ["string", "null"], "default": None},
    },
    "required": ["street"],
}
CAT = {"type": "object", "properties": {"kind": {"type": "string", "enum": ["cat"]}}, "required": ["kind"]}
DOG = {
    "type": "object",
    "properties": {"kind": {"type": "string", "enum": ["dog"]}, "name": {"type": "string"}},
    "required": ["kind", "name"],
}


@pytest.mark.parametrize(
    ("function", "required", "expected"),
    [
        pytest.param(
            defaulted,
            ["a"],
            {
                "a": {"type": "integer"},
                "b": {"type": "integer", "default": 5},
                "c": {"type": "string", "format": "path", "default": "/tmp"},
                "d": {"type": "string", "enum": ["red", "blue"], "default": "red"},
            },
            id="defaults are said, and not required",
        ),
        pytest.param(
            optional_with_default,
            [],
            {"a": {"type": "integer"}, "b": {"type": "integer", "default": 3}},
            id="an optional parameter's default",
        ),
        pytest.param(optional_unsaid, [], {"a": {"type": "integer"}}, id="None by default is optional"),
        pytest.param(
            one_of,
            ["a", "b"],
            {"a": {"type": "string", "enum": ["x", "y"]}, "b": {"type": "integer", "enum": [1]}},
            id="literals",
        ),
        pytest.param(coloured, ["a"], {"a": {"type": "string", "enum": ["red", "blue"]}}, id="enums"),
        pytest.param(
            nested, ["a"], {"a": ADDRESS | {"description": "Where somebody lives."}}, id="models, with their own words"
        ),
        pytest.param(
            listing,
            ["a", "b", "c"],
            {
                "a": {"type": "array", "items": ADDRESS | {"description": "Where somebody lives."}},
                "b": {"type": "array", "items": {"type": "string"}},
                "c": {"type": "object", "additionalProperties": {"type": "integer"}},
            },
            id="items",
        ),
        pytest.param(
            either,
            ["a", "b"],
            {
                "a": {"type": ["integer", "string"]},
                "b": {"anyOf": [{"type": "integer"}, {"type": "array", "items": {"type": "string"}}]},
                "c": {"type": ["integer", "string"]},
            },
            id="unions",
        ),
        pytest.param(animal, ["a"], {"a": {"anyOf": [CAT, DOG]}}, id="one of several models"),
        pytest.param(anything, ["a"], {"a": {}}, id="anything is not text"),
        pytest.param(gathering, ["a"], {"a": {"type": "integer"}}, id="no *args, no **kwargs"),
    ],
)
def test_nothing_is_lost_that_the_published_client_loses(
    function: Callable[..., Any], required: list[str], expected: dict[str, dict[str, Any]]
) -> None:
    described = {name: {"description": ""} | schema for name, schema in expected.items()}
    assert parameters(function) == {"type": "object", "required": required, "properties": described}
    assert tool_schema(function) != published(function)


def test_recursive_types_keep_their_definitions() -> None:
    def grow(tree: Branch, other: Branch | None) -> None: ...

    assert parameters(grow) == {
        "type": "object",
        "required": ["tree"],
        "properties": {
            "tree": {"$ref": "#/$defs/Branch", "description": ""},
            "other": {"$ref": "#/$defs/Branch", "description": ""},
        },
        "$defs": {
            "Branch": {
                "type": "object",
                "properties": {"leaves": {"type": "array", "items": {"$ref": "#/$defs/Branch"}, "default": []}},
            }
        },
    }


@dataclass
class Point:
    x: int
    y: int = 0


@pytest.mark.parametrize("default", [float("nan"), Opaque(), [Opaque()]])
def test_a_default_that_json_cannot_hold_is_not_said(default: Any) -> None:
    def f(a: float = default) -> None: ...

    assert parameters(f) == {
        "type": "object",
        "required": [],
        "properties": {"a": {"type": "number", "description": ""}},
    }


class Careless(BaseModel):
    made_of: Any = Opaque()


def test_a_models_default_that_json_cannot_hold_is_not_said() -> None:
    def f(a: Careless) -> None: ...

    assert properties(f)["a"]["properties"] == {"made_of": {}}


def test_defaults_of_fields_and_dataclasses() -> None:
    def f(
        a: Annotated[int, Field(default=3, ge=1)],
        b: Annotated[int | None, Field(default=None)],
        c: Point = Point(1, 2),  # noqa: B008
        d: int = Field(7, description="seven"),
        e: Annotated[int, Field(default=3)] = 5,
    ) -> None: ...

    assert parameters(f)["required"] == []
    assert properties(f) == {
        "a": {"type": "integer", "default": 3, "minimum": 1, "description": ""},
        "b": {"type": "integer", "description": ""},
        "c": {
            "type": "object",
            "properties": {"x": {"type": "integer"}, "y": {"type": "integer", "default": 0}},
            "required": ["x"],
            "default": {"x": 1, "y": 2},
            "description": "",
        },
        "d": {"type": "integer", "default": 7, "description": "seven"},
        "e": {"type": "integer", "default": 5, "description": ""},
    }


# Types by name.


def test_names_of_types_are_looked_up_in_the_module_and_the_enclosing_function() -> None:
    class Local(BaseModel):
        size: int

    later: Any

    def f(a: "Address", b: "Local", c: "list[Local] | None" = None) -> type[Local]:
        print(later)
        return Local

    found = properties(f)
    assert found["a"]["required"] == ["street"]
    assert found["b"]["properties"] == found["c"]["items"]["properties"] == {"size": {"type": "integer"}}
    later = 1


def nobody_knows(a: int, b: "OnlyForCheckers") -> None: ...


def test_a_type_that_cannot_be_resolved_is_named() -> None:
    with pytest.raises(RequestError, match=r"the type of b of the tool nobody_knows cannot be resolved: .*OnlyFor"):
        tool_schema(nobody_knows)


class Dangling(BaseModel):
    other: "Missing"  # type: ignore[name-defined] # noqa: F821


@pytest.mark.parametrize("unspeakable", [Opaque, Callable[[int], int], Dangling, 5])
def test_a_type_without_a_json_schema_is_refused(unspeakable: Any) -> None:
    def f(a): ...  # type: ignore[no-untyped-def] # noqa: ANN001, ANN202

    f.__annotations__ = {"a": unspeakable}
    with pytest.raises(RequestError, match=r"of the tool f (have no JSON Schema|cannot be resolved)"):
        tool_schema(f)


Choice = TypeAliasType("Choice", "int | None")


def test_every_way_to_say_optional_is_one() -> None:
    described = Field(description="d")

    def f(
        a: Annotated[Optional[int], described] = None,  # noqa: UP045
        b: Annotated[int, described] = None,  # type: ignore[assignment] # noqa: RUF013
        c: Choice | None = None,
        d: Choice = 3,
    ) -> None:
        """Explain.

        Args:
            a: less than the annotation says
        """

    assert parameters(f)["required"] == []
    assert properties(f) == {
        "a": {"type": "integer", "description": "d"},
        "b": {"type": "integer", "description": "d"},
        "c": {"type": "integer", "description": ""},
        "d": {"type": "integer", "description": "", "default": 3},
    }
