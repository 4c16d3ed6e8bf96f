"""Bytes in, objects out: each thing that a line can be. Whole streams are in `test_properties`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tutor.ollama import (
    ChatResponse,
    InvalidUtf8,
    LineTooLong,
    MalformedLine,
    OllamaError,
    ResponseError,
    TruncatedBody,
)
from tutor.ollama.testing import faults
from tutor.ollama.wire import StreamDecoder, error_of_body, parse


def is_done(chunk: ChatResponse) -> bool:
    return chunk.done is True


def decoded(pieces: list[bytes], max_line_bytes: int = 1 << 23) -> Iterator[ChatResponse]:
    decoder = StreamDecoder(ChatResponse, is_last=is_done, max_line_bytes=max_line_bytes)
    for piece in pieces:
        decoder.feed(piece)
        while (chunk := decoder.next()) is not None:
            yield chunk
    decoder.finish()
    while (chunk := decoder.next()) is not None:
        yield chunk


def decode(pieces: list[bytes]) -> list[ChatResponse]:
    return list(decoded(pieces))


def test_only_newlines_cut() -> None:
    raw = faults.line_separators().whole()
    assert decode([raw])[0].message.content == "a\u0085b\u2028c\u2029d"


def test_blank_lines_are_nothing() -> None:
    assert [c.message.content for c in decode([faults.blank_lines().whole()])] == ["Ho", "la", ""]


def test_first_done_wins() -> None:
    chunks = decode([faults.done_early().whole()])
    assert [c.message.content for c in chunks] == ["Ho", "la", ""]
    assert chunks[-1].eval_count == 2


def test_last_line_needs_no_newline_but_must_be_whole() -> None:
    assert decode([b'{"done":true}'])[0].done
    with pytest.raises(TruncatedBody):
        decode([b'{"done":tr'])
    with pytest.raises(TruncatedBody):
        decode(['{"message":{"role":"a","content":"ñ'.encode()[:-1]])
    with pytest.raises(MalformedLine):
        decode([b'{"message":null,"done":true}'])


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        (b"oops", MalformedLine),
        (b"[1]", MalformedLine),
        (b"null", MalformedLine),
        (b'{"message":5}', MalformedLine),
        (b'{"a":"\xff"}', InvalidUtf8),
        (b'{"message":{"role":"a","content":"\xff"}}', InvalidUtf8),
        (b'{"message":{"role":"a","content":"\\ud800"}}', MalformedLine),
        (b"[" * 100_000, MalformedLine),
        (b'{"a":' * 100_000, MalformedLine),
        (b'"gone"', ResponseError),
        (b"17", ResponseError),
        (b'{"error":"boom"}', ResponseError),
        (b'{"error":5}', ResponseError),
        (b'{"error":{"message":"boom"}}', ResponseError),
        (b'{"error":"boom","message":5}', ResponseError),
    ],
)
def test_each_bad_line_has_its_error(line: bytes, kind: type[OllamaError]) -> None:
    with pytest.raises(kind):
        parse(line, ChatResponse)


def test_errors_quote_no_words() -> None:
    for line in (b'{"message":"mi secreto"}', b"mi secreto"):
        with pytest.raises(MalformedLine) as caught:
            parse(line, ChatResponse)
        assert "secreto" not in repr(caught.value)
        assert caught.value.__cause__ is None


def test_null_error_is_no_error() -> None:
    assert parse(b'{"error":null,"done":true}', ChatResponse).done


@pytest.mark.parametrize(
    "pieces", [[b'{"done":false}\n{"done":false,"model":"m"}'], [b'{"done":false}\n{"done"', b":false}     "]]
)
@pytest.mark.parametrize("end", [b"", b"\n"])
def test_line_cap_lets_the_lines_before_through(pieces: list[bytes], end: bytes) -> None:
    lines = decoded([*pieces, end], max_line_bytes=16)
    assert next(lines).done is False
    with pytest.raises(LineTooLong):
        next(lines)


def test_a_line_at_the_cap_is_no_defect() -> None:
    line = b'{"done":true}'
    assert next(decoded([line[:5], line[5:] + b"\n"], max_line_bytes=len(line))).done


def test_nothing_is_taken_after_the_end() -> None:
    decoder = StreamDecoder(ChatResponse, is_last=is_done, max_line_bytes=100)
    decoder.feed(b'{"done":true}\n{"done":false}\n')
    assert decoder.next()
    decoder.feed(b"nonsense\n")
    assert decoder.next() is None
    assert decoder.ended


def test_what_comes_after_the_end_is_not_even_too_long() -> None:
    decoder = StreamDecoder(ChatResponse, is_last=is_done, max_line_bytes=100)
    decoder.feed(b'{"done":true}\n' + b"x" * 200)
    assert decoder.next()
    assert decoder.next() is None
    decoder.finish()
    assert decoder.next() is None


def test_what_is_dropped_does_not_come_back() -> None:
    decoder = StreamDecoder(ChatResponse, is_last=is_done)
    decoder.feed(b'{"done":false}\n{"do')
    decoder.drop()
    decoder.feed(b'{"done":true}\n')
    chunk = decoder.next()
    assert chunk is not None
    assert chunk.done


@pytest.mark.parametrize(
    ("body", "kind", "expected"),
    [
        (b'{"error":"boom"}', "application/json", "boom"),
        (b"<html>x</html>", "text/plain", "502 Bad Gateway"),
        (b"x", "text/html", "502 Bad Gateway"),
        (b"", "", "502 Bad Gateway"),
        (b"404 page not found", "text/plain", "404 page not found"),
        (b"\xff", "", "\ufffd"),
    ],
)
def test_error_bodies(body: bytes, kind: str, expected: str) -> None:
    assert error_of_body(502, "Bad Gateway", body, kind).error == expected
