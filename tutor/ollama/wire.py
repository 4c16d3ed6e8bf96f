"""The bytes of Ollama's replies. Pure: bytes in, objects out; every defect is an error of `tutor.ollama.errors`."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

import pydantic_core
from pydantic import BaseModel, ValidationError

from tutor.ollama.errors import (
    InvalidUtf8,
    LineTooLong,
    MalformedLine,
    ResponseError,
    TruncatedBody,
)
from tutor.ollama.types import ChatResponse

MAX_LINE_BYTES = 8 * 1024 * 1024
"""The longest line that Ollama's own client accepts."""

R = TypeVar("R", bound=BaseModel)


class LineSplitter:
    """Cuts a byte stream at b"\\n", and at nothing else: U+0085 and U+2028 stand inside texts."""

    def __init__(self, max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._max = max_line_bytes
        self._pending = bytearray()

    def feed(self, data: bytes) -> Iterator[bytes]:
        """The lines that `data` completes, without blank ones. Raises `LineTooLong` after the lines before."""
        *complete, rest = data.split(b"\n")
        for piece in complete:
            line = bytes(self._pending) + piece if self._pending else piece
            self._pending.clear()
            self._check(len(line))
            if line and not line.isspace():
                yield line
        self._check(len(self._pending) + len(rest))
        self._pending += rest

    def end(self) -> bytes:
        """What came after the last b"\\n"."""
        rest = bytes(self._pending).strip()
        self._pending.clear()
        return rest

    def _check(self, length: int) -> None:
        if length > self._max:
            self._pending.clear()
            raise LineTooLong(f"a line exceeds {self._max} bytes")


class StreamDecoder(Generic[R]):
    """Turns the body of a streamed reply into objects.

    Stops for good at the first object that `is_last` accepts; whatever the server sends afterwards is ignored.
    """

    def __init__(self, model: type[R], *, is_last: Callable[[R], bool], max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._model = model
        self._is_last = is_last
        self._lines = LineSplitter(max_line_bytes)
        self.ended = False

    def feed(self, data: bytes) -> Iterator[R]:
        """The objects that `data` completes."""
        if self.ended:
            return
        for line in self._lines.feed(data):
            found = parse(line, self._model)
            self.ended = self._is_last(found)
            yield found
            if self.ended:
                return

    def finish(self) -> Iterator[R]:
        """The object of a last line without its newline. Raises `TruncatedBody` for half a line."""
        rest = b"" if self.ended else self._lines.end()
        if not rest:
            return
        try:
            found = parse(rest, self._model)
        except (MalformedLine, InvalidUtf8):
            raise TruncatedBody("the body stopped in the middle of a line") from None
        self.ended = self._is_last(found)
        yield found


def is_done(chunk: ChatResponse) -> bool:
    """Whether a chunk is the one that completes its reply."""
    return chunk.done is True


def parse(data: bytes, model: type[R]) -> R:
    """One JSON object as `model`.

    Raises `ResponseError` if it is an error instead (an `error` key, or a bare text or number), `InvalidUtf8`, or
    `MalformedLine`.
    """
    try:
        found = model.model_validate_json(data)
    except ValidationError:
        raise _diagnose(data) from None
    extra = found.model_extra
    if extra and extra.get("error") is not None:
        raise ResponseError(_text(data))
    return found


def error_of_body(status_code: int, reason: str, body: bytes, content_type: str) -> ResponseError:
    """The error for a status that is not success. A page made for browsers is replaced by the status in words."""
    text = body.decode("utf-8", errors="replace").strip()
    if not text or "html" in content_type or text[:1] == "<":
        text = f"{status_code} {reason}".strip()
    return ResponseError(text, status_code)


def _diagnose(data: bytes) -> Exception:
    try:
        text = _text(data)
    except UnicodeDecodeError:
        return InvalidUtf8("a line of the reply is not UTF-8")
    try:
        value = pydantic_core.from_json(data)
    except ValueError:
        return MalformedLine("a line of the reply is not JSON")
    if isinstance(value, dict) and value.get("error") is not None:
        return ResponseError(text)
    if value is None or isinstance(value, dict | list):
        return MalformedLine("a line of the reply has another shape")
    return ResponseError(value if isinstance(value, str) else str(value))


def _text(data: bytes) -> str:
    return data.decode("utf-8")
