"""One call of a tool, from a program without an event loop."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from concurrent.futures import wait
from typing import Any

from tutor.ollama.functions import BoundCall
from tutor.ollama.threads import cancelled, start, too_slow
from tutor.ollama.toolbox import result_text


def invoke(bound: BoundCall, timeout_s: float | None) -> str:
    """The function's result as text; coroutine functions run on an event loop of their own, in a thread.

    With a time limit all functions run in a thread, which is left to itself when the time is up (a coroutine is
    cancelled), and TimeoutError is raised. Whatever the function raises passes through.
    """
    try:
        return _invoked(bound, timeout_s)
    except asyncio.CancelledError:
        raise cancelled() from None


def _invoked(bound: BoundCall, timeout_s: float | None) -> str:
    call = bound.call
    if timeout_s is None and not bound.is_async:
        result = bound.call()
        if not inspect.isawaitable(result):
            return result_text(result)
        call = _giving(result)
    # In a thread even without a limit: the caller's may have a running loop, and then no other can run in it.
    future = start(lambda: _completed(call, timeout_s))
    if not wait([future], timeout_s).done:
        raise too_slow(timeout_s)
    return result_text(future.result())


def _giving(result: Any) -> Callable[[], Any]:
    return lambda: result


def _completed(call: Callable[[], Any], timeout_s: float | None) -> Any:
    result = call()
    return asyncio.run(_awaited(result, timeout_s)) if inspect.isawaitable(result) else result


async def _awaited(awaitable: Awaitable[Any], timeout_s: float | None) -> Any:
    limit = asyncio.timeout(timeout_s)
    try:
        async with limit:
            return await awaitable
    except TimeoutError as error:
        if limit.expired():
            raise too_slow(timeout_s) from error
        raise
