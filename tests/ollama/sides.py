"""The published client and ours beside each other, asking one scripted server the same."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import ollama as published

from tutor import ollama as ours
from tutor.ollama.testing import Reply, ScriptedOllama

MODEL = "qwen2.5:7b"
ASK = [{"role": "user", "content": "hola"}]


class Sides(NamedTuple):
    """A server in a thread of its own, and a client of each kind for it."""

    server: ScriptedOllama
    theirs: published.Client
    ours: ours.Client

    def after(self, fault: str, call: Callable[[Any], object]) -> tuple[Any, Any]:
        """What the call comes to with each client, on a bad day of the server."""
        self.server.fault(fault)
        return outcome(call, self.theirs), outcome(call, self.ours)

    def answered(self, reply: Reply, call: Callable[[Any], object], path: str = "/api/chat") -> tuple[Any, Any]:
        """What the call comes to with each client when the server says this."""
        self.server.script(reply, path=path)
        return outcome(call, self.theirs), outcome(call, self.ours)


@contextmanager
def both(**options: Any) -> Iterator[Sides]:
    """Clients with the same options."""
    options = {"trust_env": False, "timeout": 30, **options}
    with (
        ScriptedOllama.in_thread() as server,
        published.Client(server.base_url, **options) as theirs,
        ours.Client(server.base_url, **options) as mine,
    ):
        yield Sides(server, theirs, mine)


def outcome(call: Callable[[Any], object], client: object) -> Any:
    """What the call gives, or the error that it raises."""
    try:
        return call(client)
    except Exception as error:  # noqa: BLE001 - the published client raises all kinds
        return error


def whole(client: Any) -> Any:
    return client.chat(MODEL, ASK)


def streamed(client: Any) -> list[Any]:
    return list(client.chat(MODEL, ASK, stream=True))


def words(chunks: list[Any]) -> str:
    return "".join(chunk.message.content for chunk in chunks)
