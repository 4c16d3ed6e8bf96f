"""What a model is told of a tool. No postponed annotations here: the published client's side wants real types."""

import enum
import functools
import math
import operator
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Optional, Union

import pytest
from ollama import Tool as PublishedTool
from ollama._utils import convert_function_to_tool
from pydantic import BaseModel, Field
from typing_extensions import TypeAliasType

from tutor.ollama import RequestError
from tutor.ollama.toolschema import NOT_FOR_MODELS, tool_schema
from tutor.ollama.types import Tool

if TYPE_CHECKING:
    from decimal import Decimal as OnlyForCheckers

FUNCTION = {"name": "f", "description": "d"}


def published(function: Callable[..., Any]) -> dict[str, Any]:
    return convert_function_to_tool(function).model_dump(exclude_none=True)


def parameters(function: Callable[..., Any]) -> dict[str, Any]:
    found: dict[str, Any] = tool_schema(function)["function"]["parameters"]
    return found


def properties(function: Callable[..., Any]) -> dict[str, Any]:
    found: dict[str, Any] = parameters(function)["properties"]
    return found


# The plain cases, to the letter as the published client has them.


def add_two_numbers(a: int, b: int) -> int:
    """
    Add two numbers

    Args:
        a (int): The first number
        b (int): The second number

    Returns:
        int: The sum of the two numbers
    """
    return int(a) + int(b)


def subtract_two_numbers(a: int, b: int) -> int:
    """
    Subtract two numbers
    """
    return int(a) - int(b)


def every_plain_type(a: int, b: str, c: float, d: bool, e: list, f: dict, g) -> str:  # type: ignore[no-untyped-def] # noqa: ANN001
    """Say them all.

    In several lines,
      some of them indented.

    Args:
      a: one
      b (str): two
         and more
      c (float, optional): three: with a colon

      d : four
    Yields: nothing
    Raises:
      ValueError: never
    """
    return f"{a}{b}{c}{d}{e}{f}{g}"


def undocumented(): ...  # type: ignore[no-untyped-def] # noqa: ANN201


def only_returns(a: int) -> int:
    """Give it back.

    Returns: a
    """
    return a


def may_be_missing(a: Optional[int], b: str | None) -> None:  # noqa: UP045
    """Both may be left out."""


async def waits(a: int) -> None:
    """Wait.

    args:
    a: how long
    """


class Shelf:
    def put(self, book: str, copies: int) -> None:
        """Put it there.

        Args:
            book: the title
            copies: how many
        """


@pytest.mark.parametrize(
    "function",
    [
        add_two_numbers,
        subtract_two_numbers,
        every_plain_type,
        undocumented,
        only_returns,
        may_be_missing,
        waits,
        Shelf().put,
        lambda x: x,
    ],
)
def test_plain_functions_are_described_as_by_the_published_client(function: Callable[..., Any]) -> None:
    assert tool_schema(function) == published(function)


# The intended differences; each makes the published client's loss good.


class Colour(enum.Enum):
    RED = "red"
    BLUE = "blue"


class Address(BaseModel):
    """Where somebody lives."""

    street: str = Field(description="with the number")
    town: str | None = None


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


class Opaque:
    pass


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


# Kinds of callables.


class WeatherReport:
    """Of a town."""

    def __call__(self, town: str, days: int = 1) -> str:
        """Report the weather.

        Args:
            town: where
        """
        return town


class HTTPGet2Page:
    """Fetch a page."""

    def __call__(self, url: str) -> str:
        return url


class Named(HTTPGet2Page):
    __name__ = "fetch"


class Wordless:
    def __call__(self) -> None: ...


class Convert(BaseModel):
    factor: float

    def __call__(self, amount: float) -> float:
        """Convert it."""
        return amount * self.factor


def test_objects_with_a_call() -> None:
    report = tool_schema(WeatherReport())["function"]
    assert (report["name"], report["description"]) == ("weather_report", "Report the weather.")
    assert report["parameters"]["required"] == ["town"]
    assert report["parameters"]["properties"]["town"]["description"] == "where"
    page = tool_schema(HTTPGet2Page())["function"]
    assert (page["name"], page["description"]) == ("http_get2_page", "Fetch a page.")
    assert tool_schema(Named())["function"]["name"] == "fetch"
    assert tool_schema(Wordless())["function"] == {
        "name": "wordless",
        "description": "",
        "parameters": {"type": "object", "properties": {}},
    }
    assert tool_schema(Convert(factor=2))["function"]["description"] == "Convert it."


