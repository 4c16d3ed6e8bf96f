"""One call of a tool, from a coroutine and from a program without a loop."""

from __future__ import annotations

import asyncio
import contextvars
import functools
import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.ollama.tool_examples import broken, broken_later, get_current_weather, own_timeout
from tutor.ollama.aio.tool_execution import invoke
from tutor.ollama.functions import BoundCall, FunctionTool
from tutor.ollama.sync.tool_execution import invoke as invoke_sync
from tutor.ollama.testing.received import PATIENCE_S

WHO = contextvars.ContextVar("who", default="nobody")


class Scale:
    def __init__(self, factor: int) -> None:
        self.factor = factor

    def times(self, number: int) -> int:
        return number * self.factor

    async def __call__(self, number: int) -> int:
        await asyncio.sleep(0)
        return self.times(number)


async def add(a: int, b: int) -> int:
    await asyncio.sleep(0)
    return a + b


def who() -> str:
    return WHO.get()


async def who_async() -> str:
    return WHO.get()


def in_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()


@functools.wraps(add)
def add_at_once(*args: int, **kwargs: int) -> int:
    """A wrapper that needs its thread to itself."""
    return asyncio.run(add(*args, **kwargs))


@functools.wraps(add)
async def add_more(*args: int, **kwargs: int) -> int:
    return await add(*args, **kwargs) + 1


Invoke = Callable[[BoundCall, float | None], Any]


async def sync_in_a_loop(bound: BoundCall, timeout_s: float | None) -> str:
    """The sync side, where it is hardest: in a thread whose loop is running."""
    return invoke_sync(bound, timeout_s)


BOTH_SIDES = pytest.mark.parametrize("side", [invoke, sync_in_a_loop])


@BOTH_SIDES
@pytest.mark.parametrize("timeout_s", [PATIENCE_S, None])
@pytest.mark.parametrize(
    ("function", "arguments", "expected"),
    [
        (get_current_weather, {"city": "Lima"}, "11 degrees in Lima, sunny"),
        (Scale(2).times, {"number": 4}, "8"),
        (Scale(3), {"number": "4"}, "12"),
        (functools.partial(add, b=5), {"a": 1}, "6"),
        (lambda a: add(int(a), 2), {"a": "1"}, "3"),
        (add_more, {"a": 1, "b": 2}, "4"),
        (who, {}, "a learner"),
        (who_async, {}, "a learner"),
    ],
)
async def test_every_kind_of_function_gives_its_result(
    side: Invoke, timeout_s: float | None, function: Any, arguments: dict[str, Any], expected: str
) -> None:
    WHO.set("a learner")
    assert await side(FunctionTool(function).bind(arguments), timeout_s) == expected


@BOTH_SIDES
async def test_a_plain_wrapper_of_a_coroutine_function_is_plain(side: Invoke) -> None:
    assert await side(FunctionTool(add_at_once).bind({"a": "1", "b": 2}), PATIENCE_S) == "3"


@BOTH_SIDES
@pytest.mark.parametrize("timeout_s", [PATIENCE_S, None])
@pytest.mark.parametrize("function", [broken, broken_later, own_timeout, functools.partial(broken_later)])
async def test_errors_of_the_function_pass_through(
    side: Invoke, timeout_s: float | None, function: Callable[[], Any]
) -> None:
    with pytest.raises((KeyError, ValueError, TimeoutError), match=r"no such city|later|the sensor is slow"):
        await side(FunctionTool(function).bind({}), timeout_s)


async def own_timeout_later() -> None:
    raise TimeoutError("the sensor is slow")


@BOTH_SIDES
async def test_the_functions_own_timeout_keeps_its_words(side: Invoke) -> None:
    with pytest.raises(TimeoutError, match="the sensor is slow"):
        await side(FunctionTool(own_timeout_later).bind({}), PATIENCE_S)


@BOTH_SIDES
@pytest.mark.parametrize("timeout_s", [PATIENCE_S, None])
async def test_interrupts_pass_through(side: Invoke, timeout_s: float | None) -> None:
    class Leaving(BaseException):
        pass

    def leave() -> None:
        raise Leaving

    with pytest.raises(Leaving):
        await side(FunctionTool(leave).bind({}), timeout_s)


@BOTH_SIDES
async def test_a_slow_function_is_not_waited_for(side: Invoke, released: threading.Event) -> None:
    def blocking() -> None:
        released.wait()

    begun = time.monotonic()
    with pytest.raises(TimeoutError, match=r"no result within 0\.05 s"):
        await side(FunctionTool(blocking).bind({}), 0.05)
    assert time.monotonic() - begun < 30  # it has no end of its own


@BOTH_SIDES
async def test_a_slow_coroutine_is_cancelled(side: Invoke) -> None:
    cancelled = threading.Event()

    async def waiting() -> None:
        try:
            await asyncio.sleep(30)
        finally:
            cancelled.set()

    with pytest.raises(TimeoutError, match=r"no result within 0\.05 s"):
        await side(FunctionTool(waiting).bind({}), 0.05)
    assert await asyncio.to_thread(cancelled.wait, PATIENCE_S)


async def test_where_plain_functions_run() -> None:
    bound = FunctionTool(in_main_thread).bind({})
    assert await invoke(bound, None) == "false"
    assert (invoke_sync(bound, None), invoke_sync(bound, PATIENCE_S)) == ("true", "false")
