"""Responses read by attribute and by key, and nothing the server sent is lost."""

from __future__ import annotations

import copy
import json
import pickle
import typing
from typing import Any

import ollama as published
import pytest
from pydantic import BaseModel, ValidationError

from tutor.ollama import ChatResponse, ListResponse, Message, ShowResponse, ToolCall, types
from tutor.ollama.testing import recording
from tutor.ollama.types import (
    EmbeddingsResponse,
    EmbedResponse,
    GenerateResponse,
    ProcessResponse,
    ProgressResponse,
    StatusResponse,
    SystemOneChoiceAnswer,
    SystemOneResponse,
    Tool,
    ToolFunction,
    VersionResponse,
    WebFetchResponse,
    WebSearchResponse,
)


def test_both_ways_of_reading() -> None:
    r = ChatResponse.model_validate_json(recording("chat").content)
    assert r.message.content == r["message"]["content"] == "¡Buenos días!"
    assert r.get("eval_count") == 7
    assert "done_reason" in r
    assert r.get("nonsense", "dflt") == "dflt"
    assert r.get("model_dump", "dflt") == "dflt"
    assert r.get("logprobs", "dflt") is None


def test_a_key_is_in_only_if_it_was_sent_or_has_a_value() -> None:
    message = Message(role="user")
    assert "content" not in message
    assert message.content is None
    with pytest.raises(KeyError):
        message["content"]
    message["content"] = "hola"
    assert message["content"] == "hola"
    assert 5 not in message
    assert "message" in ChatResponse()


def test_unknown_fields_stay() -> None:
    r = ChatResponse.model_validate({"model": "m", "remote_host": "https://x", "message": {"role": "a", "new": 1}})
    assert r["remote_host"] == "https://x"
    assert r.message["new"] == 1
    assert r.model_dump()["remote_host"] == "https://x"


def test_a_chunk_without_a_message_has_an_empty_one() -> None:
    r = ChatResponse.model_validate({"done": True})
    assert r.message.role == "assistant"
    assert r["message"]["content"] == ""


def test_tags_keep_what_tells_a_remote_model() -> None:
    r = ListResponse.model_validate_json(recording("tags").content)
    raw = json.loads(recording("tags").content)["models"]
    assert [m.name for m in r.models] == [m["name"] for m in raw]
    assert r["models"][0]["capabilities"] == ["completion"]
    assert r.models[0].details is not None
    assert r.models[0].details.context_length == 32768
    assert r.models[0].size == raw[0]["size"]
    remote = ListResponse.model_validate({"models": [{"name": "x", "remote_host": "h", "remote_model": "r"}]})
    assert (remote.models[0].remote_host, remote.models[0]["remote_model"]) == ("h", "r")


def test_show_reads_model_info_by_both_names() -> None:
    r = ShowResponse.model_validate_json(recording("show").content)
    assert r.model_info["general.architecture"] == "qwen2"
    assert r["model_info"] == r["modelinfo"] == r.modelinfo
    assert "model_info" in r
    assert r.capabilities
    assert "completion" in r.capabilities
    assert ShowResponse.model_validate({}).model_info == {}


NAMES = sorted(
    name
    for name in published.__all__
    if isinstance(getattr(published, name), type) and issubclass(getattr(published, name), BaseModel)
)


def models_of(module: Any, names: list[str]) -> dict[str, type[BaseModel]]:
    """Models by dotted name, those within models too."""
    found: dict[str, type[BaseModel]] = {}
    waiting = [(name, getattr(module, name)) for name in names]
    while waiting:
        name, model = waiting.pop()
        found[name] = model
        inner = {key: value for key, value in vars(model).items() if isinstance(value, type)}
        waiting += [(f"{name}.{key}", value) for key, value in inner.items() if issubclass(value, BaseModel)]
    return found


def test_every_model_of_the_published_client_is_here_with_its_fields() -> None:
    names = [name for name in NAMES if name != "Options"]
    assert len(names) > 20
    theirs, here = models_of(published, names), models_of(types, names)
    assert theirs.keys() <= here.keys()
    for name, model in theirs.items():
        assert model.model_fields.keys() <= here[name].model_fields.keys(), name
        for field, info in model.model_fields.items():
            assert here[name].model_fields[field].alias == info.alias


