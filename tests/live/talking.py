"""A browser without a page: speaks the frames over a real socket, as the scripts of the page do."""

from __future__ import annotations

import asyncio
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

from tests.live.house import House
from tests.patience import PATIENCE_S

Frame = dict[str, Any]
ACK_BYTES = 64 * 1024


class Talker:
    """Follows one conversation over one socket and keeps the text of each reply as its frames build it."""

    def __init__(self, socket: ClientConnection, conversation: str) -> None:
        self.socket = socket
        self.conversation = conversation
        self.frames: list[Frame] = []
        self.replies: dict[str, Frame] = {}
        self.turns: list[Frame] = []
        self.received = 0
        self.acknowledged = 0

    async def tell(self, **command: Any) -> None:
        await self.socket.send(json.dumps(command))

    async def subscribe(self, after: int = -1) -> None:
        await self.tell(type="subscribe", conversation=self.conversation, after=after)
        await self.until(lambda frame: frame["type"] in {"subscribed", "refused"})

    async def send(self, text: str, client_id: str | None = None) -> str:
        client_id = client_id or str(uuid4())
        await self.tell(type="send", conversation=self.conversation, client_id=client_id, text=text)
        return client_id

    async def hear(self) -> Frame:
        async with asyncio.timeout(PATIENCE_S):
            text = await self.socket.recv()
        frame: Frame = json.loads(text)
        self._apply(frame)
        self.received += len(text.encode() if isinstance(text, str) else text)
        if self.received - self.acknowledged > ACK_BYTES:
            self.acknowledged = self.received
            await self.tell(type="ack", received=self.received)
        return frame

    async def until(self, wanted: Callable[[Frame], bool]) -> Frame:
        """Hear frames until one is as wanted."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                frame = await self.hear()
                if wanted(frame):
                    return frame

    async def until_closed(self) -> int:
        """Hear all there is; the code the server closed the socket with."""
        try:
            while True:
                await self.hear()
        except ConnectionClosed as closed:
            return closed.rcvd.code if closed.rcvd else 1006

    async def say(self, text: str) -> Frame:
        """Send a message and hear the reply to its end."""
        await self.send(text)
        return await self.until_over()

    async def until_over(self) -> Frame:
        """The last reply's final frame."""
        ended = {"done", "stopped", "interrupted", "failed"}
        return await self.until(lambda frame: frame["type"] == "reply" and frame["state"] in ended)

    async def until_turn(self) -> str:
        """Until the turn of the message just sent is here; its reply's id."""
        while self.turns[-1]["client_id"] is None or self.last["state"] not in {"queued", "loading", "running"}:
            await self.hear()
        return str(self.last["reply"])

    def heard(self, kind: str) -> list[Frame]:
        return [frame for frame in self.frames if frame["type"] == kind]

    async def until_position(self, position: int) -> None:
        """Until it is said that the reply is queued there."""
        await self.until(lambda frame: frame["type"] == "progress" and frame["position"] == position)

    async def until_text(self, part: str) -> None:
        while not any(part in reply["text"] for reply in self.replies.values()):
            await self.hear()

    async def refused(self) -> Frame:
        """The next refusal."""
        return await self.until(lambda frame: frame["type"] == "refused")

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
async def talking(
    house: House, person: str, conversation: str, *, subscribe: bool = True, **options: Any
) -> AsyncIterator[Talker]:
    """``person`` is one of the cast, or the key of a session."""
    async with knocking(house, person, **options) as socket:
        talker = Talker(socket, conversation)
        if subscribe:
            await talker.subscribe()
        yield talker


def knocking(
    house: House, person: str, *, origin: str | None = None, path: str = "/ws/talk", accept: str = "", **options: Any
) -> connect:
    """A socket to the house, as a browser opens it."""
    return connect(
        f"ws://127.0.0.1:{house.port}{path}",
        origin=origin or house.url,  # type: ignore[arg-type]
        additional_headers={"cookie": house.cookie(person), "accept-language": accept},
        max_size=None,
        proxy=None,
        open_timeout=PATIENCE_S,
        # Whether a tab is still there is asked by the page; this one may be busy with something else.
        ping_interval=None,
        **options,
    )


def post_command(house: House, person: str, *, accept: str = "", **command: Any) -> tuple[int, list[Frame]]:
    """The second door: the same command as a plain request; its status and frames."""
    body = json.dumps(command).encode()
    status, body = post(house, person, "/talk/commands/", body, "application/json", accept)
    return status, json.loads(body)["frames"] if body.startswith(b"{") else []


def post(
    house: House,
    person: str,
    path: str,
    body: bytes = b"",
    kind: str = "application/x-www-form-urlencoded",
    accept: str = "",
) -> tuple[int, bytes]:
    token = "t" * 32
    headers = {
        "Cookie": f"{house.cookie(person)}; csrftoken={token}",
        "X-CSRFToken": token,
        "Origin": house.url,
        "Content-Type": kind,
        "Accept-Language": accept,
    }
    request = urllib.request.Request(f"{house.url}{path}", body, headers)
    try:
        with urllib.request.build_opener(_NoRedirect).open(request, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read()


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args: Any, **kwargs: Any) -> None:
        return None


def new_conversation(house: House, person: str = "ana", style: str = "patient") -> str:
    """Begin one over HTTP, as the form does; returns its public id."""
    page = _open(house, person, "/talk/")
    fields = dict(re.findall(r'<input[^>]+name="(\w+)"[^>]*value="([^"]*)"', page.read().decode()))
    fields |= {"style": style, "client_id": str(uuid4())}
    answer = _open(house, person, "/talk/new", urllib.parse.urlencode(fields).encode(), page)
    return str(answer.url).rstrip("/").rsplit("/", 1)[1]


def _open(house: House, person: str, path: str, body: bytes | None = None, before: Any = None) -> Any:
    cookies = [house.cookie(person)]
    headers = {"Referer": house.url, "Origin": house.url}
    if before is not None:
        cookies += [cookie.split(";")[0] for cookie in before.headers.get_all("Set-Cookie") or []]
    request = urllib.request.Request(f"{house.url}{path}", body, {**headers, "Cookie": "; ".join(cookies)})
    return urllib.request.urlopen(request, timeout=PATIENCE_S)
