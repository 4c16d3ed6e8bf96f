"""Responses read by attribute and by key, and nothing the server sent is lost."""

from __future__ import annotations

import json

import pytest

from tutor.ollama import ChatResponse, ListResponse, Message, Options, ShowResponse
from tutor.ollama.testing import recording


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


def test_options_warn_of_a_name_that_would_be_ignored() -> None:
    with pytest.warns(UserWarning, match="temprature"):
        Options.model_validate({"temprature": 0.1})
    assert Options(min_p=0.1).model_dump(exclude_none=True) == {"min_p": 0.1}