@pytest.mark.parametrize("name", ["SystemOneAnswer", "SystemOneContent", "SystemOneQuestion"])
def test_the_unions_of_system_one_are_the_same(name: str) -> None:
    def kinds(union: Any) -> set[str]:
        members = typing.get_args(union) or ()
        return {
            getattr(one, "__name__", str(one)).lower() for one in members if typing.get_origin(one) is not typing.Union
        }

    ours, theirs = getattr(types, name), getattr(published, name)
    if name != "SystemOneContent":
        ours, theirs = typing.get_args(ours)[0], typing.get_args(theirs)[0]
    assert kinds(ours) == kinds(theirs) != set()


def test_nested_names() -> None:
    assert Message.ToolCall is ToolCall
    assert Message.ToolCall.Function is ToolFunction
    call = Message.ToolCall(function=Message.ToolCall.Function(name="f", arguments={"a": 1}))
    message = Message(role="assistant")
    message["tool_calls"] = [call]
    assert message["tool_calls"][0]["function"]["arguments"]["a"] == 1
    assert isinstance(ListResponse.model_validate_json(recording("tags").content).models[0], ListResponse.Model)
    assert isinstance(
        ProcessResponse.model_validate_json(recording("ps_loaded").content).models[0], ProcessResponse.Model
    )


def test_the_manners_of_a_dict() -> None:
    message = Message(role="user")
    message["new"] = 1
    assert (message["new"], "new" in message, message.get("new")) == (1, True, 1)
    assert dict(message)["role"] == "user"
    assert ("role", "user") in list(message)
    assert (message.get("nothing"), message.get("nothing", 5), message.get("content", 5)) == (None, 5, None)
    message["thinking"] = None
    assert "thinking" in message
    assert message["thinking"] is None
    for missing in ("nothing", "content", "model_dump"):
        with pytest.raises(KeyError, match=missing):
            message[missing]
    assert "type" in Tool()
    assert "function" not in Tool()


def test_copies_are_equal() -> None:
    r = ChatResponse.model_validate_json(recording("chat").content)
    for same in (
        copy.deepcopy(r),
        pickle.loads(pickle.dumps(r)),  # noqa: S301
        ChatResponse.model_validate_json(r.model_dump_json()),
    ):
        assert same == r


def test_a_version_reads_as_its_number() -> None:
    assert str(VersionResponse.model_validate_json(recording("version").content)).count(".") == 2


def test_ids_of_calls_and_bytes_of_tokens_stay() -> None:
    last = recording("chat_tool_calls_native_stream").content.splitlines()[-1]
    calls = ChatResponse.model_validate_json(last).message.tool_calls
    raw = json.loads(last)["message"]["tool_calls"]
    assert calls is not None
    assert [call.model_dump() for call in calls] == raw
    assert calls[0].id == raw[0]["id"]
    assert calls[0].function["index"] == raw[0]["function"]["index"]
    line = recording("chat_logprobs_stream").content.splitlines()[0]
    said = ChatResponse.model_validate_json(line).logprobs
    assert said is not None
    assert said[0].model_dump(exclude_none=True) == json.loads(line)["logprobs"][0]
    assert bytes(said[0].bytes or ()).decode() == said[0].token


def test_null_where_a_server_means_none() -> None:
    assert ListResponse.model_validate({"models": None}).models == []
    assert ProcessResponse.model_validate({}).models == []
    assert WebSearchResponse.model_validate({"results": None}).results == []
    assert EmbedResponse.model_validate({"embeddings": None}).embeddings == []
    assert ToolFunction.model_validate({"name": "f", "arguments": None}).arguments == {}
    for model in (EmbedResponse, EmbeddingsResponse, WebSearchResponse):
        with pytest.raises(ValidationError):
            model.model_validate({})


