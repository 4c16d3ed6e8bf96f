"""Calls of tools without a server: arguments converted, results and errors in words."""

from __future__ import annotations

import enum
import functools
import math
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any, Literal

import pytest
from pydantic import BaseModel, Field

from tutor.ollama import RequestError
from tutor.ollama.functions import ArgumentsRefused
from tutor.ollama.toolbox import Toolbox, ToolResult, error_text, result_text
from tutor.ollama.toolschema import NOT_FOR_MODELS
from tutor.ollama.types import Tool, ToolCall

DESCRIBED = {"type": "function", "function": {"name": "by_hand", "description": "d"}}


def call(name: str, **arguments: Any) -> ToolCall:
    return ToolCall.model_validate({"function": {"name": name, "arguments": arguments}})


def run(function: Any, name: str, **arguments: Any) -> Any:
    return Toolbox([function]).bind(call(name, **arguments)).call()


class Colour(enum.Enum):
    RED = "red"


class Size(enum.StrEnum):
    BIG = "big"


class Loud(str, enum.Enum):  # noqa: UP042 - the older kind, whose str() is its Python name
    VERY = "very"


class Address(BaseModel):
    street: str
    number: int = 1


def take(
    a: int, b: Address, c: list[date], d: Colour, e: float | None, *, f: str = "left out", g: tuple[int, ...] = ()
) -> tuple[Any, ...]:
    return a, b, c, d, e, f, g


def test_arguments_become_the_functions_own_types() -> None:
    given: dict[str, Any] = {"a": "3", "b": {"street": "s", "number": "7"}, "c": ["2026-11-22"], "d": "red"}
    expected = (3, Address(street="s", number=7), [date(2026, 11, 22)], Colour.RED, None, "left out", ())
    assert run(take, "take", **given) == expected
    assert run(take, "take", **given, e="1.5", f=12, g=["4"]) == (*expected[:4], 1.5, "12", (4,))


def positional(a: int, b: int = 2, /, c: int = 3, *more: int, **others: int) -> tuple[Any, ...]:
    return a, b, c, more, others


def test_positional_parameters_and_defaults_in_the_middle() -> None:
    assert run(positional, "positional", a=1) == (1, 2, 3, (), {})
    assert run(positional, "positional", a=1, c="5") == (1, 2, 5, (), {})


def with_fields(a: int = Field(7, ge=5), b: Annotated[int, Field(default=8)] = 9) -> tuple[int, int]:
    return a, b


def test_defaults_that_pydantic_knows() -> None:
    assert run(with_fields, "with_fields") == (7, 9)
    assert run(with_fields, "with_fields", a="6", b=1) == (6, 1)
    with pytest.raises(
        ArgumentsRefused, match=r"with_fields do not fit: a: Input should be greater than or equal to 5"
    ):
        run(with_fields, "with_fields", a=4)


def test_partials_methods_and_objects_are_called_with_what_they_hold() -> None:
    class Counter:
        def __init__(self) -> None:
            self.count = 0

        def add(self, step: int = 1) -> int:
            self.count += step
            return self.count

        def __call__(self, step: int) -> int:
            return self.add(step * 10)

    counter = Counter()
    assert run(counter.add, "add", step="4") == 4
    assert run(counter, "counter", step=1) == 14
    assert run(functools.partial(positional, 1, c=7), "positional", b="4") == (1, 4, 7, (), {})
    assert run(lambda x: x + "!", "<lambda>", x=9) == "9!"


def test_a_default_object_is_handed_over_as_it_is() -> None:
    shared: list[int] = [1]

    def append(item: int, to: list[int] = shared) -> None:
        to.append(item)

    run(append, "append", item=2)
    assert shared == [1, 2]


def lookup(word: str, limit: Annotated[int, NOT_FOR_MODELS] = 5) -> tuple[str, int]:
    return word, limit


def nothing() -> str:
    return "nothing"


