"""HTTP/1.1 as a client reads it, without any socket: bytes in, a head and a body out.

h11 reads the head, where the traps are. The body of a streamed reply comes as thousands of small chunks, which h11
takes apart in Python one event at a time; here they are cut out of what arrived in one go.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import h11
import httpx

_SIZE = re.compile(rb"[0-9A-Fa-f]{1,15}")
# The longest head, as httpx's own transport has it.
_MAX_HEAD = 100 * 1024
# The longest line that announces a chunk, extensions included, and the most that trailers may hold.
_MAX_SIZE_LINE = 4096
_MAX_TRAILERS = 65_536
_NO_BODY = (204, 304)


class Head(NamedTuple):
    """The first part of a reply."""

    status_code: int
    reason: bytes
    headers: list[tuple[bytes, bytes]]


class Chunked:
    """The body in the chunked coding (RFC 9112, 7.1)."""

    def __init__(self) -> None:
        self._pending = b""
        self._left = 0  # of the chunk that is being read, with the line end behind it
        self._in_trailers = False
        self.ended = False
        self.surplus = b""

    def feed(self, data: bytes) -> list[bytes]:
        """The pieces of content that `data` completes. Raises `httpx.RemoteProtocolError`."""
        if self._pending:
            data, self._pending = self._pending + data, b""
        pieces: list[bytes] = []
        at, end = (self._go_on(data, pieces), len(data)) if self._left else (0, len(data))
        while at < end and not self._in_trailers:
            mark = data.find(b"\r\n", at, at + _MAX_SIZE_LINE)
            if mark < 0:
                break
            size = self._size(data[at:mark])
            start = mark + 2
            stop = start + size
            if size == 0:
                self._in_trailers = True
                at = start
            elif stop + 2 <= end:
                if data[stop : stop + 2] != b"\r\n":
                    raise httpx.RemoteProtocolError("a chunk is longer than it was announced")
                pieces.append(data[start:stop])
                at = stop + 2
            else:
                self._left = size + 2
                at = start + self._go_on(data[start:], pieces)
        self._keep(data[at:])
        return pieces

    def _go_on(self, data: bytes, pieces: list[bytes]) -> int:
        """Take what `data` holds of the chunk under way; how many bytes that were."""
        content = data[: max(self._left - 2, 0)]
        if content:
            pieces.append(content)
            self._left -= len(content)
        taken = len(content)
        while 0 < self._left <= 2 and taken < len(data):
            if data[taken] != b"\r\n"[2 - self._left]:
                raise httpx.RemoteProtocolError("a chunk is longer than it was announced")
            self._left -= 1
            taken += 1
        return taken

    def _keep(self, rest: bytes) -> None:
        if self._in_trailers:
            self._skip_trailers(rest)
        elif len(rest) >= _MAX_SIZE_LINE:
            raise httpx.RemoteProtocolError("a chunk's size takes no end")
        else:
            self._pending = rest

    def _skip_trailers(self, rest: bytes) -> None:
        if rest[:2] == b"\r\n":
            self.ended, self.surplus = True, rest[2:]
            return
        stop = rest.find(b"\r\n\r\n")
        if stop >= 0:
            self.ended, self.surplus = True, rest[stop + 4 :]
        elif len(rest) > _MAX_TRAILERS:
            raise httpx.RemoteProtocolError("the trailers take no end")
        else:
            self._pending = rest

    def _size(self, line: bytes) -> int:
        text = line.partition(b";")[0].rstrip(b" \t")
        if not _SIZE.fullmatch(text):
            raise httpx.RemoteProtocolError("a chunk does not begin with its size")
        return int(text, 16)


class Counted:
    """The body whose length was announced."""

    def __init__(self, length: int) -> None:
        self._left = length
        self.ended = length == 0
        self.surplus = b""

    def feed(self, data: bytes) -> list[bytes]:
        """What of `data` belongs to the body."""
        self.surplus = data[self._left :]
        data = data[: self._left]
        self._left -= len(data)
        self.ended = self._left == 0
        return [data] if data else []


class UntilClosed:
    """The body that ends with the connection."""

    ended = False
    surplus = b""

    def feed(self, data: bytes) -> list[bytes]:
        """All of it."""
        return [data] if data else []


class Reception:
    """One reply as it comes in: `head` first, then pieces of the body in `ready`, until `ended`.

    `reusable` tells whether the connection may serve another request. All defects are `httpx.RemoteProtocolError`s.
    """

    def __init__(self, method: str) -> None:
        self._method = method
        self._h11: h11.Connection | None = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD)
        self._body: Chunked | Counted | UntilClosed = UntilClosed()
        self.head: Head | None = None
        self.ready: list[bytes] = []
        self.ended = False
        self.reusable = False

    def request(self, target: bytes, headers: list[tuple[bytes, bytes]]) -> bytes:
        """The head of the request in bytes. Raises `httpx.LocalProtocolError` for headers that HTTP does not allow."""
        assert self._h11 is not None  # noqa: S101 - said once, before anything comes in
        try:
            return self._h11.send(h11.Request(method=self._method, target=target, headers=headers)) or b""
        except h11.LocalProtocolError as error:
            raise httpx.LocalProtocolError(str(error)) from None

    def feed(self, data: bytes) -> None:
        """Bytes from the server; b"" when it closed."""
        if self._h11 is not None:
            data = self._feed_head(data)
            if self.head is None:
                return
        elif not data:
            self._close()
            return
        if self.ended:
            self.reusable = self.reusable and not data
            return
        self.ready += self._body.feed(data)
        self.ended = self._body.ended
        self.reusable = self.reusable and not self._body.surplus

    def _feed_head(self, data: bytes) -> bytes:
        """What follows the head in `data`; the head itself is kept."""
        connection = self._h11
        assert connection is not None  # noqa: S101 - the caller looked
        if not data:
            raise httpx.RemoteProtocolError("Server disconnected without sending a response.")
        try:
            connection.receive_data(data)
            event = connection.next_event()
            while isinstance(event, h11.InformationalResponse):
                event = connection.next_event()
        except h11.RemoteProtocolError as error:
            raise httpx.RemoteProtocolError(str(error)) from None
        if not isinstance(event, h11.Response):
            return b""
        self.head = Head(event.status_code, bytes(event.reason), list(event.headers.raw_items()))
        self._h11 = None
        self._choose_body(event)
        return connection.trailing_data[0]

    def _choose_body(self, event: h11.Response) -> None:
        headers = dict(event.headers)
        options = [option.strip() for option in headers.get(b"connection", b"").lower().split(b",")]
        self.reusable = event.http_version == b"1.1" and b"close" not in options
        if self._method == "HEAD" or event.status_code in _NO_BODY:
            self._body, self.ended = Counted(0), True
        elif b"transfer-encoding" in headers:
            self._body = Chunked()
        elif (length := headers.get(b"content-length")) is not None:
            self._body = Counted(int(length))
            self.ended = self._body.ended
        else:
            self.reusable = False

    def _close(self) -> None:
        if not self.ended and not isinstance(self._body, UntilClosed):
            raise httpx.RemoteProtocolError("peer closed connection without sending complete message body")
        self.ended, self.reusable = True, False
