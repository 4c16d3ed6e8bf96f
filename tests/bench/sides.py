"""Whoever may stand between the scripted Ollama and a browser: ours, the bare relay, the obvious consumer."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

from tests.bench.heard import Heard
from tests.bench.house import Crowd
from tests.bench.ollama import serving
from tests.bench.stamps import moments_s

ENDED = {"done", "stopped", "interrupted", "failed"}


class Side(Protocol):
    """What a browser needs of it. ``number`` tells browsers apart."""

    @property
    def pid(self) -> int: ...

    def browser(self, number: int) -> AbstractAsyncContextManager[ClientConnection]:
        """Open a socket on which words can be asked for."""

    def question(self, number: int, text: str) -> str:
        """Return the frame that asks."""

    def take(self, heard: Heard, frame: dict[str, Any]) -> bool:
        """Note what a frame brings; True for the one that ends the reply."""


@dataclass(frozen=True)
class Ours:
    crowd: Crowd

    @property
    def pid(self) -> int:
        assert self.crowd.house.process is not None
        return self.crowd.house.process.pid

    @asynccontextmanager
    async def browser(self, number: int) -> AsyncIterator[ClientConnection]:
        session, conversation = self.crowd.learners[number % len(self.crowd.learners)]
        headers = {"cookie": f"sessionid={session}"}
        origin: Any = self.crowd.house.url
        async with connect(
            self.crowd.socket_url, origin=origin, additional_headers=headers, compression=None
        ) as socket:
            await socket.send(json.dumps({"type": "subscribe", "conversation": conversation}))
            while json.loads(await socket.recv())["type"] != "subscribed":
                pass
            yield socket

    def question(self, number: int, text: str) -> str:
        conversation = self.crowd.learners[number][1]
        return json.dumps({"type": "send", "conversation": conversation, "client_id": str(uuid4()), "text": text})

    def take(self, heard: Heard, frame: dict[str, Any]) -> bool:
        if frame["type"] == "refused":
            raise AssertionError(frame["code"])
        if frame["type"] == "reply" and frame["state"] in ENDED - {"done"}:
            raise AssertionError(f"{frame['state']}: {frame['error']}")
        if frame["type"] == "turn":
            frame = frame["reply"]
        if frame["type"] == "delta":
            heard.note(moments_s(frame["text"]))
        if frame["type"] == "reply":
            heard.note(moments_s(frame["text"])[len(heard.written) :])
        return frame["type"] == "reply" and frame["state"] in ENDED


@dataclass(frozen=True)
class Neighbour:
    """A process that takes a text and answers with the words of it, a frame each."""

    url: str
    pid: int

    @asynccontextmanager
    async def browser(self, number: int) -> AsyncIterator[ClientConnection]:
        async with connect(self.url, compression=None) as socket:
            yield socket

    def question(self, number: int, text: str) -> str:
        return json.dumps({"text": text})

    def take(self, heard: Heard, frame: dict[str, Any]) -> bool:
        if not frame["done"]:
            heard.note(moments_s(frame["message"]["content"]))
        return bool(frame["done"])


@contextmanager
def relay(ollama: str) -> Iterator[Neighbour]:
    with serving("tests.bench.relay", ollama) as (url, pid):
        yield Neighbour(url, pid)


@contextmanager
def obvious(ollama: str) -> Iterator[Neighbour]:
    with serving("tests.bench.obvious", ollama) as (url, pid):
        yield Neighbour(url, pid)
