"""The bytes of long chat replies, made before anybody asks: lines and framing as servers write them."""

from __future__ import annotations

import json
from functools import cache

MODEL = "qwen2.5-coder:1.5b"
COALESCED_BYTES = 16 * 1024
HEAD = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\n"
    b"Date: Sun, 22 Nov 2026 15:00:30 GMT\r\nTransfer-Encoding: chunked\r\n\r\n"
)
LAST_CHUNK = b"0\r\n\r\n"
_WORDS = ("¡", "B", "uen", "os", " días", "!", " ¿", "Qué", " tal", " has", " dorm", "ido", "?", " Yo", " muy", " bien")
_COUNTERS = {
    "done_reason": "stop",
    "total_duration": 245217879,
    "load_duration": 1219999,
    "prompt_eval_count": 35,
    "prompt_eval_duration": 32926000,
}


def word(number: int) -> str:
    """What the line of this number says."""
    return _WORDS[number % len(_WORDS)]


@cache
def text(lines: int) -> str:
    """What a reply of so many lines says."""
    return "".join(map(word, range(lines - 1)))


@cache
def lines_of(lines: int) -> tuple[bytes, ...]:
    """A whole reply; its last line says no word but ends it."""
    return (*(_line(number, word(number)) for number in range(lines - 1)), _last_line(lines))


@cache
def chunked(shape: str, lines: int) -> bytes:
    """A reply's body, chunked: a chunk a line, or chunks of 16 KiB that cut lines anywhere."""
    if shape == "back-to-back":
        return b"".join(map(chunk, lines_of(lines))) + LAST_CHUNK
    whole = b"".join(lines_of(lines))
    pieces = (whole[at : at + COALESCED_BYTES] for at in range(0, len(whole), COALESCED_BYTES))
    return b"".join(map(chunk, pieces)) + LAST_CHUNK


def chunk(data: bytes) -> bytes:
    return b"%x\r\n%b\r\n" % (len(data), data)


def _line(number: int, content: str, **more: object) -> bytes:
    created_at = f"2026-11-22T15:{number // 1800 % 60:02}:{number // 30 % 60:02}.{628242844 + number}Z"
    message = {"role": "assistant", "content": content}
    line = {"model": MODEL, "created_at": created_at, "message": message, "done": False} | more
    return json.dumps(line, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _last_line(lines: int) -> bytes:
    return _line(lines - 1, "", done=True, **_COUNTERS, eval_count=lines - 1, eval_duration=lines * 28_000_000)
