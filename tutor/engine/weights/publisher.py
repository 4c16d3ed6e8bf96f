"""The publisher's own file, at a pinned revision, over http with Range."""

from __future__ import annotations

import re
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import ClassVar

import httpx

from tutor.engine.weights.catalogue import WeightFile
from tutor.engine.weights.faults import Code, FetchFault
from tutor.engine.weights.partial_file import PartialFile
from tutor.engine.weights.pause_control import PauseControl

_LEAST_BYTES = 1024
_CONNECT_S = 10.0
_GONE = frozenset({401, 403, 404, 410, 451})
_CONTENT_RANGE = re.compile(r"bytes (\d+)-(\d+)/(\d+|\*)")


@dataclass(frozen=True, slots=True)
class PublisherSource:
    """`home` is the publisher's address or a mirror of it. Less than 1 KiB in `stall_s` counts as a stall."""

    HOME: ClassVar[str] = "https://huggingface.co"

    home: str = HOME
    stall_s: float = 30.0
    probe_s: float = 3.0
    code: str = "publisher"

    def offers(self, file: WeightFile) -> bool:
        """Whether a repository and a revision are pinned."""
        return bool(file.repository and file.revision)

    def spare_bytes(self, _file: WeightFile, /) -> int:
        """Nothing beside the file."""
        return 0

    def address(self, file: WeightFile) -> str:
        """Where the file stands."""
        return f"{self.home.rstrip('/')}/{file.repository}/resolve/{file.revision}/{file.name}"

    def probe(self, file: WeightFile) -> bool:
        """Ask for the head only. The address is not followed from https down to http."""
        try:
            with self._client(self.probe_s) as client:
                answer = client.head(self.address(file), headers={"Accept-Encoding": "identity"})
        except (httpx.HTTPError, httpx.InvalidURL, FetchFault):
            return False
        length = answer.headers.get("Content-Length", str(file.bytes))
        return answer.status_code == httpx.codes.OK and length == str(file.bytes)

    def pour(self, file: WeightFile, part: PartialFile, control: PauseControl) -> None:
        """One request, from the end of the part to the end of the file."""
        control.check()
        try:
            with self._answer(file, part) as answer, control.closing(lambda: _hang_up(answer)):
                skip = _start(answer, file, part)
                self._drink(answer, part, control, skip)
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            control.check()  # hung up because somebody paused or cancelled
            raise FetchFault(_code(error)) from error

    def _client(self, timeout_s: float) -> httpx.Client:
        hooks = {"request": [self._keep_safe]}
        timeout = httpx.Timeout(timeout_s, connect=min(timeout_s, _CONNECT_S))
        return httpx.Client(timeout=timeout, follow_redirects=True, max_redirects=5, event_hooks=hooks)

    def _keep_safe(self, request: httpx.Request) -> None:
        if self.home.startswith("https:") and request.url.scheme != "https":
            raise FetchFault("bad_answer")

    @contextmanager
    def _answer(self, file: WeightFile, part: PartialFile) -> Iterator[httpx.Response]:
        headers = {"Accept-Encoding": "identity"}
        if part.length:
            headers["Range"] = f"bytes={part.length}-"
            if part.journal.etag:
                headers["If-Range"] = part.journal.etag
        with self._client(self.stall_s) as client, client.stream("GET", self.address(file), headers=headers) as answer:
            yield answer

    def _drink(self, answer: httpx.Response, part: PartialFile, control: PauseControl, skip: int) -> None:
        pulse = _Pulse(self.stall_s)
        for chunk in answer.iter_raw():
            pulse.beat(len(chunk))
            dropped = min(skip, len(chunk))
            skip -= dropped
            part.append(chunk[dropped:][: part.file.bytes - part.length])
            if part.length == part.file.bytes:
                return  # whatever else the server wants to send
            control.check()
        control.check()
        raise FetchFault("cut_short")


class _Pulse:
    """A drip keeps every read timeout quiet for ever; this one counts what arrived."""

    def __init__(self, stall_s: float) -> None:
        self._stall_s = stall_s
        self._since, self._bytes = time.monotonic(), 0

    def beat(self, size: int) -> None:
        self._bytes += size
        if time.monotonic() - self._since < self._stall_s:
            return
        if self._bytes < _LEAST_BYTES:
            raise FetchFault("stalled")
        self._since, self._bytes = time.monotonic(), 0


_CODES: tuple[tuple[type[Exception], Code], ...] = (
    (httpx.ConnectTimeout, "source_unreachable"),
    (httpx.TimeoutException, "stalled"),
    (httpx.RemoteProtocolError, "cut_short"),
    (httpx.ReadError, "cut_short"),
    (httpx.TransportError, "source_unreachable"),
)


def _code(error: Exception) -> Code:
    return next((code for kind, code in _CODES if isinstance(error, kind)), "bad_answer")


def _hang_up(answer: httpx.Response) -> None:
    """Wake a reader that waits on a silent server; called from another thread."""
    connection = answer.extensions["network_stream"].get_extra_info("socket")
    with suppress(OSError):
        connection.shutdown(socket.SHUT_RDWR)


def _start(answer: httpx.Response, file: WeightFile, part: PartialFile) -> int:
    """Check the head of an answer; returns how many bytes of its body the part already has."""
    _check_status(answer)
    if answer.headers.get("Content-Encoding", "identity") != "identity":
        raise FetchFault("bad_answer")
    etag = answer.headers.get("ETag", "")
    partial = answer.status_code == httpx.codes.PARTIAL_CONTENT
    if partial:
        _check_range(answer, file, part)
    elif answer.headers.get("Content-Length", str(file.bytes)) != str(file.bytes):
        raise FetchFault("wrong_length")
    elif part.journal.etag and etag != part.journal.etag:
        part.cut_to(part.journal.trusted_bytes)  # the file there is another one than last time
    if not etag.startswith("W/") and etag != part.journal.etag:
        part.journal.etag = etag
        part.write_journal()
    return 0 if partial else part.length


def _check_status(answer: httpx.Response) -> None:
    status = answer.status_code
    if status in {httpx.codes.OK, httpx.codes.PARTIAL_CONTENT}:
        return
    if status in _GONE:
        raise FetchFault("source_missing")
    if status == httpx.codes.REQUESTED_RANGE_NOT_SATISFIABLE:
        raise FetchFault("wrong_length")
    busy = status >= httpx.codes.INTERNAL_SERVER_ERROR or status == httpx.codes.TOO_MANY_REQUESTS
    raise FetchFault("source_unreachable" if busy else "bad_answer")


def _check_range(answer: httpx.Response, file: WeightFile, part: PartialFile) -> None:
    content_range = _CONTENT_RANGE.fullmatch(answer.headers.get("Content-Range", ""))
    if content_range is None or not part.length:
        raise FetchFault("bad_answer")
    if content_range[3] not in {"*", str(file.bytes)}:
        raise FetchFault("wrong_length")
    if int(content_range[1]) != part.length:
        raise FetchFault("bad_answer")
