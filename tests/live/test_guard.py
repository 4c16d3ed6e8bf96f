"""The outermost wrapper, asked as a server asks it."""

from __future__ import annotations

import asyncio
from typing import Any

from polyglott.guard import Guard

Event = dict[str, Any]


def scope(kind: str, **headers: str) -> Any:
    pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    return {"type": kind, "path": "/", "root_path": "/moved", "headers": pairs}


async def ask(guard: Guard, of: Any, *events: Event) -> list[Event]:
    waiting, said = list(events), list[Event]()

    async def receive() -> Any:
        return waiting.pop(0)

    async def send(event: Any) -> None:
        said.append(event)

    await guard(of, receive, send)
    return said


async def test_the_socket_too_many_is_told_why() -> None:
    enough = asyncio.Event()

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await enough.wait()

    guard = Guard(app, sockets=2)
    open_ones = [asyncio.create_task(ask(guard, scope("websocket"))) for _ in range(2)]
    await asyncio.sleep(0)
    said = await ask(guard, scope("websocket"), {"type": "websocket.connect"})
    assert [(event["type"], event.get("code")) for event in said] == [
        ("websocket.accept", None),
        ("websocket.close", 4013),
    ]
    enough.set()
    await asyncio.gather(*open_ones)
    assert await ask(guard, scope("websocket")) == []
    assert guard.open_sockets == 0


async def test_bodies_are_counted_whatever_is_announced() -> None:
    async def app(scope: Any, receive: Any, send: Any) -> None:
        assert (scope["root_path"], scope["headers"]) == ("", [(b"content-length", b"3")][: len(scope["headers"])])
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200})

    guard = Guard(app, body_bytes=10, sockets=1)
    piece = {"type": "http.request", "body": b"12345", "more_body": True}
    last = {"type": "http.request", "body": b"", "more_body": False}
    assert (await ask(guard, scope("http", daphne_root_path="/x"), piece, piece, last))[0]["status"] == 200
    assert (await ask(guard, scope("http", content_length="3"), piece, piece, piece, last))[0]["status"] == 413
    assert (await ask(guard, scope("http", content_length="11")))[0]["status"] == 413
    assert (await ask(guard, scope("http", content_length="9" * 50)))[0]["status"] == 413