@pytest.mark.parametrize(
    ("tool", "arguments", "text"),
    [
        (lookup, {"word": "w", "limit": 9}, "lookup has no argument called limit; it takes: word"),
        (lookup, {"wort": "w", "l": 1}, "lookup has no argument called wort, l; it takes: word"),
        (nothing, {"a": 1}, "nothing has no argument called a; it takes no arguments"),
        (lookup, {}, "the arguments of lookup do not fit: word: Field required"),
        (
            take,
            {"a": 1, "b": {"number": [2]}, "c": [], "d": "red"},
            "the arguments of take do not fit: b.street: Field required; b.number: Input should be a valid integer",
        ),
    ],
)
def test_arguments_that_do_not_fit_are_refused_in_words_for_the_model(
    tool: Any, arguments: dict[str, Any], text: str
) -> None:
    with pytest.raises(ArgumentsRefused) as refused:
        run(tool, tool.__name__, **arguments)
    assert error_text(refused.value) == text


def test_an_unknown_tool_is_answered_with_those_there_are() -> None:
    toolbox = Toolbox([lookup, DESCRIBED, Tool.model_validate({"function": {"name": "typed"}})])
    assert toolbox.names == ["lookup", "by_hand", "typed"]
    with pytest.raises(ArgumentsRefused, match=r"^there is no tool called find; there are: lookup, by_hand, typed$"):
        toolbox.bind(call("find"))
    with pytest.raises(ArgumentsRefused, match=r"^there is no tool called find; there are none$"):
        Toolbox([]).bind(call("find"))


def test_tools_without_a_function_are_the_callers() -> None:
    toolbox = Toolbox([lookup, DESCRIBED, {"function": "odd"}])
    assert [toolbox.is_pending(call(name)) for name in ("by_hand", "lookup", "unknown")] == [True, False, False]
    assert toolbox.schemas[1:] == [DESCRIBED, {"type": "function", "function": "odd"}]


def test_tools_that_could_not_be_told_apart_or_never_be_called_are_refused() -> None:
    def needs(word: str, store: Annotated[object, NOT_FOR_MODELS]) -> None: ...

    with pytest.raises(RequestError, match="two tools are called lookup"):
        Toolbox([lookup, lookup])
    with pytest.raises(RequestError, match="no model may give the tool needs its store"):
        Toolbox([needs])
    assert Toolbox([functools.partial(needs, store=object())]).names == ["needs"]


@dataclass
class Point:
    x: int


class Opaque:
    def __str__(self) -> str:
        return "opaque \udc80"


@pytest.mark.parametrize(
    ("result", "text"),
    [
        ("as it is: ñ", "as it is: ñ"),
        ("file\udcff", "file?"),
        (Size.BIG, "big"),
        (Loud.VERY, "very"),
        (Colour.RED, '"red"'),
        (None, "null"),
        (True, "true"),
        (3, "3"),
        (math.inf, "Infinity"),
        ({"a": [1, Address(street="ñ")]}, '{"a":[1,{"street":"ñ","number":1}]}'),
        (Address(street="s"), '{"street":"s","number":1}'),
        (Point(1), '{"x":1}'),
        (date(2026, 11, 22), '"2026-11-22"'),
        (b"\xff", r"b'\xff'"),
        (Opaque(), "opaque ?"),
    ],
)
def test_results_in_words(result: object, text: str) -> None:
    assert result_text(result) == text


def test_errors_in_words() -> None:
    assert error_text(KeyError("x")) == "KeyError: 'x'"
    assert error_text(ValueError("bad \udc80")) == "ValueError: bad ?"
    assert error_text(RuntimeError()) == "RuntimeError"


def test_a_result_is_tied_to_its_call() -> None:
    told = {"role": "tool", "content": "t", "tool_name": "f"}
    assert ToolResult("f", {}, "t").message() == told
    assert ToolResult("f", {}, "t", call_id="call_1").message() == told | {"tool_call_id": "call_1"}


def test_literals_are_checked() -> None:
    def choose(way: Literal["left", "right"]) -> str:
        return way

    assert run(choose, "choose", way="left") == "left"
    with pytest.raises(ArgumentsRefused, match="way: Input should be 'left' or 'right'"):
        run(choose, "choose", way="up")
