"""Keywords are written once, and seen by everybody: help, mocks, the call itself."""

from __future__ import annotations

import asyncio
import inspect
import pydoc
from collections.abc import Awaitable
from typing import Any
from unittest.mock import create_autospec

import pytest

import tutor.ollama
from tutor.ollama import AsyncClient, Client
from tutor.ollama.extras import ChatExtras, CreateExtras, GenerateExtras, WritingExtras

CALLS = {"chat": ChatExtras, "generate": GenerateExtras, "run_tools": WritingExtras, "create": CreateExtras}


@pytest.mark.parametrize("owner", [Client, AsyncClient, tutor.ollama])
@pytest.mark.parametrize("call", CALLS)
def test_help_tells_every_keyword(owner: Any, call: str) -> None:
    function = getattr(owner, call)
    names = inspect.signature(function).parameters
    assert set(CALLS[call].__annotations__) | {"model", "timeout"} <= set(names)
    assert not [p for p in names.values() if p.kind in {p.VAR_KEYWORD, p.VAR_POSITIONAL}]
    page = pydoc.plain(pydoc.render_doc(function))
    assert all(f"{name}:" in page for name in CALLS[call].__annotations__)


@pytest.mark.parametrize("kind", [Client, AsyncClient])
def test_a_mock_refuses_what_the_client_refuses(kind: type) -> None:
    mock = create_autospec(kind)(None)

    def called(call: str, *args: Any, **kwargs: Any) -> None:
        found = getattr(mock, call)(*args, **kwargs)
        if inspect.isawaitable(found):
            asyncio.run(_awaited(found))

    for call, keywords in CALLS.items():
        positional: list[Any] = ["m", [], []] if call == "run_tools" else ["m"]
        called(call, *positional, **dict.fromkeys(keywords.__annotations__))
        with pytest.raises(TypeError, match="kep_alive"):
            called(call, *positional, kep_alive=5)
    called("create", "m", "q4_0", "base", {"a": "b"})
    with pytest.raises(TypeError):
        called("create", "m", *range(10))


async def _awaited(found: Awaitable[Any]) -> Any:
    return await found


def test_the_client_refuses_what_is_misspelt() -> None:
    client: Any = Client("nowhere.invalid")
    for call in CALLS:
        with pytest.raises(TypeError, match="kep_alive"):
            getattr(client, call)("m", *([[], []] if call == "run_tools" else []), kep_alive=5)


def test_create_takes_its_arguments_by_position() -> None:
    client: Any = Client("nowhere.invalid")
    with pytest.raises(TypeError, match="at most 9"):
        client.create("m", *range(10))
    with pytest.raises(TypeError, match="multiple values for argument 'from_'"):
        client.create("m", "q4_0", "base", from_="other")
