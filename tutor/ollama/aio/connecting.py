"""Connecting within a budget."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable
from typing import TypeVar

import httpx

from tutor.ollama.direct import Attempts, Origin

P = TypeVar("P", bound=asyncio.BaseProtocol)


async def reach(origin: Origin, request: httpx.Request, make: Callable[[], P]) -> P:
    """A connection to the first address of the name that answers. Raises httpx's errors.

    Not asyncio's race between the addresses, which leaks the winner when it is cancelled.
    """
    loop = asyncio.get_running_loop()
    attempts = Attempts(request)
    try:
        async with asyncio.timeout_at(attempts.until(loop.time())):
            addresses = await loop.getaddrinfo(*origin, type=socket.SOCK_STREAM)
    except TimeoutError:
        raise attempts.failure(TimeoutError()) from None
    except (OSError, UnicodeError) as error:  # the latter for a name of impossible length
        raise attempts.failure(error) from error
    failure = OSError("the name has no address")
    for left, (*_, address) in zip(range(len(addresses), 0, -1), addresses, strict=True):
        try:
            async with asyncio.timeout_at(attempts.until(loop.time(), left)):
                _, connection = await loop.create_connection(make, str(address[0]), origin[1])
                return connection
        except OSError as error:
            failure = error
    raise attempts.failure(failure) from failure
