"""Every kind of callable is a tool."""

import functools
import math
import operator
from typing import Annotated, Any

import pytest
from pydantic import BaseModel

from tests.ollama.tool_examples import (
    Address,
    Opaque,
    add_two_numbers,
    parameters,
    properties,
    subtract_two_numbers,
)
from tutor.ollama import RequestError
from tutor.ollama.toolschema import NOT_FOR_MODELS, tool_schema


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

    assert list(properties(f)) == ["copy", "json", "model_config", "p0", "class_"]


TOO_FULL = functools.partial(add_two_numbers, 1, 2, 3)  # type: ignore[call-arg]


@pytest.mark.parametrize("unreadable", [TOO_FULL, operator.itemgetter, "f", 5, None])
def test_what_is_no_tool_is_refused(unreadable: Any) -> None:
    with pytest.raises(RequestError, match=r"signature of the tool|a tool is a function"):
        tool_schema(unreadable)
