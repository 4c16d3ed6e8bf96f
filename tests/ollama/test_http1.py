"""HTTP/1.1 without a socket: what is sent is what arrives, however it is cut; and no laxer than h11."""

from __future__ import annotations

import time
import tracemalloc
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import NamedTuple

import h11
import httpx
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tutor.ollama.http1 import Chunked, Counted, Reception, UntilClosed

REFUSED = httpx.RemoteProtocolError
HEAD = b"HTTP/1.1 200 OK\r\n"
WAITING = (h11.ConnectionClosed, h11.NEED_DATA, h11.PAUSED)
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"


class Result(NamedTuple):
    """What came of a reply."""

    content: bytes
    ended: bool
    reusable: bool
    refused: bool = False


def ours(pieces: Iterable[bytes], method: str = "GET") -> Result:
    """The result by our reader; b"" among the pieces stands for the end of the connection."""
    reception = Reception(method)
    reception.request(b"/", [(b"host", b"x")])
    try:
        for piece in pieces:
            reception.feed(piece)
    except REFUSED:
        return Result(b"".join(reception.ready), ended=False, reusable=False, refused=True)
    return Result(b"".join(reception.ready), reception.ended, reception.ended and reception.reusable)


def theirs(data: bytes, method: str = "GET", *, closed: bool = False) -> Result:
    """The result by h11."""
    connection = h11.Connection(h11.CLIENT)
    connection.send(h11.Request(method=method, target="/", headers=[("host", "x")]))
    connection.send(h11.EndOfMessage())
    content, ended = b"", False
    try:
        for arrival in (data, b"")[: 1 + closed]:
            connection.receive_data(arrival)
            while not isinstance(event := connection.next_event(), WAITING):
                content += event.data if isinstance(event, h11.Data) else b""
                ended = ended or isinstance(event, h11.EndOfMessage)
    except h11.RemoteProtocolError:
        # Bytes behind the end are no defect of the reply.
        return Result(content, ended, reusable=False, refused=not ended)
    reusable = connection.their_state is h11.DONE and not connection.trailing_data[0]
    return Result(content, ended, ended and reusable)


def cut(data: bytes, places: Iterable[int]) -> list[bytes]:
    edges = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [data[start:stop] for start, stop in pairwise(edges) if start < stop]


def each_byte(data: bytes) -> Iterator[bytes]:
    return (data[i : i + 1] for i in range(len(data)))


PLACES = st.lists(st.integers(0, 5000), max_size=12)
EXTENSION = st.sampled_from([b"", b"", b";a=b", b';q="x;y"', b" ", b"\t", b";bare\rreturn"])
CHUNK = st.tuples(st.binary(min_size=1, max_size=80), st.booleans(), st.integers(0, 3), EXTENSION)
TRAILERS = st.sampled_from([b"", b"", b"X-Sum: 1\r\n", b"A: 1\r\nB:\r\n", b"A: 1\r\n folded\r\n", b"A: 1\n"])


@st.composite
def chunked_bodies(draw: st.DrawFn) -> tuple[bytes, bytes]:
    """The content, and the bytes that carry it."""
    chunks = draw(st.lists(CHUNK, max_size=8))
    wire = b""
    for content, upper, zeros, extension in chunks:
        size = b"0" * zeros + b"%x" % len(content)
        wire += (size.upper() if upper else size) + extension + b"\r\n" + content + b"\r\n"
    last = b"0" * draw(st.integers(1, 4)) + draw(EXTENSION)
    return b"".join(chunk[0] for chunk in chunks), wire + last + b"\r\n" + draw(TRAILERS) + b"\r\n"


@given(chunked_bodies(), PLACES)
def test_chunks_arrive_whole_however_they_are_cut(body: tuple[bytes, bytes], places: list[int]) -> None:
    content, wire = body
    expected = Result(content, ended=True, reusable=True)
    assert ours(cut(CHUNKED + wire, places)) == expected
    assert ours(each_byte(CHUNKED + wire)) == expected
    assert ours([CHUNKED, wire]) == expected
    assert theirs(CHUNKED + wire) == expected


