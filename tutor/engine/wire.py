"""HTTP/1.1 by h11, as far as one trusted client needs it: requests read with limits, answers whole or line by line."""

from __future__ import annotations

import asyncio
import email.utils
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import h11

from tutor.engine.go_json import to_bytes

HEAD_LIMIT_BYTES: Final = 12 * 1024
READ_BYTES: Final = 4 * 1024
"""A head may be this much longer than the limit, when its end comes with the read that crosses it."""
BODY_LIMIT_BYTES: Final = 4 * 1024 * 1024
UNFRAMED_LIMIT_BYTES: Final = 2048
JSON: Final = "application/json; charset=utf-8"
NDJSON: Final = "application/x-ndjson"
ONCE: Final = ("authorization", "origin")


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


def new_exchange() -> h11.Connection:
    """The state of one client's connection."""
    return h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_LIMIT_BYTES)


async def read_request(
    http: h11.Connection, reader: asyncio.StreamReader, writer: asyncio.StreamWriter
) -> Request | None:
    """The next request of the connection; None when the client has hung up between two. Raises Malformed."""
    asked = await _event(http, reader, READ_BYTES)
    if not isinstance(asked, h11.Request):
        return None
    headers = _checked(asked)
    if http.they_are_waiting_for_100_continue:
        writer.write(http.send(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue")) or b"")
    body = b""
    while isinstance(event := await _event(http, reader, BODY_LIMIT_BYTES), h11.Data):
        body += event.data
        _within_limit(len(body))
    return Request(asked.method.decode(), asked.target.decode("latin-1").partition("?")[0], headers, body)


async def _event(http: h11.Connection, reader: asyncio.StreamReader, most_bytes: int) -> object:
    try:
        while (event := http.next_event()) is h11.NEED_DATA:
            http.receive_data(await reader.read(most_bytes))
    except h11.RemoteProtocolError as trouble:
        raise Malformed(HTTPStatus(trouble.error_status_hint)) from trouble
    return event


def _checked(asked: h11.Request) -> dict[str, str]:
    """The headers, where nothing about them or the target is more than this server means to understand."""
    names = [name.decode() for name, _value in asked.headers]
    headers = {name.decode(): value.decode("latin-1") for name, value in asked.headers}
    framed_twice = {"content-length", "transfer-encoding"} <= headers.keys()
    if framed_twice or not asked.target.startswith(b"/") or any(names.count(name) > 1 for name in ONCE):
        raise Malformed(HTTPStatus.BAD_REQUEST)
    _within_limit(int(headers.get("content-length", 0)))
    return headers


def _within_limit(size: int) -> None:
    if size > BODY_LIMIT_BYTES:
        raise Malformed(HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def head_of(http: h11.Connection, status: int, headers: Mapping[str, str]) -> bytes:
    """Status line and headers, the date among them; without a length the body is chunked."""
    dated = [*headers.items(), ("Date", email.utils.formatdate(usegmt=True))]
    return http.send(h11.Response(status_code=status, headers=dated, reason=HTTPStatus(status).phrase)) or b""


def part_of(http: h11.Connection, data: bytes) -> bytes:
    """A part of the body: one chunk, where it is chunked."""
    return http.send(h11.Data(data=data)) or b""


def end_of(http: h11.Connection) -> bytes:
    """What ends the body."""
    return http.send(h11.EndOfMessage()) or b""


def framed(http: h11.Connection, answer: Answer, *, head_only: bool) -> bytes:
    """The answer's bytes. Longer ones go out chunked, in one chunk, as Ollama's library does it."""
    headers = {"Content-Type": answer.content_type} if answer.content_type else {}
    headers |= answer.headers
    if len(answer.body) <= UNFRAMED_LIMIT_BYTES or head_only:
        headers["Content-Length"] = str(len(answer.body))
    head = head_of(http, answer.status, headers)
    return head + (b"" if head_only or not answer.body else part_of(http, answer.body)) + end_of(http)
