"""A request as it arrives: the head, then a body of a known length or in chunks, kept or only hashed."""

from __future__ import annotations

import hashlib
import time

from tutor.ollama.testing.received import Received


class Unreadable(Exception):
    """What arrived is no HTTP request."""


def take_head(buffer: bytearray, client_port: int) -> Received | None:
    """Take a request's head out of the buffer, if all of it is there. Raises Unreadable."""
    end = buffer.find(b"\r\n\r\n")
    if end < 0:
        return None
    first, *rest = bytes(buffer[:end]).decode("latin-1").split("\r\n")
    del buffer[: end + 4]
    words = first.split(" ")
    if len(words) != 3:
        raise Unreadable(first)
    pairs = (header.partition(":") for header in rest)
    headers = {name.strip().lower(): value.strip() for name, _, value in pairs}
    return Received(words[0], words[1], headers, b"", time.monotonic(), client_port)


class Incoming:
    """One request whose head has been read. `feed` it until it says that the body is complete."""

    def __init__(self, received: Received) -> None:
        self.received = received
        self._kept = bytearray()
        self._hash = hashlib.sha256() if received.is_upload else None
        self._chunked = received.headers.get("transfer-encoding", "").lower() == "chunked"
        self._left = 0 if self._chunked else _length(received.headers)
        self._ended = not self._chunked

    def feed(self, buffer: bytearray) -> bool:
        """Take what belongs to the body; whether that was all of it. Raises Unreadable."""
        while not self._complete():
            if not (self._take_data(buffer) if self._left else self._take_size(buffer)):
                return False
        self.received.raw = bytes(self._kept)
        if self._hash is not None:
            self.received.body_sha256 = self._hash.hexdigest()
        return True

    def _complete(self) -> bool:
        return self._ended and not self._left

    def _take_data(self, buffer: bytearray) -> bool:
        data = bytes(buffer[: self._left])
        del buffer[: len(data)]
        self._left -= len(data)
        self.received.body_bytes += len(data)
        if self._hash is not None:
            self._hash.update(data)
        else:
            self._kept += data
        return bool(data)

    def _take_size(self, buffer: bytearray) -> bool:
        """Take the line before a chunk; that of the last one together with the empty line after it."""
        # The line end after the data of the chunk before belongs to nothing.
        start = 2 if buffer.startswith(b"\r\n") else 0
        end = buffer.find(b"\r\n", start)
        if end < 0:
            return False
        size = _hexadecimal(bytes(buffer[start:end]))
        if size == 0:
            stop = buffer.find(b"\r\n\r\n", start)
            if stop < 0:
                return False
            end, self._ended = stop + 2, True
        del buffer[: end + 2]
        self._left = size
        return True


def _length(headers: dict[str, str]) -> int:
    text = headers.get("content-length", "0")
    if not text.isdecimal():
        raise Unreadable(text)
    return int(text)


def _hexadecimal(line: bytes) -> int:
    try:
        return int(line.partition(b";")[0], 16)
    except ValueError as error:
        raise Unreadable(line) from error
