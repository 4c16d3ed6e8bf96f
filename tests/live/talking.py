"""A browser without a page: speaks the frames over a real socket, as the scripts of the page do."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect

from tests.live.house import House

Frame = dict[str, Any]


class Talker:
    """Follows one conversation over one socket and keeps the text of each reply as its frames build it."""

    def __init__(self, socket: ClientConnection, conversation: str) -> None:
        self.socket = socket
        self.conversation = conversation
        self.frames: list[Frame] = []
        self.replies: dict[str, Frame] = {}
        self.turns: list[Frame] = []

    async def tell(self, **command: Any) -> None:
        await self.socket.send(json.dumps(command))

    async def subscribe(self, after: int = -1) -> None:
        await self.tell(type="subscribe", conversation=self.conversation, after=after)
        await self.until(lambda frame: frame["type"] in {"subscribed", "refused"})

    async def send(self, text: str, client_id: str | None = None) -> str:
        client_id = client_id or str(uuid4())
        await self.tell(type="send", conversation=self.conversation, client_id=client_id, text=text)
        return client_id

    async def hear(self, timeout_s: float = 15.0) -> Frame:
        async with asyncio.timeout(timeout_s):
            frame: Frame = json.loads(await self.socket.recv())
        self._apply(frame)
        return frame

    async def until(self, wanted: Callable[[Frame], bool], timeout_s: float = 15.0) -> Frame:
        """Hear frames until one is as wanted."""
        async with asyncio.timeout(timeout_s):
            while True:
                frame = await self.hear(timeout_s)
                if wanted(frame):
                    return frame

    async def until_over(self, timeout_s: float = 15.0) -> Frame:
        """The last reply's final frame."""
        ended = {"done", "stopped", "interrupted", "failed"}
        return await self.until(lambda frame: frame["type"] == "reply" and frame["state"] in ended, timeout_s)

    async def until_text(self, part: str) -> None:
        while not any(part in reply["text"] for reply in self.replies.values()):
            await self.hear()

    @property
    def last(self) -> Frame:
        return self.replies[self.turns[-1]["reply"]["reply"]]

    def _apply(self, frame: Frame) -> None:
        self.frames.append(frame)
        match frame["type"]:
            case "turn":
                self.turns = [turn for turn in self.turns if turn["turn"] != frame["turn"]] + [frame]
                self.replies[frame["reply"]["reply"]] = dict(frame["reply"])
            case "reply":
                self.replies[frame["reply"]] = dict(frame)
            case "delta":
                reply = self.replies[frame["reply"]]
                assert (reply["epoch"], reply["seq"]) == (frame["epoch"], frame["after"]), "a gap in the reply"
                reply["text"] += frame["text"]
                reply["seq"] = frame["seq"]


@asynccontextmanager
async def talking(house: House, person: str, conversation: str, *, subscribe: bool = True) -> AsyncIterator[Talker]:
    address = f"ws://127.0.0.1:{house.port}/ws/talk"
    async with connect(address, origin=house.url, additional_headers={"cookie": house.cookie(person)}) as socket:  # type: ignore[arg-type]
        talker = Talker(socket, conversation)
        if subscribe:
            await talker.subscribe()
        yield talker


def new_conversation(house: House, person: str = "ana", style: str = "patient") -> str:
    """Begin one over HTTP, as the form does; returns its public id."""
    page = _open(house, person, "/talk/")
    fields = dict(re.findall(r'<input[^>]+name="(\w+)"[^>]*value="([^"]*)"', page.read().decode()))
    fields |= {"style": style, "client_id": str(uuid4())}
    answer = _open(house, person, "/talk/new", urllib.parse.urlencode(fields).encode(), page)
    return answer.url.rstrip("/").rsplit("/", 1)[1]


def _open(house: House, person: str, path: str, body: bytes | None = None, before: Any = None) -> Any:
    cookies = [house.cookie(person)]
    headers = {"Referer": house.url, "Origin": house.url}
    if before is not None:
        cookies += [cookie.split(";")[0] for cookie in before.headers.get_all("Set-Cookie") or []]
    request = urllib.request.Request(f"{house.url}{path}", body, {**headers, "Cookie": "; ".join(cookies)})
    return urllib.request.urlopen(request, timeout=10)
