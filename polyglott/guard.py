"""The outermost wrapper: what no request and no socket may do, whoever asks and whatever stands behind.

Daphne believes the header ``Daphne-Root-Path`` and holds a whole body in memory before a view
runs; both are ended here.
"""

from typing import Any

from asgiref.typing import ASGI3Application, ASGIReceiveCallable, ASGIReceiveEvent, ASGISendCallable, Scope

BODY_BYTES = 1_000_000


class _TooMuchError(Exception):
    """A body without an announced length went on and on."""


class Guard:
    """Pins ``root_path``, caps request bodies (413) and the number of open sockets (closed with 4013)."""

    def __init__(self, app: ASGI3Application, *, body_bytes: int = BODY_BYTES, sockets: int) -> None:
        self.app = app
        self.body_bytes = body_bytes
        self.sockets = sockets
        self.open_sockets = 0

    async def __call__(self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http":
            await self._http(_pinned(scope), receive, send)
        elif scope["type"] == "websocket":
            await self._websocket(_pinned(scope), receive, send)
        else:
            await self.app(scope, receive, send)

    async def _http(self, scope: Any, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if _declared_bytes(scope) > self.body_bytes:
            await _refuse(send, 413, b"Too much was sent at once.")
            return
        taken = 0

        async def counted() -> ASGIReceiveEvent:
            nonlocal taken
            event = await receive()
            if event["type"] == "http.request":
                taken += len(event.get("body", b""))
                if taken > self.body_bytes:
                    raise _TooMuchError
            return event

        # Pages read the whole body before they say anything, so the answer is still ours to give.
        try:
            await self.app(scope, counted, send)
        except _TooMuchError:
            await _refuse(send, 413, b"Too much was sent at once.")

    async def _websocket(self, scope: Any, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if self.open_sockets >= self.sockets:
            await receive()
            await send({"type": "websocket.accept", "subprotocol": None, "headers": []})
            await send({"type": "websocket.close", "code": 4013, "reason": None})
            return
        self.open_sockets += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.open_sockets -= 1


def _pinned(scope: Any) -> Any:
    headers = [(name, value) for name, value in scope["headers"] if name.lower() != b"daphne-root-path"]
    return {**scope, "root_path": "", "headers": headers}


def _declared_bytes(scope: Any) -> int:
    for name, value in scope["headers"]:
        if name.lower() == b"content-length":
            return int(value) if value.isdigit() else 0
    return 0


async def _refuse(send: ASGISendCallable, status: int, sentence: bytes) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"connection", b"close")]
    await send({"type": "http.response.start", "status": status, "headers": headers, "trailers": False})
    await send({"type": "http.response.body", "body": sentence, "more_body": False})