@pytest.mark.parametrize(
    ("name", "model"),
    [
        ("generate", GenerateResponse),
        ("generate_repeat_guard", GenerateResponse),
        ("embed", EmbedResponse),
        ("embed_empty_list", EmbedResponse),
        ("embeddings_old", EmbeddingsResponse),
        ("ps_loaded", ProcessResponse),
        ("show_tutor", ShowResponse),
        ("tags", ListResponse),
        ("pull", ProgressResponse),
        ("push", ProgressResponse),
        ("create_again", ProgressResponse),
        ("me", StatusResponse),
    ],
)
def test_recorded_replies_lose_nothing(name: str, model: type[BaseModel]) -> None:
    content = recording(name).content
    kept = json.loads(model.model_validate_json(content.splitlines()[0]).model_dump_json(by_alias=True))
    sent = json.loads(content.splitlines()[0])
    times = {"modified_at", "expires_at"}  # the same moment, written with fewer digits
    assert {key for key in sent if key not in kept} == set()
    for key, value in sent.items():
        if key not in times and key != "models":
            assert _without_absent(kept[key], value) == value, key


def _without_absent(kept: Any, sent: Any) -> Any:
    return {key: kept[key] for key in sent} if isinstance(sent, dict) else kept


def test_answers_of_the_web_and_of_system_one() -> None:
    found = WebSearchResponse.model_validate({"results": [{"title": "t", "url": "u", "content": "c", "new": 1}]})
    assert (found.results[0].title, found["results"][0]["new"]) == ("t", 1)
    assert WebFetchResponse.model_validate({"title": "t", "content": "c", "links": ["l"]}).links == ["l"]
    answer = SystemOneResponse.model_validate_json(
        """{"model": "m", "usage": {"input_tokens": 3, "output_tokens": 1}, "answers": {
            "a": {"type": "choice", "choice": "x", "probabilities": {"x": 1}, "confidence": 1},
            "b": {"type": "noul", "noul": 0.25},
            "c": {"type": "score", "score": 1.5, "legend": {"0": "bad"}, "probabilities": {"0": 1}, "confidence": 1}
        }}"""
    )
    assert isinstance(answer.answers["a"], SystemOneChoiceAnswer)
    assert answer["answers"]["b"]["noul"] == 0.25
    assert answer.usage.input_tokens == 3


def test_a_tool_keeps_what_a_schema_says() -> None:
    deep = {"type": "object", "properties": {"to": {"anyOf": [{"type": "string"}, {"type": "null"}], "default": None}}}
    parameters = {"$defs": {"A": {}}, "properties": {"a": deep}, "additionalProperties": False}
    tool = Tool.model_validate({"function": {"name": "f", "parameters": parameters, "strict": True}})
    assert tool.function is not None
    assert tool.function.parameters is not None
    assert tool.function.parameters["$defs"] == tool.function.parameters.defs == {"A": {}}
    dumped = tool.model_dump(by_alias=True, exclude_unset=True)
    assert dumped == {"function": {"name": "f", "parameters": parameters, "strict": True}}
    assert isinstance((tool.function.parameters.properties or {})["a"], Tool.Function.Parameters.Property)


@pytest.mark.parametrize(
    ("sent", "read"),
    [
        ({"city": "Lima"}, {"city": "Lima"}),
        ('{"city":"Lima"}', {"city": "Lima"}),
        ('"{\\"city\\":\\"Lima\\"}"', {"city": "Lima"}),
        (" {}\n", {}),
        ("", {}),
        ("null", {}),
        (None, {}),
    ],
)
def test_arguments_of_a_tool_may_come_as_json_text(sent: object, read: dict[str, object]) -> None:
    call = {"function": {"name": "weather", "arguments": sent}}
    response = ChatResponse.model_validate({"message": {"role": "assistant", "content": "", "tool_calls": [call]}})
    assert response.message.tool_calls is not None
    assert response.message.tool_calls[0].function.arguments == read
    assert Message.ToolCall.model_validate_json(json.dumps(call)).function.arguments == read


@pytest.mark.parametrize("sent", ["{", "[1]", "5", [1]])
def test_arguments_that_are_no_object_are_refused(sent: object) -> None:
    with pytest.raises(ValidationError):
        Message.ToolCall.model_validate({"function": {"name": "weather", "arguments": sent}})
