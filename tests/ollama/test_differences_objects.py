"""Where the objects of the published client and ours differ: what is read, what is made of arguments, what is there."""

from __future__ import annotations

import functools
import inspect
import json
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ollama as published
import pytest
from pydantic import BaseModel, ValidationError

from tests.ollama.sides import ASK, MODEL, Sides, both, outcome, whole
from tutor import ollama as ours
from tutor.ollama.testing import Reply
from tutor.ollama.toolschema import tool_schema

CALL = {"id": "call_1", "function": {"index": 0, "name": "f", "arguments": {"a": 1}}}
REMOTE = {
    "model": "far:cloud",
    "remote_host": "https://ollama.com:443",
    "brand_new": 1,
    "message": {"role": "assistant", "content": "", "tool_calls": [CALL]},
    "done": True,
}


@pytest.fixture
def sides() -> Iterator[Sides]:
    with both() as sides:
        yield sides


def _json(value: object) -> Reply:
    return Reply([json.dumps(value).encode()], headers={"Content-Type": "application/json"})


def test_fields_that_are_not_declared_are_kept(sides: Sides) -> None:
    their, our = sides.answered(_json(REMOTE), whole)
    assert not {"remote_host", "brand_new"} & (set(dict(their)) | set(their.model_dump()))
    assert {"remote_host", "brand_new"} <= set(dict(our)) & set(our.model_dump())
    assert (our["brand_new"], our.get("brand_new"), "brand_new" in our) == (1, 1, True)
    assert (their.get("brand_new"), "brand_new" in their) == (None, False)
    our["another"] = 2
    assert our.another == 2
    with pytest.raises(ValueError, match="no field"):
        their["another"] = 2


def test_calls_keep_their_ids(sides: Sides) -> None:
    their, our = sides.answered(_json(REMOTE), whole)
    assert their.message.tool_calls[0].model_dump() == {"function": {"name": "f", "arguments": {"a": 1}}}
    assert our.message.tool_calls[0].model_dump() == CALL


def test_more_fields_are_declared(sides: Sides) -> None:
    pairs: list[tuple[Any, Any, str]] = [
        (sides.theirs.list().models[0], sides.ours.list().models[0], "name capabilities remote_model remote_host"),
        (sides.theirs.show(MODEL), sides.ours.show(MODEL), "system messages requires remote_host model_info"),
        (sides.theirs.generate(MODEL), sides.ours.generate(MODEL), "tool_calls"),
    ]
    for their, our, names in pairs:
        assert not any(hasattr(their, name) for name in names.split())
        assert all(hasattr(our, name) for name in names.split())
    assert "model_info" not in pairs[1][0]
    assert pairs[1][1]["model_info"] == pairs[1][1].modelinfo


def test_get_gives_fields_and_nothing_else(sides: Sides) -> None:
    their, our = whole(sides.theirs), whole(sides.ours)
    assert callable(their.get("model_dump"))
    assert our.get("model_dump", "none") == "none"
    assert their.get("logprobs", "none") is our.get("logprobs", "none") is None


def test_show_without_facts_of_the_file(sides: Sides) -> None:
    their, our = sides.answered(_json({"capabilities": ["completion"]}), lambda c: c.show(MODEL), "/api/show")
    assert isinstance(their, ValidationError)
    assert (our.modelinfo, our.model_info) == (None, {})


@pytest.mark.parametrize("reply", [{"models": None}, {}])
def test_nothing_in_place_of_an_empty_list(sides: Sides, reply: dict[str, None]) -> None:
    their, our = sides.answered(_json(reply), lambda c: c.list(), "/api/tags")
    assert isinstance(their, ValidationError)
    assert our.models == []


def test_a_reply_that_is_asked_for_as_an_object(sides: Sides) -> None:
    class Word(BaseModel):
        word: str

    sides.server.say('```json\n{"word": "sol"}\n```')
    their: Any = sides.theirs.chat(MODEL, ASK, format=Word.model_json_schema())
    assert not hasattr(their, "parsed")
    with pytest.raises(ValidationError):
        Word.model_validate_json(their.message.content)
    assert sides.ours.chat(MODEL, ASK, format=Word).parsed(Word) == Word(word="sol")


def test_typing_errors_in_options_are_told(sides: Sides) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        sides.theirs.chat(MODEL, ASK, options={"temprature": 0})
    with pytest.warns(UserWarning, match="did you mean 'temperature'"):
        sides.ours.chat(MODEL, ASK, options={"temprature": 0})
    assert sides.server.chats[0].body == sides.server.chats[1].body


def test_what_is_there_besides() -> None:
    for name in ("version", "run_tools"):
        assert not hasattr(published.Client, name)
        assert hasattr(ours.Client, name)
    for name in ("version", "run_tools", "create_blob"):
        assert not hasattr(published, name)
        assert callable(getattr(ours, name))