@given(st.binary(max_size=300), PLACES)
def test_a_counted_body_arrives_whole(content: bytes, places: list[int]) -> None:
    wire = HEAD + b"Content-Length: %d\r\n\r\n" % len(content) + content
    expected = Result(content, ended=True, reusable=True)
    assert ours(cut(wire, places)) == ours(each_byte(wire)) == theirs(wire) == expected


@given(st.binary(max_size=300), PLACES)
def test_a_body_without_a_length_ends_with_the_connection(content: bytes, places: list[int]) -> None:
    pieces = cut(HEAD + b"\r\n" + content, places)
    assert ours(pieces) == Result(content, ended=False, reusable=False)
    assert ours([*pieces, b""]) == Result(content, ended=True, reusable=False)


@given(chunked_bodies(), st.binary(min_size=1, max_size=20), PLACES)
def test_what_comes_after_the_end_spoils_the_connection_alone(
    body: tuple[bytes, bytes], surplus: bytes, places: list[int]
) -> None:
    content, wire = body
    counted = HEAD + b"Content-Length: %d\r\n\r\n" % len(content) + content
    for whole in (CHUNKED + wire, counted):
        for pieces in ([whole + surplus], [whole, surplus], [whole, b""], cut(whole + surplus, places)):
            assert ours(pieces) == Result(content, ended=True, reusable=False)


