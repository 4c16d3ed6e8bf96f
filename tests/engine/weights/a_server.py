"""A file server on a real socket that misbehaves as it is told, one mood a request."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Mood = Callable[["Handler"], None]


class WeightsServer(ThreadingHTTPServer):
    """`moods` are used up one by one; after the last it is honest. `asked` holds (method, Range, If-Range)."""

    daemon_threads = True

    def __init__(self, body: bytes) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.body = body
        self.etag = '"one"'
        self.moods: list[Mood] = []
        self.asked: list[tuple[str, str | None, str | None]] = []
        self.let_go = threading.Event()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_address[1]}"

    def gets(self) -> list[str | None]:
        """The Range of every GET."""
        return [span for method, span, _ in self.asked if method == "GET"]

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is part of the play."""


class Handler(BaseHTTPRequestHandler):
    server: WeightsServer
    protocol_version = "HTTP/1.1"

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        """Silent."""

    def do_HEAD(self) -> None:
        self._note()
        self.head(200, len(self.server.body))

    def do_GET(self) -> None:
        self._note()
        self.close_connection = True
        mood = self.server.moods.pop(0) if self.server.moods else honest
        mood(self)

    def _note(self) -> None:
        self.server.asked.append((self.command, self.headers["Range"], self.headers["If-Range"]))

    @property
    def start(self) -> int:
        """Where the client wants to go on; 0 when its mark is on another file."""
        byte_range = re.fullmatch(r"bytes=(\d+)-", self.headers["Range"] or "bytes=0-")
        mark = self.headers["If-Range"]
        return int(byte_range[1]) if byte_range and mark in {None, self.server.etag} else 0

    def head(self, status: int, length: int | None, **more: str) -> None:
        self.send_response(status)
        if length is not None:
            self.send_header("Content-Length", str(length))
        self.send_header("Connection", "close")
        self.send_header("ETag", self.server.etag)
        for name, value in more.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def partial(self, body: bytes, *, send: int | None = None) -> None:
        """Answer the Range truly, but send only `send` bytes of it."""
        start, size = self.start, len(body)
        if start:
            self.head(206, size - start, Content_Range=f"bytes {start}-{size - 1}/{size}")
        else:
            self.head(200, size)
        self.wfile.write(body[start:] if send is None else body[start : start + send])


def honest(request: Handler) -> None:
    request.partial(request.server.body)


def cut_after(size: int) -> Mood:
    return lambda request: request.partial(request.server.body, send=size)


def stall_after(size: int) -> Mood:
    def mood(request: Handler) -> None:
        request.partial(request.server.body, send=size)
        request.server.let_go.wait(30)

    return mood


def no_range(request: Handler) -> None:
    request.head(200, len(request.server.body))
    request.wfile.write(request.server.body)


def no_range_cut(size: int) -> Mood:
    def mood(request: Handler) -> None:
        request.head(200, len(request.server.body))
        request.wfile.write(request.server.body[:size])

    return mood


def wrong_bytes(request: Handler) -> None:
    request.partial(bytes(len(request.server.body)))


def length_off_by(difference: int) -> Mood:
    def mood(request: Handler) -> None:
        request.head(200, len(request.server.body) + difference)
        request.wfile.write(request.server.body + bytes(max(0, difference)))

    return mood


def endless(request: Handler) -> None:
    """No length, and after the file more and more."""
    request.head(200, None)
    request.wfile.write(request.server.body)
    while not request.server.let_go.is_set():
        request.wfile.write(bytes(1 << 16))


def elsewhere(path: str) -> Mood:
    return lambda request: request.head(302, 0, Location=path)


def status(code: int) -> Mood:
    return lambda request: request.head(code, 0)


def shifted(request: Handler) -> None:
    """A 206 for other bytes than were asked."""
    body = request.server.body
    request.head(206, len(body) - 7, Content_Range=f"bytes 7-{len(body) - 1}/{len(body)}")
    request.wfile.write(body[7:])


def drip(request: Handler) -> None:
    request.head(200, len(request.server.body))
    for byte in request.server.body:
        request.wfile.write(bytes([byte]))
        if request.server.let_go.wait(0.05):
            return
