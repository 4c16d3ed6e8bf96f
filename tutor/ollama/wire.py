"""The bytes of Ollama's replies. Pure: bytes in, objects out; every defect is an error of `tutor.ollama.errors`."""

from __future__ import annotations

from codecs import BOM_UTF8
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

MAX_LINE_BYTES = 8 * 1024 * 1024
"""The longest line that Ollama's own client accepts."""

R = TypeVar("R", bound=BaseModel)


class StreamDecoder(Generic[R]):
    """Turns the body of a streamed reply into objects.

    Cuts at b"\n" and at nothing else (U+0085 and U+2028 stand inside texts), and parses a line when it is asked for.
    Stops for good at the first object that `is_last`, which is asked once for each, accepts; whatever the server sends
    afterwards is ignored. What can be wrong with a line is looked for only once the line is refused: there is one for
    each token.
    """

    def __init__(self, model: type[R], *, is_last: Callable[[R], bool], max_line_bytes: int = MAX_LINE_BYTES) -> None:
        self._model = model
        # What model_validate_json does, less its own overhead.
        self._validate: Callable[[bytes], R] = model.__pydantic_validator__.validate_json
        self._is_last = is_last
        self._max = max_line_bytes
        self._lines: deque[bytes] = deque()
        self._pending = bytearray()
        self._some_too_long = False
        self._half_a_line = False
        self.ended = False

    def feed(self, data: bytes) -> None:
        """Take bytes of the body."""
        if self.ended:
            return
        self._some_too_long = self._some_too_long or len(self._pending) + len(data) > self._max
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

    def drop(self) -> None:
        """Forget what has not been asked for."""
        # Not cleared: another thread may be taking a line.
        self._lines, self._pending = deque(), bytearray()

    def next(self) -> R | None:
        """The next object; None if it takes more bytes, or after the last one.

        Raises what `parse` raises, `LineTooLong`, and `TruncatedBody` for half a line at the end of the body.
        """
        lines = self._lines
        while lines:
            line = lines.popleft()
            if self._some_too_long:
                self._check(line)
            try:
                found = self._validate(line)
            except ValidationError:
                self._reconsider(line)
                continue
            if found.__pydantic_extra__:
                refuse_error(found, line)
            if self._is_last(found):
                self.ended = True
                lines.clear()
                self._pending.clear()
            return found
        if self._some_too_long:
            self._check(self._pending)
        return None

    def _reconsider(self, line: bytes) -> None:
        """Pass over a blank line, and a byte order mark. Raises what is wrong with any other."""
        if line.startswith(BOM_UTF8):
            self._lines.appendleft(line.removeprefix(BOM_UTF8))
        elif line and not line.isspace():
            raise self._defect(line) from None

    def _defect(self, line: bytes) -> Exception:
        defect = diagnose(line)
        if self._half_a_line and not self._lines and not _is_json(line):
            return TruncatedBody("the body stopped in the middle of a line")
        return defect

    def _check(self, line: bytes | bytearray) -> None:
        if len(line) > self._max:
            self._pending.clear()
            raise LineTooLong(f"a line exceeds {self._max} bytes")


def parse(data: bytes, model: type[R]) -> R:
    """One JSON object as `model`.

    Raises `ResponseError` if it is an error instead (an `error` key, or a bare text or number), `InvalidUtf8`, or
    `MalformedLine`.
    """
    try:
        found: R = model.__pydantic_validator__.validate_json(data.removeprefix(BOM_UTF8))
    except ValidationError:
        raise diagnose(data) from None
    refuse_error(found, data)
    return found


def refuse_error(found: BaseModel, data: bytes) -> None:
    """Raises `ResponseError` for an object that has an error beside whatever else it has."""
    extra = found.__pydantic_extra__
    if extra and extra.get("error"):
        raise ResponseError(_text(data))


def error_of_body(status_code: int, reason: str, body: bytes, content_type: str) -> ResponseError:
    """The error for a status that is not success. A page made for browsers is replaced by the status in words."""
    text = body.removeprefix(BOM_UTF8).decode("utf-8", errors="replace").strip()
    is_page = "html" in content_type and text[:1] != "{"
    if not text or is_page or text[:1] == "<":
        text = f"{status_code} {reason}".strip()
    return ResponseError(text, status_code)


def _is_json(data: bytes) -> bool:
    try:
        pydantic_core.from_json(data)
    except ValueError:
        return False
    return True


def diagnose(data: bytes) -> Exception:
    """The error for what is not the object that was expected."""
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