def test_a_class_makes_its_instances() -> None:
    assert tool_schema(Address)["function"] == {
        "name": "Address",
        "description": "Where somebody lives.",
        "parameters": {
            "type": "object",
            "required": ["street"],
            "properties": {
                "street": {"type": "string", "description": ""},
                "town": {"type": "string", "description": ""},
            },
        },
    }


def test_partials_offer_what_is_not_bound() -> None:
    def send(to: str, text: str, priority: int = 1, *, sender: str) -> None:
        """Send it.

        Args:
            to: the receiver
            text: the words
            sender: who
        """

    tool = functools.partial(functools.partial(send, "Ann"), sender="Bob")
    assert tool_schema(tool)["function"] == {
        "name": "send",
        "description": "Send it.",
        "parameters": {
            "type": "object",
            "required": ["text"],
            "properties": {
                "text": {"type": "string", "description": "the words"},
                "priority": {"type": "integer", "description": "", "default": 1},
            },
        },
    }
    named = functools.update_wrapper(functools.partial(send, "Ann", sender="Bob"), add_two_numbers)
    assert tool_schema(functools.partial(tool, text="hello"))["function"]["parameters"]["required"] == []
    assert named.__name__ == "add_two_numbers"


def test_a_wrapped_partial_has_the_wrappers_name() -> None:
    named = functools.partial(subtract_two_numbers, 3)
    named.__name__ = "from_three"  # type: ignore[attr-defined]
    assert tool_schema(named)["function"]["name"] == "from_three"
    assert list(properties(named)) == ["b"]


def test_decorated_cached_and_builtin_functions() -> None:
    @functools.lru_cache
    def remembered(a: "int") -> int:
        """Remember."""
        return a

    @functools.wraps(add_two_numbers)
    def wrapped(*args: Any, **kwargs: Any) -> int:
        return add_two_numbers(*args, **kwargs)

    assert properties(remembered) == {"a": {"type": "integer", "description": ""}}
    assert tool_schema(wrapped) == tool_schema(add_two_numbers)
    assert properties(math.sqrt) == {"x": {"type": "string", "description": ""}}


def test_a_programs_own_parameters_are_withheld() -> None:
    def look_up(word: str, store: Annotated[Opaque, NOT_FOR_MODELS], limit: Annotated[int, NOT_FOR_MODELS] = 5) -> None:
        """Look it up.

        Args:
            word: which
            store: not of interest
        """

    assert parameters(look_up) == {
        "type": "object",
        "required": ["word"],
        "properties": {"word": {"type": "string", "description": "which"}},
    }
    assert repr(NOT_FOR_MODELS) == "NOT_FOR_MODELS"


def test_parameters_may_have_any_name() -> None:
    def f(copy: int, json: str, _hidden: int, model_config: int, p0: int, class_: int) -> None: ...

    assert list(properties(f)) == ["copy", "json", "_hidden", "model_config", "p0", "class_"]


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


TOO_FULL = functools.partial(add_two_numbers, 1, 2, 3)  # type: ignore[call-arg]


@pytest.mark.parametrize("unreadable", [TOO_FULL, operator.itemgetter, "f", 5, None])
def test_what_is_no_tool_is_refused(unreadable: Any) -> None:
    with pytest.raises(RequestError, match=r"signature of the tool|a tool is a function"):
        tool_schema(unreadable)


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


# Docstrings.


def test_a_colon_within_a_description_begins_nothing() -> None:
    def f(a: str, b: str, args: str, returns: str) -> None:
        """Explain: at length.

        Args:
            a (dict[str, tuple(int, int)]): one of these:
                b: the second
                returns: the third
            Note: still of a.
            **b** is something else.
            b:
                on a line of its own
            args: all of them
            returns (str): what comes back

        Example:
            f("x: y")

        Returns:
            a: nothing
        """

    assert tool_schema(f)["function"]["description"] == 'Explain: at length.\n\nExample:\nf("x: y")'
    assert {name: schema["description"] for name, schema in properties(f).items()} == {
        "a": "one of these: b: the second returns: the third Note: still of a. **b** is something else.",
        "b": "on a line of its own",
        "args": "all of them",
        "returns": "what comes back",
    }


