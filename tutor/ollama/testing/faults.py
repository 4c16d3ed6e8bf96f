"""Bad days, by name. Each gives a `Reply` for `ScriptedOllama.script`."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache

from tutor.ollama.testing.replies import JSON, NDJSON, Reply, Step
from tutor.ollama.testing.speech import chunk, encode, error_reply, last_line, line

PIECES = ("Ho", "la")
MODEL = "qwen2.5:7b"


def close_before_headers() -> Reply:
    """The request is read, then the connection closed."""
    return Reply(opening="fin")


def reset_before_headers() -> Reply:
    """The request is read, then the connection reset."""
    return Reply(opening="rst")


def hang_before_headers() -> Reply:
    """Nothing is ever answered: a model that loads for ever."""
    return Reply(opening="hang")


def hang_before_first_token() -> Reply:
    """Headers, then nothing."""
    return Reply(ending="hang")


def stall_mid_stream(pieces: Sequence[str] = PIECES) -> Reply:
    """Some words, then nothing more."""
    return Reply(_lines(pieces), ending="hang")


def reset_mid_stream(pieces: Sequence[str] = PIECES) -> Reply:
    """Some words, then a reset."""
    return Reply([*_lines(pieces), 0.02], ending="rst")


def close_mid_stream(pieces: Sequence[str] = PIECES) -> Reply:
    """Some words, then the connection closed without the end of the chunked body."""
    return Reply(_lines(pieces), ending="fin")


def close_delimited_cut(pieces: Sequence[str] = PIECES) -> Reply:
    """A body without a length that ends between two lines: looks like an end in order."""
    return Reply(_lines(pieces), framing="close", ending="fin")


def close_delimited_cut_in_line(pieces: Sequence[str] = PIECES) -> Reply:
    """A body without a length that ends within a line."""
    return Reply([*_lines(pieces), line("adiós")[:40]], framing="close", ending="fin")


def malformed_line(pieces: Sequence[str] = PIECES) -> Reply:
    """A line that is no JSON."""
    return Reply([*_lines(pieces), b'{"model": oops\n', *_end()])


def list_line(pieces: Sequence[str] = PIECES) -> Reply:
    """A line that is JSON, but no object."""
    return Reply([*_lines(pieces), b"[1,2]\n", *_end()])


def error_mid_stream(pieces: Sequence[str] = PIECES) -> Reply:
    """After some words, an error whose text is itself JSON, as Ollama passes on those of its runner."""
    inner = json.dumps({"error": {"code": 500, "message": "the runner ran out of memory", "type": "server_error"}})
    return Reply([*_lines(pieces), encode({"error": inner}) + b"\n"])


def error_object_mid_stream(pieces: Sequence[str] = PIECES) -> Reply:
    """After some words, an error that is an object in place of a text."""
    return Reply([*_lines(pieces), b'{"error":{"code":7,"message":"the runner stumbled"}}\n'])


def error_number_mid_stream(pieces: Sequence[str] = PIECES) -> Reply:
    """After some words, an error that is a number."""
    return Reply([*_lines(pieces), b'{"error":123}\n'])


def scalar_mid_stream(pieces: Sequence[str] = PIECES) -> Reply:
    """After some words, a bare text as a line."""
    return Reply([*_lines(pieces), b'"the runner is gone"\n'])


def model_missing() -> Reply:
    """404, as for a model that nobody pulled."""
    return error_reply(f"model '{MODEL}' not found", 404)


def server_error() -> Reply:
    """500 with a text that is itself JSON."""
    inner = {"error": {"code": 500, "message": "CUDA error: out of memory", "type": "server_error"}}
    return error_reply(json.dumps(inner), 500)


def busy() -> Reply:
    """503: the queue is full."""
    return error_reply("server busy, please try again.  maximum pending requests exceeded", 503)


def bad_gateway_page() -> Reply:
    """502 with a page, from a proxy in front."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"
    return Reply([page], status=502, headers={"Content-Type": "text/html"}, framing="length")


def redirect() -> Reply:
    """302 to nowhere."""
    return Reply(status=302, headers={"Location": "http://127.0.0.1:9/login"}, framing="length")


def huge_line(size_bytes: int = 1_000_000) -> Reply:
    """One line of this size, in pieces of 16 KiB, then the end."""
    data = line("a" * size_bytes)
    cuts: list[Step] = [data[i : i + 16384] for i in range(0, len(data), 16384)]
    return Reply([*cuts, *_end()])


