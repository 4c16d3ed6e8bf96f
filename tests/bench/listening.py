"""A browser reduced to its socket: notes when each stamped word came in."""

from __future__ import annotations

import asyncio
import json
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

from tests.bench.house import Crowd
from tests.bench.ollama import RATE
from tests.bench.stamps import moments_s

ENDED = {"done", "stopped", "interrupted", "failed"}
PATIENCE_S = 60.0


@dataclass
class Heard:
    """One reply as it came in: for each word the moment it was written and the moment it was here."""

    asked: float = field(default_factory=time.monotonic)
    written: list[float] = field(default_factory=list)
    here: list[float] = field(default_factory=list)
    frames: int = 0

    def note(self, moments: Sequence[float]) -> None:
        self.frames += 1
        self.written += moments
        self.here += [time.monotonic()] * len(moments)

    @property
    def delays_ms(self) -> list[float]:
        return [(here - written) * 1000 for written, here in zip(self.written, self.here, strict=True)]

    @property
    def stretch(self) -> float:
        """How long it took, as a multiple of the time its words need at the engine's pace: 1.0 keeps up."""
        return (self.here[-1] - self.written[0]) / ((len(self.written) - 1) / RATE)


@dataclass(frozen=True)
class Delays:
    """Milliseconds from the engine's chunk to the frame that brings it."""

    median_ms: float
    p95_ms: float
    first_ms: float
    stretch: float

    @classmethod
    def of(cls, replies: Sequence[Heard]) -> Delays:
        """Over all words of all replies; ``first_ms`` is the slowest first word, ``stretch`` the slowest reply."""
        delays = sorted(delay for heard in replies for delay in heard.delays_ms)
        return cls(
            statistics.median(delays),
            delays[int(len(delays) * 0.95)],
            max(heard.delays_ms[0] for heard in replies),
            max(heard.stretch for heard in replies),
        )


@asynccontextmanager
async def _connected(crowd: Crowd, session: str) -> AsyncIterator[ClientConnection]:
    headers = {"cookie": f"sessionid={session}"}
    origin: Any = crowd.house.url
    async with connect(crowd.socket_url, origin=origin, additional_headers=headers, compression=None) as socket:
        yield socket


class Ready:
    """Lets all readers ask at the same moment, once the last of them is ready."""

    def __init__(self, readers: int) -> None:
        self._barrier = asyncio.Barrier(readers)

    async def wait(self) -> None:
        await self._barrier.wait()


async def read_ours(crowd: Crowd, learner: tuple[str, str], words: int, ready: Ready) -> Heard:
    """Send one message and follow its reply to the end."""
    session, conversation = learner
    async with asyncio.timeout(PATIENCE_S), _connected(crowd, session) as socket:
        await socket.send(json.dumps({"type": "subscribe", "conversation": conversation}))
        while json.loads(await socket.recv())["type"] != "subscribed":
            pass
        await ready.wait()
        heard, client_id = Heard(), str(uuid4())
        send = {"type": "send", "conversation": conversation, "client_id": client_id, "text": f"{words} words"}
        await socket.send(json.dumps(send))
        while not _take(heard, json.loads(await socket.recv())):
            pass
    assert len(heard.written) == words, f"{len(heard.written)} of {words} words came"
    return heard


def _take(heard: Heard, frame: dict[str, Any]) -> bool:
    """Note what a frame brings; True for the one that ends the reply."""
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


async def read_relayed(url: str, words: int, ready: Ready) -> Heard:
    async with asyncio.timeout(PATIENCE_S), connect(url, compression=None) as socket:
        await ready.wait()
        heard = Heard()
        await socket.send(f"{words} words")
        while not (chunk := json.loads(await socket.recv()))["done"]:
            heard.note(moments_s(chunk["message"]["content"]))
    return heard


async def streams_of_ours(crowd: Crowd, learners: Sequence[tuple[str, str]], words: int) -> list[Heard]:
    """All these learners ask at once."""
    ready = Ready(len(learners))
    return list(await asyncio.gather(*(read_ours(crowd, learner, words, ready) for learner in learners)))


async def streams_of_relay(url: str, streams: int, words: int) -> list[Heard]:
    ready = Ready(streams)
    return list(await asyncio.gather(*(read_relayed(url, words, ready) for _ in range(streams))))
