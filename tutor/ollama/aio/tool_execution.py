"""One call of a tool, from a coroutine."""

from __future__ import annotations

import asyncio
import inspect
from typing import Any

from tutor.ollama.aio.runtime import current
from tutor.ollama.functions import BoundCall
from tutor.ollama.threads import cancelled, too_slow
from tutor.ollama.toolbox import result_text


async def invoke(bound: BoundCall, timeout_s: float | None) -> str:
    """The function's result as text; coroutine functions are awaited, others run in a thread of their own.

    After `timeout_s` a coroutine is cancelled, a thread left to itself, and TimeoutError raised. Whatever the function
    raises passes through.
    """
    runtime = current()
    limit = runtime.timeout_at(None if timeout_s is None else runtime.time() + timeout_s)
    try:
        async with limit:
            return result_text(await _result(bound))
    except TimeoutError as error:
        if limit.expired():
            raise too_slow(timeout_s) from error
        raise
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise cancelled() from None


async def _result(bound: BoundCall) -> Any:
    # An `async def` is called here: what it does before its first await belongs on the loop as well.
    result = bound.call() if bound.is_async else await current().in_thread(bound.call)
    return await result if inspect.isawaitable(result) else result