def test_rest_fields_are_read() -> None:
    def f(a: str, b: int, c: int) -> None:
        """Explain.

        :param a: one
            and more
        :param int b: two
        :type b: int
        :return: nothing: at all
        """

    assert tool_schema(f)["function"]["description"] == "Explain."
    assert [schema["description"] for schema in properties(f).values()] == ["one and more", "two", ""]


def test_text_before_the_first_parameter_is_of_none() -> None:
    def f(a: str) -> None:
        """Explain.

        Args:
            These are they.

            unknown: nobody
            *a: starred
        """

    assert tool_schema(f)["function"]["description"] == "Explain."
    assert properties(f)["a"]["description"] == "starred"


def test_annotations_speak_before_docstrings() -> None:
    def f(a: Annotated[int, Field(description="from the annotation")], b: Annotated[Address, Field()]) -> None:
        """Explain.

        Args:
            a: from the docstring
            b: where to
        """

    assert [schema["description"] for schema in properties(f).values()] == ["from the annotation", "where to"]


# Tools that are described by hand.

PLAIN_TOOLS: list[dict[str, Any]] = [
    {"type": "function", "function": FUNCTION},
    {"function": FUNCTION | {"parameters": {}}},
    {"function": FUNCTION | {"parameters": {"properties": {"a": {"type": "integer", "description": None}}}}},
    {"type": None, "function": {"name": "f", "description": None, "parameters": {"type": None, "required": ["a"]}}},
    {"function": FUNCTION | {"parameters": {"properties": {"a": {"type": ["string", "null"], "enum": ["x"]}}}}},
    {"function": None},
    {},
]


@pytest.mark.parametrize("tool", PLAIN_TOOLS)
def test_plain_mappings_are_sent_as_by_the_published_client(tool: dict[str, Any]) -> None:
    expected = PublishedTool.model_validate(tool).model_dump(exclude_none=True)
    assert tool_schema(tool) == expected
    assert tool_schema(Tool.model_validate(tool)) == expected


RICH_TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "f",
        "strict": True,
        "parameters": {
            "type": "object",
            "additionalProperties": False,
            "$defs": {"node": {"type": "object", "properties": {"next": {"$ref": "#/$defs/node"}}}},
            "required": ["a", "b"],
            "properties": {
                "a": {"anyOf": [{"type": "integer"}, {"type": "null"}], "default": 4},
                "b": {"$ref": "#/$defs/node"},
                "c": {"type": "array", "minItems": 1, "items": {"type": "object", "properties": {"d": {"enum": [1]}}}},
                "e": {"type": "object", "required": ["f"], "properties": {"f": {"type": "string", "title": "F"}}},
            },
        },
    },
}


def test_rich_mappings_and_tools_lose_nothing() -> None:
    assert tool_schema(RICH_TOOL) == RICH_TOOL
    assert tool_schema(Tool.model_validate(RICH_TOOL)) == RICH_TOOL
    null = {"function": {"parameters": {"properties": {"a": {"default": None, "enum": [None]}, "b": True}}}}
    assert tool_schema(null)["function"]["parameters"]["properties"] == {
        "a": {"default": None, "enum": [None]},
        "b": True,
    }


def test_what_is_no_schema_is_sent_as_given() -> None:
    odd: dict[str, Any] = {"type": "function", "function": {"parameters": {"type": "object", "properties": []}}}
    assert tool_schema(odd) == odd
    assert tool_schema({"function": "f"}) == {"type": "function", "function": "f"}


def test_the_given_mapping_is_not_changed() -> None:
    given: dict[str, Any] = {"function": {"name": "f", "parameters": {"properties": {"a": {"type": None}}}}}
    tool_schema(given)
    assert given == {"function": {"name": "f", "parameters": {"properties": {"a": {"type": None}}}}}
