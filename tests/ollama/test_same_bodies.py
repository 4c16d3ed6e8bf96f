"""The JSON of every call is that of the published client, which sends it to a real listener to be compared."""

from __future__ import annotations

import contextlib
import inspect
import json
import warnings
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, NamedTuple

import httpx
import ollama as published
import pytest
from pydantic import BaseModel, TypeAdapter

from tests.ollama.same_calls import (
    ASK,
    MODEL,
    PICTURE_BASE64,
    PICTURE_BYTES,
    Call,
    call,
    refused_calls,
    same_calls,
)
from tutor.ollama import RequestError, bodies
from tutor.ollama.options import Options
from tutor.ollama.testing import ScriptedOllama
from tutor.ollama.types import Image, Message, Tool

OURS = SimpleNamespace(Image=Image, Message=Message, Options=Options, Tool=Tool)


def _chat(model: str, messages: Any, stream: bool, **extras: Any) -> dict[str, Any]:
    return bodies.chat_body(model, messages, stream=stream, extras=extras)  # type: ignore[arg-type]


def _generate(model: str, prompt: Any, suffix: Any, stream: bool, **extras: Any) -> dict[str, Any]:
    return bodies.generate_body(model, prompt, suffix, stream=stream, extras=extras)  # type: ignore[arg-type]


def _create(model: str, stream: bool, **extras: Any) -> dict[str, Any]:
    return bodies.create_body(model, stream=stream, extras=extras)  # type: ignore[arg-type]


def _embed(model: str, input: Any, **extras: Any) -> dict[str, Any]:  # noqa: A002
    return bodies.embed_body(model, input, extras)  # type: ignore[arg-type]


BODIES: dict[str, Callable[..., dict[str, Any]]] = {
    "chat": _chat,
    "generate": _generate,
    "embed": _embed,
    "embeddings": bodies.embeddings_body,
    "pull": bodies.transfer_body,
    "push": bodies.transfer_body,
    "create": _create,
    "copy": bodies.copy_body,
    "show": bodies.model_body,
    "delete": bodies.model_body,
    "web_search": bodies.search_body,
    "web_fetch": bodies.fetch_body,
    "systemone": bodies.systemone_body,
}


def ours(asked: Call) -> Any:
    """What our client would send, its defaults being those of the published signature."""
    signature = inspect.signature(getattr(published.Client, asked.method))
    known = {name: value for name, value in asked.kwargs.items() if name in signature.parameters}
    bound = signature.bind(None, *asked.args, **known)
    bound.apply_defaults()
    arguments = {**bound.arguments, **asked.kwargs}
    del arguments["self"]
    return json.loads(bodies.encode(BODIES[asked.method](**arguments)))


class Theirs:
    """The published client, with its words to ollama.com led to the scripted server."""

    def __init__(self, server: ScriptedOllama) -> None:
        self._server = server
        self.client = published.AsyncClient(
            server.base_url,
            trust_env=False,
            headers={"authorization": "Bearer k"},
            event_hooks={"request": [self._here]},
        )

    async def sent(self, asked: Call) -> Any:
        """The body of the one request that the call causes. Raises what the client raises without sending any."""
        before = len(self._server.requests)
        with contextlib.suppress(published.ResponseError, json.JSONDecodeError):
            await self._made(asked)
        assert len(self._server.requests) == before + 1
        return self._server.requests[-1].body

    async def _made(self, asked: Call) -> None:
        made = await getattr(self.client, asked.method)(*asked.args, **asked.kwargs)
        if asked.kwargs.get("stream"):
            async for _ in made:
                pass

    async def _here(self, request: httpx.Request) -> None:
        request.url = httpx.URL(self._server.base_url).join(request.url.raw_path.decode())


@pytest.fixture
def picture(tmp_path: Path) -> Path:
    path = tmp_path / "picture.jpg"
    path.write_bytes(PICTURE_BYTES)
    return path


async def test_the_same_json_for_every_call(server: ScriptedOllama, picture: Path) -> None:
    asked_of_them, asked_of_us = same_calls(published, picture), same_calls(OURS, picture)
    theirs = Theirs(server)
    async with theirs.client:
        for mine, other in zip(asked_of_us, asked_of_them, strict=True):
            assert ours(mine) == await theirs.sent(other), mine
    assert {asked.method for asked in asked_of_us} == set(BODIES)


