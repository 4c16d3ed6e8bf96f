"""What a model is told of a tool, in plain cases as by the published client.

No postponed annotations here: the published client's side wants real types.
"""

from collections.abc import Callable
from typing import Annotated, Any, Optional

import pytest
from ollama import Tool as PublishedTool
from pydantic import Field

from tests.ollama.tool_examples import (
    Address,
    add_two_numbers,
    properties,
    published,
    subtract_two_numbers,
)
from tutor.ollama.toolschema import tool_schema
from tutor.ollama.types import Tool

FUNCTION = {"name": "f", "description": "d"}


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


class ModelStore:
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
        ModelStore().put,
        lambda x: x,
    ],
)
def test_plain_functions_are_described_as_by_the_published_client(function: Callable[..., Any]) -> None:
    assert tool_schema(function) == published(function)


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
