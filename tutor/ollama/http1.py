"""HTTP/1.1 as a client reads it, without any socket: bytes in, a head and a body out.

h11 reads the head, where the traps are. The body of a streamed reply comes as thousands of small chunks, which h11
takes apart in Python one event at a time; here they are cut out of what arrived in one go.
"""

from __future__ import annotations

import re
from typing import NamedTuple

import h11
import httpx

# As h11 has it: extensions say nothing to us, spaces stand behind the size at most.
_SIZE_LINE = re.compile(rb"([0-9A-Fa-f]{1,20})(?:;[^\n]*)?[ \t]*")
_BLANK_LINE = re.compile(rb"\n\r?\n")
# The longest head, as httpx's own transport has it.
_MAX_HEAD = 100 * 1024
# The longest line that announces a chunk, extensions included, and the most that trailers may hold.
_MAX_SIZE_LINE = 4096
_MAX_TRAILERS = 16_384
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

    def feed(self, data: bytes, ready: list[bytes]) -> None:
        """Add the pieces of content in `data` to `ready`; those before a defect too.

        Raises `httpx.RemoteProtocolError`.
        """
        if self._pending:
            data, self._pending = self._pending + data, b""
        at, end = (self._go_on(data, ready), len(data)) if self._left else (0, len(data))
        while at < end and not self._in_trailers:
            mark = data.find(b"\r\n", at, at + _MAX_SIZE_LINE)
            if mark < 0:
                break
            size = self._size(data[at:mark])
            start = mark + 2
            stop = start + size
            if size == 0:
                self._in_trailers = True
                at = mark + 1  # with the end of this line: an empty one may follow at once
            elif stop + 2 <= end:
                ready.append(data[start:stop])
                if data[stop : stop + 2] != b"\r\n":
                    raise httpx.RemoteProtocolError("a chunk is longer than it was announced")
                at = stop + 2
            else:
                self._left = size + 2
                at = start + self._go_on(data[start:], ready)
        self._keep(data[at:])

    def _go_on(self, data: bytes, ready: list[bytes]) -> int:
        """Take what `data` holds of the chunk under way; how many bytes that were."""
        content = data[: max(self._left - 2, 0)]
        if content:
            ready.append(content)
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
        end = _BLANK_LINE.search(rest, 0, _MAX_TRAILERS)
        if end is not None:
            if end.start() > 0:
                _check_fields(rest[1 : end.end()])
            self.ended, self.surplus = True, rest[end.end() :]
        elif len(rest) >= _MAX_TRAILERS:
            raise httpx.RemoteProtocolError("the trailers take no end")
        else:
            self._pending = rest

    def _size(self, line: bytes) -> int:
        found = _SIZE_LINE.fullmatch(line)
        if found is None:
            raise httpx.RemoteProtocolError("a chunk does not begin with its size")
        return int(found[1], 16)


def _check_fields(lines: bytes) -> None:
    """Trailers are as well formed as the fields of a head, or refused."""
    connection = h11.Connection(h11.CLIENT)
    connection.receive_data(b"HTTP/1.1 200 \r\n" + lines)
    try:
        connection.next_event()
    except h11.RemoteProtocolError as error:
        raise httpx.RemoteProtocolError(str(error)) from None


class Counted:
    """The body whose length was announced."""

    def __init__(self, length: int) -> None:
        self._left = length
        self.ended = length == 0
        self.surplus = b""

    def feed(self, data: bytes, ready: list[bytes]) -> None:
        """Add what of `data` belongs to the body to `ready`."""
        self.surplus = data[self._left :]
        data = data[: self._left]
        self._left -= len(data)
        self.ended = self._left == 0
        if data:
            ready.append(data)


class UntilClosed:
    """The body that ends with the connection."""

    ended = False
    surplus = b""

    def feed(self, data: bytes, ready: list[bytes]) -> None:
        """Add all of it to `ready`."""
        if data:
            ready.append(data)


class Reception:
    """One reply as it comes in: `head` first, then pieces of the body in `ready`, until `ended`.

    `reusable` tells whether the connection may serve another request. All defects are `httpx.RemoteProtocolError`s;
    what came before one is in `ready`, however the bytes were cut.
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
        self._body.feed(data, self.ready)
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
        connection = b",".join(value for name, value in event.headers if name == b"connection")
        options = [option.strip() for option in connection.lower().split(b",")]
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