def endless_line() -> Reply:
    """A line that never ends."""

    def steps() -> Iterator[Step]:
        yield line("")[:-30]
        while True:
            yield b"a" * 65536

    return Reply(steps)


def invalid_utf8(pieces: Sequence[str] = PIECES) -> Reply:
    """Some words, then a byte that is no UTF-8."""
    return Reply([*_lines(pieces), line("mañana").replace("ñ".encode(), b"\xff"), *_end()])


def bytewise(text: str = "¡Mañana! 👩‍👩‍👧 你好") -> Reply:
    """A proper reply, every byte a chunk of its own."""
    data = line(text) + last_line()
    return Reply([data[i : i + 1] for i in range(len(data))])


def line_separators() -> Reply:
    """U+0085, U+2028 and U+2029, raw, within a text."""
    raw = json.dumps(chunk(MODEL, "a\u0085b\u2028c\u2029d"), ensure_ascii=False).encode() + b"\n"
    return Reply([raw, *_end()])


def blank_lines() -> Reply:
    """A proper reply with empty lines between, and CRLF."""
    return Reply([b"\n", line("Ho"), b"\r\n \n", line("la"), b"\n", *_end()])


def done_early() -> Reply:
    """The final object, then more words and another end."""
    return Reply([*_lines(PIECES), last_line(), line("¡más!"), last_line(eval_count=99)])


def no_done(pieces: Sequence[str] = PIECES) -> Reply:
    """An end in order, without a final object."""
    return Reply(_lines(pieces))


def done_false() -> Reply:
    """What the repeat guard leaves: one whole object that says `done: false`."""
    return Reply([encode(chunk(MODEL, "la la la"))], headers={"Content-Type": JSON}, framing="length")


def empty_body() -> Reply:
    """200 and not a byte."""
    return Reply(framing="length")


def empty_reply() -> Reply:
    """Only the final object: the model said nothing."""
    return Reply(_end())


def only_thinking() -> Reply:
    """Thoughts and an end, but no words."""
    thoughts = [encode(chunk(MODEL, message={"thinking": text})) + b"\n" for text in ("Hm", "…")]
    return Reply([*thoughts, *_end()])


def message_missing() -> Reply:
    """A final object without `message`, as old servers send it."""
    final = {k: v for k, v in json.loads(last_line()).items() if k != "message"}
    return Reply([*_lines(PIECES), encode(final) + b"\n"])


def endless() -> Reply:
    """Words for ever, as fast as they are read."""

    def steps() -> Iterator[Step]:
        while True:
            yield line("la ")

    return Reply(steps)


def drip(delay_s: float = 0.05) -> Reply:
    """Words for ever, slowly enough to beat any limit on a single pause."""

    def steps() -> Iterator[Step]:
        while True:
            yield line("la ")
            yield delay_s

    return Reply(steps)


def wrong_content_type() -> Reply:
    """Success, but a page: something else lives at this address."""
    page = b"<html><body>It works!</body></html>"
    return Reply([page], headers={"Content-Type": "text/html"}, framing="length")


def gzip_bomb() -> Reply:
    """A small body that would swell to 50 MB."""
    return Reply([_bomb()], headers={"Content-Type": NDJSON, "Content-Encoding": "gzip"}, framing="length")


def huge_headers() -> Reply:
    """A header of 200 KB."""
    return Reply(_end(), headers={"Content-Type": NDJSON, "X-Huge": "a" * 200_000})


def _lines(pieces: Sequence[str]) -> list[Step]:
    return [line(piece) for piece in pieces]


def _end() -> list[Step]:
    return [last_line()]


@cache
def _bomb() -> bytes:
    return gzip.compress(bytes(50_000_000), compresslevel=1)


FAULTS: dict[str, Callable[[], Reply]] = {
    fault.__name__: fault
    for fault in (
        close_before_headers, reset_before_headers, hang_before_headers, hang_before_first_token,
        stall_mid_stream, reset_mid_stream, close_mid_stream, close_delimited_cut, close_delimited_cut_in_line,
        malformed_line, list_line, error_mid_stream, error_object_mid_stream, error_number_mid_stream,
        scalar_mid_stream, model_missing, server_error, busy, bad_gateway_page, redirect, huge_line, endless_line,
        invalid_utf8, bytewise, line_separators, blank_lines, done_early, no_done, done_false, empty_body,
        empty_reply, only_thinking, message_missing, endless, drip, wrong_content_type, gzip_bomb, huge_headers,
    )
}  # fmt: skip
