"""Real streams, and what they may become on the way."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

from tutor.ollama.testing import Recording, recording, recording_names
from tutor.ollama.testing.replies import framed

PATHS = ("/api/chat", "/api/generate", "/api/pull", "/api/push", "/api/create")
STREAMS = [
    name
    for name in recording_names()
    if recording(name).path in PATHS and "ndjson" in recording(name).headers.get("Content-Type", "")
]
HEADS = (
    b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nContent-Length: %d\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nConnection: close\r\n\r\n",
    b"HTTP/1.0 200 OK\r\nContent-Type: application/x-ndjson\r\n\r\n",
    b"HTTP/1.1 500 Internal Server Error\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n",
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 0\r\nTransfer-Encoding: chunked\r\n\r\n",
    b"HTTP/1.1 307 Temporary Redirect\r\nLocation: /elsewhere\r\nContent-Length: %d\r\n\r\n",
)
# Bytes that mean something to one of the layers.
_MEANING = b'\r\n\0 \t;:09afF{}[]"\\,\xff\x85\xed'


def ask(client: Any, name: str, model: str) -> Any:
    """The streamed call whose reply is recorded under this name."""
    match recording(name).path.rpartition("/")[2]:
        case "chat":
            return client.chat(model, [{"role": "user", "content": "hola"}], stream=True)
        case "generate":
            return client.generate(model, "hola", stream=True)
        case "create":
            return client.create(model, from_="other", stream=True)
        case call:
            return getattr(client, call)(model, stream=True)


def lines(recorded: Recording) -> list[bytes]:
    return recorded.content.splitlines(keepends=True)


def on_the_wire(pieces: Sequence[bytes], head: bytes = HEADS[0]) -> bytes:
    """A reply of these pieces, framed as its head announces."""
    if b"chunked" in head:
        return head + b"".join(framed(piece) for piece in pieces if piece) + b"0\r\n\r\n"
    body = b"".join(pieces)
    return (head % len(body) if b"%d" in head else head) + body


def mutated(rng: random.Random, data: bytes) -> bytes:
    """The same with one to four things wrong."""
    for _ in range(rng.randint(1, 4)):
        data = rng.choice(_MUTATIONS)(rng, data)
    return data


def mutated_reply(rng: random.Random, name: str, *, in_framing: bool) -> bytes:
    """A recorded stream gone wrong: in what it says alone, framed in order, or anywhere, the HTTP included."""
    pieces = lines(recording(name))
    if in_framing:
        head = rng.choice(HEADS) if rng.random() < 0.5 else HEADS[0]
        return mutated(rng, on_the_wire(pieces, head))
    body = mutated(rng, b"".join(pieces))
    places = sorted(rng.randrange(len(body) + 1) for _ in range(rng.randrange(6)))
    edges = [0, *places, len(body)]
    cut = [body[start:stop] for start, stop in pairwise(edges)]
    return on_the_wire(cut, rng.choice(HEADS[:3]))


def cut_somewhere(rng: random.Random, data: bytes) -> list[bytes]:
    """The data in one to four pieces."""
    places = sorted(rng.randrange(len(data) + 1) for _ in range(rng.randrange(4)))
    edges = [0, *places, len(data)]
    return [data[start:stop] for start, stop in pairwise(edges)]


def _flip(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes([rng.choice(_MEANING)]) + data[at + 1 :]


def _flip_any(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + rng.randbytes(1) + data[at + 1 :]


def _remove(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + data[at + rng.randint(1, 40) :]


def _stop(rng: random.Random, data: bytes) -> bytes:
    return data[: rng.randrange(len(data) + 1)]


def _insert(rng: random.Random, data: bytes) -> bytes:
    at = rng.randrange(len(data) + 1)
    return data[:at] + bytes(rng.choices(_MEANING, k=rng.randint(1, 3))) + data[at:]


def _repeat(rng: random.Random, data: bytes) -> bytes:
    at, start = rng.randrange(len(data) + 1), rng.randrange(len(data) + 1)
    return data[:at] + data[start : start + rng.randint(1, 200)] + data[at:]


def _swap_lines(rng: random.Random, data: bytes) -> bytes:
    parts = data.splitlines(keepends=True) or [b""]
    one, other = rng.randrange(len(parts)), rng.randrange(len(parts))
    parts[one], parts[other] = parts[other], parts[one]
    return b"".join(parts)


_MUTATIONS: tuple[Callable[[random.Random, bytes], bytes], ...] = (
    _flip,
    _flip_any,
    _remove,
    _stop,
    _insert,
    _repeat,
    _swap_lines,
)
