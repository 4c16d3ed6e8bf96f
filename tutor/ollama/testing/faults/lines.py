"""Lines that are not as they should be, and proper ones in odd pieces."""

from __future__ import annotations

import json
from collections.abc import Sequence

from tutor.ollama.testing.faults.scripted import MODEL, PIECES, content_lines, end
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.wire import CHAT, chunk, encode, last_line, line

_HARD = "¡Mañana! 👩‍👩‍👧 你好"


def malformed_line(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """A line that is no JSON."""
    return Reply([*content_lines(pieces, path), b'{"model": oops\n', *end(path)])


def list_line(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """A line that is JSON, but no object."""
    return Reply([*content_lines(pieces, path), b"[1,2]\n", *end(path)])


def error_mid_stream(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """After some words, an error whose text is itself JSON, as Ollama passes on those of its runner."""
    inner = json.dumps({"error": {"code": 500, "message": "the runner ran out of memory", "type": "server_error"}})
    return Reply([*content_lines(pieces, path), encode({"error": inner}) + b"\n"])


def error_object_mid_stream(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """After some words, an error that is an object in place of a text."""
    return Reply([*content_lines(pieces, path), b'{"error":{"code":7,"message":"the runner stumbled"}}\n'])


def error_number_mid_stream(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """After some words, an error that is a number."""
    return Reply([*content_lines(pieces, path), b'{"error":123}\n'])


def error_text_number_mid_stream(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """After some words, an error whose text reads as a number."""
    return Reply([*content_lines(pieces, path), b'{"error":"123"}\n'])


def scalar_mid_stream(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """After some words, a bare text as a line."""
    return Reply([*content_lines(pieces, path), b'"the runner is gone"\n'])


def number_mid_stream(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """After some words, a bare number as a line."""
    return Reply([*content_lines(pieces, path), b"42\n", *end(path)])


def null_mid_stream(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """After some words, `null` as a line."""
    return Reply([*content_lines(pieces, path), b"null\n", *end(path)])


def invalid_utf8(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """Some words, then a byte that is no UTF-8."""
    broken = line("mañana", path=path).replace("ñ".encode(), b"\xff")
    return Reply([*content_lines(pieces, path), broken, *end(path)])


def utf8_cut_off(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """Some words, then an end in order, but in the middle of a letter."""
    whole = line("mañana", path=path)
    return Reply([*content_lines(pieces, path), whole[: whole.index("ñ".encode()) + 1]])


def bytewise(text: str = _HARD, *, path: str = CHAT) -> Reply:
    """A proper reply, every byte a chunk of its own."""
    data = line(text, path=path) + last_line(path=path)
    return Reply([data[i : i + 1] for i in range(len(data))])


def cut_at(at: int | None = None, text: str = _HARD, *, path: str = CHAT) -> Reply:
    """A proper reply in two chunks, the first of `at` bytes; unless told, it ends within the first letter of `text`
    that takes more than one."""
    data = line(text, path=path) + last_line(path=path)
    first = next((i for i, byte in enumerate(data) if byte > 0x7F), 0) + 1 if at is None else at
    return Reply([part for part in (data[:first], 0.01, data[first:]) if part])


def line_separators(*, path: str = CHAT) -> Reply:
    """U+0085, U+2028 and U+2029, raw, within a text."""
    raw = json.dumps(chunk(MODEL, "a\u0085b\u2028c\u2029d", path=path), ensure_ascii=False).encode() + b"\n"
    return Reply([raw, *end(path)])


def blank_lines(*, path: str = CHAT) -> Reply:
    """A proper reply with empty lines between, and CRLF."""
    first, second = (line(piece, path=path) for piece in PIECES)
    return Reply([b"\n", first, b"\r\n \n", second, b"\n", *end(path)])
