"""A function run beside its caller, who may stop waiting for it."""

from __future__ import annotations

import contextvars
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


def start(function: Callable[[], T]) -> Future[T]:
    """Run it in a thread of its own, with the caller's context variables.

    No pool: a function that never returns would hold a place in it for ever, and the program back from ending.
    """
    future: Future[T] = Future()
    # From now on nobody can cancel the future, so that setting its result cannot fail.
    future.set_running_or_notify_cancel()
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(_settle, future, function), name="ollama-tool", daemon=True).start()
    return future


def too_slow(limit_s: float | None) -> TimeoutError:
    """The error for a function that was not waited for any longer."""
    return TimeoutError(f"no result within {limit_s:g} s")


def cancelled() -> RuntimeError:
    """The error for a function that ended in a cancellation of its own, which is not its caller's."""
    return RuntimeError("the function was cancelled")


def _settle(future: Future[T], function: Callable[[], T]) -> None:
    try:
        future.set_result(function())
    except StopIteration:
        # asyncio's futures refuse to carry it.
        future.set_exception(RuntimeError("the function raised StopIteration"))
    except BaseException as error:  # noqa: BLE001 - whoever waits gets it, KeyboardInterrupt too
        future.set_exception(error)