async def test_neither_sends_what_is_wrong_in_itself(server: ScriptedOllama) -> None:
    theirs = Theirs(server)
    async with theirs.client:
        for mine, other in zip(refused_calls(OURS), refused_calls(published), strict=True):
            with pytest.raises((ValueError, TypeError, AttributeError, OSError)):
                await theirs.sent(other)
            with pytest.raises(RequestError) as caught:
                ours(mine)
            assert caught.value.__context__ is None or caught.value.__suppress_context__
            assert not any(word in str(caught.value) for word in ("secret", "gone", "base64,", "essay")), mine
    assert not server.requests


class Word(BaseModel):
    word: str


class Difference(NamedTuple):
    """A call for which ours is meant to differ: a body, or the error raised before anything was sent."""

    why: str
    asked: Callable[[Any], Call]
    theirs: dict[str, Any] | type[Exception]
    ours: dict[str, Any]


def _chat_body(message: dict[str, Any], **rest: Any) -> dict[str, Any]:
    return {"model": MODEL, "stream": False, "messages": [message], "tools": [], **rest}


CALLED = {"function": {"name": "f", "arguments": {"a": 1}}}
CALLED_WITH_ID = {"id": "call_1", "function": {"index": 0, "name": "f", "arguments": {"a": 1}}}
NESTED = {"type": "object", "properties": {"to": {"type": "string"}}, "required": ["to"], "additionalProperties": False}
DEEP_PROPERTIES = {
    "who": {"anyOf": [{"type": "string"}, NESTED], "default": None},
    "n": {"type": "integer", "minimum": 1},
}


def _tool(properties: dict[str, Any], **beside: Any) -> dict[str, Any]:
    parameters = {"type": "object", "properties": properties, **beside}
    return {"type": "function", "function": {"name": "f", "parameters": parameters}}


def _unknown(options: Any) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)
        return options(seed=1, brand_new=2)


