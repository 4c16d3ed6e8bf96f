"""What to do, over httpx, when a server reads no more of a request.

It may have answered already: a server that refuses an upload need not hang up. httpcore looks for a reply where writing
fails, but not where it takes too long; so the one is told as the other, and the reply has to be there.
"""

from __future__ import annotations

import contextlib
from collections.abc import Mapping, MutableMapping
from functools import partial
from typing import Any
from weakref import ReferenceType, ref

import httpcore

_LOOK_S = 0.5


class Stalled(httpcore.WriteError):
    """The time for writing is over."""


def note(event: str, info: Mapping[str, Any], limits: MutableMapping[str, float | None]) -> None:
    """After each event of httpx's `trace` extension: no more than a look, if writing took too long."""
    if event.endswith(".send_request_body.failed") and isinstance(info["exception"], Stalled):
        limits["read"] = _LOOK_S


def tell(stream: httpcore.NetworkStream) -> None:
    """Have a new connection tell of it."""
    with contextlib.suppress(AttributeError):  # of a stream that is not httpcore's own
        stream.write = partial(_write, ref(stream))  # type: ignore[method-assign]


def tell_async(stream: httpcore.AsyncNetworkStream) -> None:
    """Have a new connection tell of it."""
    with contextlib.suppress(AttributeError):
        stream.write = partial(_write_async, ref(stream))  # type: ignore[method-assign]


def _write(held: ReferenceType[httpcore.NetworkStream], buffer: bytes, timeout: float | None = None) -> None:
    stream = held()
    assert stream is not None  # noqa: S101 - it is what is being called
    try:
        type(stream).write(stream, buffer, timeout)
    except httpcore.WriteTimeout as error:
        raise Stalled from error


async def _write_async(
    held: ReferenceType[httpcore.AsyncNetworkStream],
    buffer: bytes,
    timeout: float | None = None,  # noqa: ASYNC109 - as httpcore calls it
) -> None:
    stream = held()
    assert stream is not None  # noqa: S101
    try:
        await type(stream).write(stream, buffer, timeout)
    except httpcore.WriteTimeout as error:
        raise Stalled from error
