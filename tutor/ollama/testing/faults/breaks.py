"""Connections that hang, break or end too soon."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.ollama.testing.faults.scripted import PIECES, content_lines
from tutor.ollama.testing.replies import JSON, NDJSON, Reply
from tutor.ollama.testing.wire import CHAT, last_line, line


def close_before_headers(*, path: str = CHAT) -> Reply:
    """The request is read, then the connection closed."""
    return Reply(opening="fin")


def reset_before_headers(*, path: str = CHAT) -> Reply:
    """The request is read, then the connection reset."""
    return Reply(opening="rst")


def hang_before_headers(*, path: str = CHAT) -> Reply:
    """Nothing is ever answered: a model that loads for ever."""
    return Reply(opening="hang")


def hang_before_first_token(*, path: str = CHAT) -> Reply:
    """Headers, then nothing."""
    return Reply(ending="hang")


def stall_mid_stream(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """Some words, then nothing more."""
    return Reply(content_lines(pieces, path), ending="hang")


def reset_mid_stream(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """Some words, then a reset."""
    return Reply([*content_lines(pieces, path), 0.02], ending="rst")


def close_mid_stream(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """Some words, then the connection closed without the end of the chunked body."""
    return Reply(content_lines(pieces, path), ending="fin")


def chunk_cut(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """Some words, then a chunk of which only a part arrives before the connection closes."""
    lines = b"".join(
        b"%x\r\n%s\r\n" % (len(item), item) for item in content_lines(pieces, path) if isinstance(item, bytes)
    )
    headers = {"Content-Type": NDJSON, "Transfer-Encoding": "chunked"}
    cut = b"%x\r\n%s" % (len(line("adiós", path=path)), line("adiós", path=path)[:20])
    return Reply([lines + cut], headers=headers, framing="raw", ending="fin")


def length_too_long(*, path: str = CHAT) -> Reply:
    """A whole reply that is shorter than its Content-Length says."""
    data = last_line(path=path)
    headers = {"Content-Type": JSON, "Content-Length": str(len(data) + 100)}
    return Reply([data], headers=headers, framing="raw", ending="fin")


def close_delimited_cut(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """A body without a length that ends between two lines: looks like an end in order."""
    return Reply(content_lines(pieces, path), framing="close", ending="fin")


def close_delimited_cut_in_line(pieces: Sequence[str] = PIECES, *, path: str = CHAT) -> Reply:
    """A body without a length that ends within a line."""
    cut = line("adiós", path=path)
    return Reply([*content_lines(pieces, path), cut[: min(40, len(cut) - 5)]], framing="close", ending="fin")