DIFFERENCES = [
    Difference(
        "an empty content is kept: a tool may have had nothing to say",
        lambda _: call("chat", MODEL, [{"role": "tool", "content": "", "tool_name": "f"}]),
        _chat_body({"role": "tool", "tool_name": "f"}),
        _chat_body({"role": "tool", "content": "", "tool_name": "f"}),
    ),
    Difference(
        "the same in a Message",
        lambda kinds: call("chat", MODEL, [kinds.Message(role="assistant", content="")]),
        _chat_body({"role": "assistant"}),
        _chat_body({"role": "assistant", "content": ""}),
    ),
    Difference(
        "unknown fields of a message are sent",
        lambda _: call(
            "chat", MODEL, [{**ASK, "tool_call_id": "call_1", "new": {"a": None}, "off": False, "no": None}]
        ),
        _chat_body(ASK),
        _chat_body({**ASK, "tool_call_id": "call_1", "new": {"a": None}, "off": False}),
    ),
    Difference(
        "tool calls keep their ids",
        lambda _: call("chat", MODEL, [{"role": "assistant", "tool_calls": [CALLED_WITH_ID]}]),
        _chat_body({"role": "assistant", "tool_calls": [CALLED]}),
        _chat_body({"role": "assistant", "tool_calls": [CALLED_WITH_ID]}),
    ),
    Difference(
        "a message that a server sent goes back whole",
        lambda kinds: call("chat", MODEL, [kinds.Message(role="assistant", tool_calls=[CALLED_WITH_ID])]),
        _chat_body({"role": "assistant", "tool_calls": [CALLED]}),
        _chat_body({"role": "assistant", "tool_calls": [CALLED_WITH_ID]}),
    ),
    Difference(
        "schemas of tools are sent whole",
        lambda _: call("chat", MODEL, [ASK], tools=[_tool(DEEP_PROPERTIES, additionalProperties=False)]),
        _chat_body(ASK, tools=[_tool({"who": {}, "n": {"type": "integer"}})]),
        _chat_body(ASK, tools=[_tool(DEEP_PROPERTIES, additionalProperties=False)]),
    ),
    Difference(
        "Options knows min_p",
        lambda kinds: call("chat", MODEL, [ASK], options=kinds.Options(min_p=0.5)),
        _chat_body(ASK, options={}),
        _chat_body(ASK, options={"min_p": 0.5}),
    ),
    Difference(
        "Options keeps, with a warning, what it does not know: another server may",
        lambda kinds: call("embed", MODEL, "a", options=_unknown(kinds.Options)),
        {"model": MODEL, "input": "a", "options": {"seed": 1}},
        {"model": MODEL, "input": "a", "options": {"seed": 1, "brand_new": 2}},
    ),
    Difference(
        "format takes a pydantic model class",
        lambda _: call("chat", MODEL, [ASK], format=Word),
        ValueError,
        _chat_body(ASK, format=Word.model_json_schema()),
    ),
    Difference(
        "format takes a TypeAdapter",
        lambda _: call("generate", MODEL, "p", format=TypeAdapter(list[Word])),
        ValueError,
        {"model": MODEL, "stream": False, "prompt": "p", "format": TypeAdapter(list[Word]).json_schema()},
    ),
    Difference(
        "an image in a bytearray is never taken for text",
        lambda _: call("chat", MODEL, [{**ASK, "images": [bytearray(b"abc")]}]),
        ValueError,
        _chat_body({**ASK, "images": ["YWJj"]}),
    ),
    Difference(
        "an image may be a memoryview",
        lambda _: call("generate", MODEL, images=[memoryview(PICTURE_BYTES)]),
        ValueError,
        {"model": MODEL, "stream": False, "images": [PICTURE_BASE64]},
    ),
    Difference(
        "a Message takes its images bare",
        lambda kinds: call("chat", MODEL, [kinds.Message(role="user", images=[PICTURE_BYTES])]),
        ValueError,
        _chat_body({"role": "user", "images": [PICTURE_BASE64]}),
    ),
    Difference(
        "create takes images in its messages as chat does",
        lambda _: call("create", "tutor", messages=[{**ASK, "images": [PICTURE_BYTES]}]),
        TypeError,
        {"model": "tutor", "stream": False, "messages": [{**ASK, "images": [PICTURE_BASE64]}]},
    ),
    Difference(
        "chat and generate take truncate and shift",
        lambda _: call("generate", MODEL, "p", truncate=False, shift=False),
        TypeError,
        {"model": MODEL, "stream": False, "prompt": "p", "truncate": False, "shift": False},
    ),
    Difference(
        "a transfer always says whether it streams, for the server's default is another",
        lambda _: call("pull", MODEL, stream=None),
        {"model": MODEL, "insecure": False},
        {"model": MODEL, "insecure": False, "stream": False},
    ),
    Difference(
        "unknown fields of a question are sent",
        lambda _: call("systemone", MODEL, "s", {"q": {"type": "noul", "instructions": "i", "new": 1}}),
        {"model": MODEL, "state": "s", "questions": {"q": {"type": "noul", "instructions": "i"}}},
        {"model": MODEL, "state": "s", "questions": {"q": {"type": "noul", "instructions": "i", "new": 1}}},
    ),
]


@pytest.mark.parametrize("difference", DIFFERENCES, ids=lambda difference: difference.why)
async def test_each_intended_difference_is_one(server: ScriptedOllama, difference: Difference) -> None:
    theirs = Theirs(server)
    async with theirs.client:
        if isinstance(difference.theirs, dict):
            assert await theirs.sent(difference.asked(published)) == difference.theirs
        else:
            with pytest.raises(difference.theirs):
                await theirs.sent(difference.asked(published))
    assert ours(difference.asked(OURS)) == difference.ours


async def test_a_model_learns_from_the_picture_that_a_path_names(server: ScriptedOllama, picture: Path) -> None:
    asked = call("create", "tutor", messages=[{**ASK, "images": [str(picture)]}])
    theirs = Theirs(server)
    async with theirs.client:
        assert (await theirs.sent(asked))["messages"][0]["images"] == [str(picture)]
    assert ours(asked)["messages"][0]["images"] == [PICTURE_BASE64]
