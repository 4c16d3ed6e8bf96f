"""HTTP/1.1 as far as one trusted client needs it: requests read with limits, answers whole or line by line."""

from __future__ import annotations

import asyncio
import email.utils
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

from tutor.engine.go_json import to_bytes

HEAD_LIMIT_BYTES: Final = 16 * 1024
BODY_LIMIT_BYTES: Final = 4 * 1024 * 1024
UNFRAMED_LIMIT_BYTES: Final = 2048
JSON: Final = "application/json; charset=utf-8"
NDJSON: Final = "application/x-ndjson"
ONCE: Final = frozenset({"content-length", "transfer-encoding", "host", "authorization", "origin"})
TOKEN_MARKS: Final = frozenset("!#$%&'*+-.^_`|~0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ")


class Malformed(Exception):
    """Not a request this server reads; the argument is the status to answer before hanging up."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


@dataclass(frozen=True)
class Request:
    """A request, its header names in lower case, its path without the query."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""
    wants_close: bool = False


@dataclass(frozen=True)
class Answer:
    """An answer in one piece."""

    status: int
    body: bytes = b""
    content_type: str | None = None
    headers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Lines:
    """An answer with status 200 that grows; every line is sent as a chunk of its own."""

    lines: AsyncGenerator[bytes, None]


def json_answer(value: object, status: int = HTTPStatus.OK) -> Answer:
    """The value as the answer."""
    return Answer(status, to_bytes(value), JSON)


def error(text: str, status: int) -> Answer:
    """Ollama's shape of an error."""
    return json_answer({"error": text}, status)


async def read_request(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> Request | None:
    """The next request of the connection; None when the client has hung up between two. Raises Malformed."""
    try:
        head = await reader.readuntil(b"\r\n\r\n")
    except asyncio.IncompleteReadError:
        return None
    except asyncio.LimitOverrunError as trouble:
        raise Malformed(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE) from trouble
    first, *rest = head[:-4].decode("latin-1").split("\r\n")
    method, target, version = _request_line(first)
    headers = _headers(rest)
    if headers.get("expect", "").lower() == "100-continue":
        writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
    body = await _body(reader, headers)
    closes = version == "HTTP/1.0" or headers.get("connection", "").lower() == "close"
    return Request(method, target.partition("?")[0], headers, body, closes)


def _request_line(line: str) -> tuple[str, str, str]:
    words = line.split(" ")
    if len(words) != 3 or words[2] not in {"HTTP/1.1", "HTTP/1.0"} or not words[1].startswith("/"):
        raise Malformed(HTTPStatus.BAD_REQUEST)
    return words[0], words[1], words[2]


def _headers(lines: list[str]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(":")
        low = name.lower()
        if not colon or not name or not TOKEN_MARKS.issuperset(name) or (low in headers and low in ONCE):
            raise Malformed(HTTPStatus.BAD_REQUEST)
        headers[low] = value.strip(" \t")
    return headers


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    length = headers.get("content-length")
    if "transfer-encoding" in headers:
        if length is not None or headers["transfer-encoding"].lower() != "chunked":
            raise Malformed(HTTPStatus.BAD_REQUEST)
        return await _chunked_body(reader)
    if length is None:
        return b""
    if not (length.isascii() and length.isdigit()):
        raise Malformed(HTTPStatus.BAD_REQUEST)
    return await _exactly(reader, _within_limit(int(length[:12])))


async def _chunked_body(reader: asyncio.StreamReader) -> bytes:
    body = b""
    while size := await _chunk_size(reader):
        _within_limit(len(body) + size)
        body += await _exactly(reader, size)
        await _exactly(reader, 2)
    while await reader.readline() not in {b"\r\n", b""}:
        pass  # trailers mean nothing here
    return body


async def _chunk_size(reader: asyncio.StreamReader) -> int:
    try:
        return int((await reader.readuntil(b"\r\n")).partition(b";")[0].strip(), 16)
    except (ValueError, asyncio.IncompleteReadError, asyncio.LimitOverrunError) as trouble:
        raise Malformed(HTTPStatus.BAD_REQUEST) from trouble


async def _exactly(reader: asyncio.StreamReader, size: int) -> bytes:
    try:
        return await reader.readexactly(size)
    except (asyncio.IncompleteReadError, ValueError) as trouble:
        raise Malformed(HTTPStatus.BAD_REQUEST) from trouble


def _within_limit(size: int) -> int:
    if size > BODY_LIMIT_BYTES:
        raise Malformed(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return size


def head_of(status: int, headers: Mapping[str, str]) -> bytes:
    """Status line and headers, the date among them."""
    reason = HTTPStatus(status).phrase
    lines = [f"HTTP/1.1 {status} {reason}", *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, f"Date: {email.utils.formatdate(usegmt=True)}", "", ""]).encode("latin-1")


def chunk_of(data: bytes) -> bytes:
    """One chunk of the chunked coding; the last one when `data` is empty."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def framed(answer: Answer, *, head_only: bool) -> bytes:
    """The answer's bytes. Longer ones go out chunked, in one chunk, as Ollama's library does it."""
    headers = {"Content-Type": answer.content_type} if answer.content_type else {}
    headers |= answer.headers
    if len(answer.body) > UNFRAMED_LIMIT_BYTES and not head_only:
        head = head_of(answer.status, {**headers, "Transfer-Encoding": "chunked"})
        return head + chunk_of(answer.body) + chunk_of(b"")
    head = head_of(answer.status, {**headers, "Content-Length": str(len(answer.body))})
    return head if head_only else head + answer.body