STATUS = st.one_of(
    st.sampled_from(
        [b"HTTP/1.1 200 OK", b"HTTP/1.1 200", b"HTTP/1.0 200 OK", b"HTTP/1.1 204 No", b"HTTP/1.1 304 Same"]
    ),
    st.sampled_from(
        [b"HTTP/1.1 500 \xff", b"HTTP/2.0 200 OK", b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK", b"HTTP/1.1 101 Up"]
    ),
    st.sampled_from(
        [b"HTTP/1.1 103 Hint\r\nA: b\r\n\r\nHTTP/1.1 200 OK", b"HTTP/1.1 999 Odd", b"HTTP/1.1 099 Odd", b"ICY 200 OK"]
    ),
)
FIELD = st.one_of(
    st.sampled_from(
        [b"Transfer-Encoding: chunked", b"Transfer-Encoding: Chunked", b"transfer-encoding: gzip, chunked"]
    ),
    st.sampled_from(
        [b"Transfer-Encoding: identity", b"Content-Length: 12", b"Content-Length: 0", b"Content-Length: 12, 12"]
    ),
    st.sampled_from(
        [b"Content-Length: -1", b"Content-Length: 12x", b"Content-Length: " + b"9" * 5000, b"Content-Length:"]
    ),
    st.sampled_from(
        [b"Connection: close", b"Connection: keep-alive", b"Connection: Keep-Alive, CLOSE", b"Connection: x,,y"]
    ),
    st.sampled_from(
        [b"X: y", b"X:\xe9", b" folded", b"X : y", b"no colon", b"X: \x00", b"Content-Type: application/x-ndjson"]
    ),
)
EDIT = st.tuples(
    st.integers(0, 5000), st.sampled_from(["set", "insert", "drop"]), st.sampled_from(b"\r\n\0 \t;:09afFgx,")
)


@st.composite
def replies(draw: st.DrawFn) -> bytes:
    """A reply, sound or not, with a few bytes changed."""
    head = b"\r\n".join([draw(STATUS), *draw(st.lists(FIELD, max_size=4))])
    body = draw(st.one_of(st.binary(max_size=40), chunked_bodies().map(lambda pair: pair[1])))
    if draw(st.booleans()):
        head = draw(STATUS) + b"\r\nTransfer-Encoding: chunked"
    data = bytearray(head + b"\r\n\r\n" + body + draw(st.sampled_from([b"", b"", b"HTTP/1.1 200 OK\r\n\r\n", b"x"])))
    for place, what, byte in draw(st.lists(EDIT, max_size=3)):
        at = place % (len(data) + 1)
        data[at : at + (what != "insert")] = b"" if what == "drop" else bytes([byte])
    return bytes(data)


@settings(max_examples=150)
@given(replies(), st.sampled_from(["GET", "HEAD"]), st.booleans(), PLACES)
@example(HEAD + b"Connection: close\r\nConnection: keep-alive\r\nContent-Length: 0\r\n\r\n", "GET", False, [])
@example(CHUNKED + b"1 ;x\r\na\r\n0\r\n\r\n", "GET", True, [])
@example(CHUNKED + b"1;a\nb\r\na\r\n0\r\n\r\n", "GET", True, [])
@example(CHUNKED + b"1\r\na\r\n0\r\nno colon\r\n\r\n", "GET", True, [])
@example(CHUNKED + b"0\r\n\n", "GET", False, [])
@example(CHUNKED + b"00000000000000001\r\na\r\n0\r\n\r\n", "GET", False, [])
def test_h11_agrees(data: bytes, method: str, closed: bool, places: list[int]) -> None:
    """Also on what is wrong: it may be refused here and not there, never the other way round."""
    there = theirs(data, method, closed=closed)
    end = [b""] if closed else []
    for pieces in ([data], cut(data, places), list(each_byte(data))):
        here = ours([*pieces, *end], method)
        assert here.refused == there.refused
        assert here.content == there.content
        assert (here.ended, here.reusable) == (there.ended, here.reusable and there.reusable)


def test_the_connection_is_for_another_request_where_h11_says_so() -> None:
    """The property above lets ours be stricter; here it may not be."""
    for fields in (b"", b"Connection: keep-alive\r\n", b"Connection: x, y\r\n"):
        assert ours([HEAD + fields + b"Content-Length: 1\r\n\r\na"]).reusable
        assert not ours([b"HTTP/1.0 200 OK\r\n" + fields + b"Content-Length: 1\r\n\r\na"]).reusable
    assert not ours([HEAD + b"Connection: x, Close\r\nContent-Length: 1\r\n\r\na"]).reusable
    assert not ours([HEAD + b"Connection: close\r\nConnection: x\r\nContent-Length: 1\r\n\r\na"]).reusable
    for status in (b"204", b"304"):
        assert ours([b"HTTP/1.1 " + status + b" x\r\n\r\n"]) == Result(b"", ended=True, reusable=True)
    assert ours([HEAD + b"Content-Length: 5\r\n\r\n"], "HEAD") == Result(b"", ended=True, reusable=True)


def test_the_head_is_handed_over_as_it_came() -> None:
    reception = Reception("POST")
    assert reception.request(b"/api/chat", [(b"Host", b"x")]) == b"POST /api/chat HTTP/1.1\r\nHost: x\r\n\r\n"
    reception.feed(b"HTTP/1.1 404 Not Fo")
    assert reception.head is None
    reception.feed(b"und\r\nX-One: 1\r\nx-one: 2\r\n\r\n")
    assert reception.head == (404, b"Not Found", [(b"X-One", b"1"), (b"x-one", b"2")])


def test_headers_that_http_does_not_allow_are_not_sent() -> None:
    with pytest.raises(httpx.LocalProtocolError):
        Reception("POST").request(b"/", [(b"Host", b"x"), (b"a", b"b\r\nc: d")])


@pytest.mark.parametrize(
    ("wire", "words"),
    [
        (b"", "disconnected"),
        (b"HTTP/1.1 2", "disconnected"),
        (HEAD + b"Content-Length: 2\r\n\r\na", "complete message body"),
        (CHUNKED + b"2\r\nab\r\n", "complete message body"),
        (CHUNKED + b"0\r\nX: y\r\n", "complete message body"),
    ],
)
def test_a_reply_that_stops_is_a_defect(wire: bytes, words: str) -> None:
    reception = Reception("GET")
    if wire:
        reception.feed(wire)
    with pytest.raises(REFUSED, match=words):
        reception.feed(b"")


def fed(chunked: Chunked, pieces: Iterable[bytes]) -> None:
    for piece in pieces:
        chunked.feed(piece, [])


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"\r\n", "begin with its size"),
        (b"g\r\n", "begin with its size"),
        (b"-1\r\na", "begin with its size"),
        (b"0x1\r\na", "begin with its size"),
        (b"1\r\nabc", "longer"),
        (b"1\r\na\rb", "longer"),
        (b"1" * 4096, "takes no end"),
        (b"1;" + b"a" * 4093 + b"\r\na\r\n0\r\n\r\n", "takes no end"),
        (b"0\r\n" + b"a" * 16_383, "trailers"),
        (b"0\r\nX: " + b"a" * 20_000 + b"\r\n\r\n", "trailers"),
        (b"0\r\nnothing\r\n\r\n", "illegal header line"),
    ],
)
def test_broken_framing_is_refused_however_it_is_cut(body: bytes, words: str) -> None:
    for pieces in ([body], list(each_byte(body))):
        with pytest.raises(REFUSED, match=words):
            fed(Chunked(), pieces)


