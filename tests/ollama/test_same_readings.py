"""Every recorded answer, read by the published client and by ours: what it gives, ours gives too, to the last type."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import httpx
import ollama as published
import pytest

from tutor import ollama as ours
from tutor.ollama.testing import Recording, ScriptedOllama, recording, recording_names

ASK = [{"role": "user", "content": "hola"}]
STREAMING: dict[str, Callable[[Any, bool], Any]] = {
    "/api/chat": lambda client, stream: client.chat("m", ASK, stream=stream),
    "/api/generate": lambda client, stream: client.generate("m", "hola", stream=stream),
    "/api/pull": lambda client, stream: client.pull("m", stream=stream),
    "/api/push": lambda client, stream: client.push("m", stream=stream),
    "/api/create": lambda client, stream: client.create("m", from_="n", stream=stream),
}
WHOLE: dict[str, Callable[[Any], Any]] = {
    "/api/embed": lambda client: client.embed("m", "hola"),
    "/api/embeddings": lambda client: client.embeddings("m", "hola"),
    "/api/tags": lambda client: client.list(),
    "/api/ps": lambda client: client.ps(),
    "/api/show": lambda client: client.show("m"),
    "/api/copy": lambda client: client.copy("m", "n"),
    "/api/delete": lambda client: client.delete("m"),
}
METHODS = {"/api/tags": "GET", "/api/ps": "GET", "/api/delete": "DELETE"}
RECORDED = [
    recorded
    for recorded in map(recording, recording_names())
    if recorded.path in STREAMING | WHOLE and recorded.method == METHODS.get(recorded.path, "POST")
]


@dataclass(frozen=True, slots=True)
class Read:
    """What a client made of an answer: the objects, and the error with which it ended, if it did."""

    parts: list[Any]
    error: Exception | None


@pytest.fixture(scope="module")
def server() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        yield server


@pytest.fixture(scope="module")
def clients(server: ScriptedOllama) -> Iterator[tuple[published.Client, ours.Client]]:
    options: dict[str, Any] = {"timeout": 10, "trust_env": False}
    with published.Client(server.base_url, **options) as theirs, ours.Client(server.base_url, **options) as mine:
        yield theirs, mine


def test_most_recordings_are_read_here() -> None:
    assert len(RECORDED) > 100


@pytest.mark.parametrize("recorded", RECORDED, ids=lambda recorded: recorded.name)
def test_what_it_gives_ours_gives(
    server: ScriptedOllama, clients: tuple[published.Client, ours.Client], recorded: Recording
) -> None:
    server.forget()
    server.replay(recorded.name)
    theirs, mine = (read(client, recorded) for client in clients)
    parts = mine.parts
    if isinstance(mine.error, ours.Incomplete):  # the published client takes what is broken off for whole
        assert theirs.error is None
        parts = parts or [mine.error.response]
    else:
        assert same_error(theirs.error, mine.error)
    assert len(theirs.parts) == len(parts)
    for their, our in zip(theirs.parts, parts, strict=True):
        assert within(our.model_dump(), their.model_dump()) == typed(their.model_dump())
        assert [key in our for key in dict(their)] == [key in their for key in dict(their)]


def typed(value: Any) -> Any:
    """The value with the type of everything in it, since `1 == 1.0 == True`."""
    if isinstance(value, dict):
        return {key: typed(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [typed(inner) for inner in value]
    return type(value), value


def within(value: Any, shape: Any) -> Any:
    """The same of what `shape` has; ours keeps more of an answer."""
    if isinstance(value, dict) and isinstance(shape, dict):
        return {key: within(value[key], shape[key]) for key in shape if key in value}
    if isinstance(value, list) and isinstance(shape, list):
        return [within(inner, its) for inner, its in zip(value, shape, strict=True)]
    return typed(value)


def same_error(theirs: Exception | None, mine: Exception | None) -> bool:
    """Whether what catches theirs catches ours, with the same status and the innermost text."""
    if isinstance(theirs, published.ResponseError):
        error = theirs.error or f"{theirs.status_code} {HTTPStatus(theirs.status_code).phrase}"
        error = json.loads(error)["error"]["message"] if error.startswith("{") else error
        return isinstance(mine, ours.ResponseError) and (mine.status_code, mine.error) == (theirs.status_code, error)
    return isinstance(mine, type(theirs))


def read(client: Any, recorded: Recording) -> Read:
    parts: list[Any] = []
    try:
        parts.extend(answers(client, recorded))
    except (published.ResponseError, ours.OllamaError, httpx.HTTPError) as error:
        return Read(parts, error)
    return Read(parts, None)


def answers(client: Any, recorded: Recording) -> Iterator[Any]:
    if recorded.path in WHOLE:
        yield WHOLE[recorded.path](client)
    elif isinstance(recorded.body, dict) and recorded.body.get("stream", True):
        yield from STREAMING[recorded.path](client, True)
    else:
        yield STREAMING[recorded.path](client, False)
