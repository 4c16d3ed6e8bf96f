"""The bytes of Ollama's replies. Pure: bytes in, objects out; every defect is an error of `tutor.ollama.errors`."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
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
from tutor.ollama.types import ChatResponse, GenerateResponse, ProgressResponse

MAX_LINE_BYTES = 8 * 1024 * 1024
"""The longest line that Ollama's own client accepts."""

R = TypeVar("R", bound=BaseModel)


class StreamDecoder(Generic[R]):
    """Turns the body of a streamed reply into objects.

    Cuts at b"\n" and at nothing else (U+0085 and U+2028 stand inside texts), and parses a line when it is asked for.
    Stops for good at the first object that `is_last` accepts; whatever the server sends afterwards is ignored.
    """

    def __init__(self, model: type[R], *, is_last: Callable[[R], bool], max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._model = model
        self._is_last = is_last
        self._max = max_line_bytes
        self._lines: deque[bytes] = deque()
        self._pending = bytearray()
        self._half_a_line = False
        self.ended = False

    def feed(self, data: bytes) -> None:
        """Take bytes of the body."""
        lines = data.split(b"\n")
        if self._pending:
            self._pending += lines[0]
            if len(lines) == 1:
                return
            lines[0] = bytes(self._pending)
            self._pending.clear()
        self._pending += lines.pop()
        self._lines.extend(lines)

    def finish(self) -> None:
        """The body has ended; what came after the last newline counts as a line."""
        self._half_a_line = bool(self._pending)
        self._lines.append(bytes(self._pending))
        self._pending.clear()

    def next(self) -> R | None:
        """The next object; None if it takes more bytes, or after the last one.

        Raises what `parse` raises, `LineTooLong`, and `TruncatedBody` for half a line at the end of the body.
        """
        lines = self._lines
        while lines and not self.ended:
            line = lines.popleft()
            if len(line) > self._max:
                raise self._too_long()
            if line and not line.isspace():
                found = parse(line, self._model) if lines or not self._half_a_line else self._parse_rest(line)
                self.ended = self._is_last(found)
                return found
        if len(self._pending) > self._max:
            raise self._too_long()
        return None

    def _parse_rest(self, line: bytes) -> R:
        try:
            return parse(line, self._model)
        except (MalformedLine, InvalidUtf8):
            raise TruncatedBody("the body stopped in the middle of a line") from None

    def _too_long(self) -> LineTooLong:
        self._pending.clear()
        return LineTooLong(f"a line exceeds {self._max} bytes")


def is_done(chunk: ChatResponse | GenerateResponse) -> bool:
    """Whether a chunk is the one that completes its reply."""
    return chunk.done is True


def is_success(progress: ProgressResponse) -> bool:
    """Whether a line of progress is the one that completes a pull, a push or a create."""
    return progress.status == "success"


def parse(data: bytes, model: type[R]) -> R:
    """One JSON object as `model`.

    Raises `ResponseError` if it is an error instead (an `error` key, or a bare text or number), `InvalidUtf8`, or
    `MalformedLine`.
    """
    try:
        # What model_validate_json does, less its own overhead: this runs once for each token.
        found: R = model.__pydantic_validator__.validate_json(data)
    except ValidationError:
        raise _diagnose(data) from None
    extra = found.__pydantic_extra__
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