@pytest.mark.parametrize(
    "body", [b"1;" + b"a" * 4092 + b"\r\na\r\n0\r\n\r\n", b"0\r\nX: " + b"a" * 16_376 + b"\r\n\r\n"]
)
def test_as_much_as_is_allowed_passes_however_it_is_cut(body: bytes) -> None:
    assert ours([CHUNKED + body]).ended
    assert ours([CHUNKED, *each_byte(body)]).ended


def test_bodies_by_themselves() -> None:
    ready: list[bytes]
    counted = Counted(3)
    for data, got, ended, surplus in ((b"ab", [b"ab"], False, b""), (b"", [], False, b""), (b"cd", [b"c"], True, b"d")):
        counted.feed(data, ready := [])
        assert (ready, counted.ended, counted.surplus) == (got, ended, surplus)
    assert Counted(0).ended
    until_closed = UntilClosed()
    for data, got in ((b"a", [b"a"]), (b"", [])):
        until_closed.feed(data, ready := [])
        assert (ready, until_closed.ended) == (got, False)


MEGABYTE = 1 << 20


def drained(pieces: Iterable[bytes]) -> tuple[int, float]:
    """How much content came, and in how many seconds of this process."""
    reception, length = Reception("GET"), 0
    reception.feed(CHUNKED)
    began = time.process_time()
    with suppress(REFUSED):
        for piece in pieces:
            reception.feed(piece)
            length += sum(map(len, reception.ready))
            reception.ready.clear()
    return length, time.process_time() - began


def drained_within(limit_s: float, wire: bytes, step: int) -> int:
    """How much content came; on a busy machine even the time of one's own is longer, so there are three tries."""
    for _ in range(3):
        length, taken_s = drained(in_steps(wire, step))
        if taken_s < limit_s:
            return length
    pytest.fail(f"took more than {limit_s} s")


def held(pieces: Iterable[bytes]) -> int:
    """The most memory that is held meanwhile, in bytes."""
    tracemalloc.start()
    try:
        drained(pieces)
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def in_steps(data: bytes, step: int) -> Iterator[bytes]:
    return (data[i : i + step] for i in range(0, len(data), step))


def one_chunk(length: int) -> bytes:
    return b"%x\r\n" % length + b"a" * length + b"\r\n0\r\n\r\n"


@pytest.mark.parametrize("step", [1, 10])
def test_small_arrivals_cost_the_same_each(step: int) -> None:
    """Eight times as many take eight times as long, not sixty-four times; nothing is kept."""
    few, many = (one_chunk(eighths * step * MEGABYTE // 40) for eighths in (1, 8))
    short_s = min(drained(in_steps(few, step))[1] for _ in range(2))
    assert drained_within(20 * short_s, many, step) == 8 * step * MEGABYTE // 40
    assert held(in_steps(few, step)) < 64 * 1024


@pytest.mark.parametrize("step", [7, 65_536, 10 * MEGABYTE])
def test_a_hundred_thousand_small_chunks(step: int) -> None:
    wire = b"1\r\na\r\n" * 100_000 + b"0\r\n\r\n"
    assert drained_within(3.0, wire, step) == 100_000


@pytest.mark.parametrize("start", [b"1;", b"0\r\nX: ", b"1"])
@pytest.mark.parametrize("step", [1, 10, 4000, MEGABYTE + 10])
def test_nothing_endless_is_gathered(start: bytes, step: int) -> None:
    wire = start + b"1" * MEGABYTE
    length, taken_s = drained(in_steps(wire, step))
    assert length == 0
    assert taken_s < 2
    assert held(in_steps(wire, step)) < 3 * MEGABYTE