def test_signatures() -> None:
    """The client's keywords, and those of every call, are seen."""
    their, our = (inspect.signature(kind).parameters for kind in (published.Client, ours.Client))
    assert set(their) == {"host", "kwargs"}
    assert {"host", "headers", "timeout", "follow_redirects"} <= set(our)
    for call in ("chat", "generate", "create", "embed", "embeddings", "pull", "push", "systemone"):
        their, our = (inspect.signature(getattr(kind, call)).parameters for kind in (published.Client, ours.Client))
        assert set(their) <= set(our)
        assert {name for name, parameter in their.items() if parameter.kind is parameter.POSITIONAL_OR_KEYWORD} <= {
            name for name, parameter in our.items() if parameter.kind is parameter.POSITIONAL_OR_KEYWORD
        }
    with pytest.raises(TypeError):
        ours.Client().chat(MODEL, ASK, modle="x")  # type: ignore[call-overload]


class _Adder:
    """Adds."""

    def __call__(self, a: int, b: int = 1) -> int:
        return a + b


def _add(a: int, b: int = 1) -> int:
    """Add two numbers.

    Args:
        a: The first: any number.
        b: The second.
    """
    return a + b


@pytest.mark.parametrize("tool", [_Adder(), functools.partial(_add, b=2)], ids=["object", "partial"])
def test_callables_that_have_no_name(sides: Sides, tool: Callable[..., int]) -> None:
    their, our = (outcome(lambda c: c.chat(MODEL, ASK, tools=[tool]), client) for client in (sides.theirs, sides.ours))
    assert isinstance(their, AttributeError)
    assert isinstance(our, ours.ChatResponse)


def _with_args(args: str, mark: str) -> None:
    """Do something.

    Args:
        args: The words.
        mark: The end.
            Note: a full stop.
    """


def test_descriptions_of_parameters(sides: Sides) -> None:
    for client in (sides.theirs, sides.ours):
        client.chat(MODEL, ASK, tools=[_with_args])
    their, our = (
        {
            name: one["description"]
            for name, one in received.body["tools"][0]["function"]["parameters"]["properties"].items()
        }
        for received in sides.server.chats
    )
    assert our == {"args": "The words.", "mark": "The end. Note: a full stop."}
    assert their == {"args": "mark: The end.\nNote: a full stop.\n", "mark": "The end."}


def _in_other_words(a: int, b: int) -> None:
    """Do something.

    Parameters:
        a: The first.
    :param b: The second.

    Example: one.
    """


def _after_the_colon(a: int, b: int) -> None:
    """Do something.

    Args: these
        a: The first.
        b: The second.
    """


def test_other_ways_to_describe_parameters(sides: Sides) -> None:
    told = []
    for tool in (_in_other_words, _after_the_colon):
        for client in (sides.theirs, sides.ours):
            client.chat(MODEL, ASK, tools=[tool])
            function = sides.server.chats[-1].body["tools"][0]["function"]
            properties = function["parameters"]["properties"].values()
            told.append((function["description"], [one["description"] for one in properties]))
    both = ["The first.", "The second."]
    theirs_of_the_first = "Do something.\n\nParameters:\na: The first.\n:param b: The second.\n\nExample: one."
    assert told[0] == (theirs_of_the_first, ["", ""])
    assert told[1:] == [("Do something.\n\nExample: one.", both), ("Do something.", both), ("Do something.", both)]


def test_a_default_makes_an_argument_optional_and_is_told(sides: Sides) -> None:
    for client in (sides.theirs, sides.ours):
        client.chat(MODEL, ASK, tools=[_add])
    their, our = (received.body["tools"][0]["function"]["parameters"] for received in sides.server.chats)
    assert (their["required"], our["required"]) == (["a", "b"], ["a"])
    assert "default" not in their["properties"]["b"]
    assert our["properties"]["b"] == {"type": "integer", "description": "The second.", "default": 1}


def test_web_search_is_a_tool_whose_number_of_results_is_optional() -> None:
    with both() as sides:
        sides.theirs.chat(MODEL, ASK, tools=[published.web_search])
        their = sides.server.chats[0].body["tools"][0]["function"]["parameters"]
    our = tool_schema(ours.web_search)["function"]["parameters"]
    assert (their["required"], our["required"]) == (["query", "max_results"], ["query"])
    assert set(their["properties"]) == set(our["properties"]) == {"query", "max_results"}


def test_a_text_that_names_a_device_is_no_picture(sides: Sides) -> None:
    outcome(_pictured("/dev/null"), sides.theirs)
    assert isinstance(outcome(_pictured("/dev/null"), sides.ours), ours.RequestError)
    assert [received.body["messages"][0]["images"] for received in sides.server.chats] == [[""]]


def _pictured(image: object) -> Callable[[Any], object]:
    return lambda client: client.chat(MODEL, [{"role": "user", "content": "¿qué?", "images": [image]}])


def test_texts_can_be_kept_from_being_paths(sides: Sides, tmp_path: Path) -> None:
    path = tmp_path / "picture.png"
    path.write_bytes(b"secret")
    options: dict[str, Any] = {"read_image_paths": False}
    with pytest.raises(TypeError):
        published.Client(sides.server.base_url, **options)
    with ours.Client(sides.server.base_url, trust_env=False, **options) as careful, pytest.raises(ours.RequestError):
        _pictured(str(path))(careful)
    assert not sides.server.chats
