"""asyncio, or trio: what the client asks of whoever runs its coroutines."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Awaitable, Callable, Coroutine
from types import TracebackType
from typing import TYPE_CHECKING, Any, Protocol, Self, TypeVar

from tutor.ollama.threads import start

if TYPE_CHECKING:
    import trio

T = TypeVar("T")

CANCELLED: tuple[type[BaseException], ...] = (asyncio.CancelledError,)
"""What ends a wait that may be taken up again. A wait that trio cancels cannot go on by itself: it ends the stream."""


class Interrupted(Exception):
    """The exchange was ended by its own side while it waited."""


class Scope(Protocol):
    """A wait with an end: raises TimeoutError at its moment, as `asyncio.Timeout` does."""

    async def __aenter__(self) -> Self: ...
    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> bool | None: ...
    def reschedule(self, when: float | None, /) -> None: ...
    def expired(self) -> bool: ...


class Event(Protocol):
    """Set once, and waited for."""

    def set(self) -> None: ...
    def is_set(self) -> bool: ...
    def wait(self) -> Awaitable[Any]: ...


class Runtime(Protocol):
    """What runs now; `key` is its own for each run."""

    is_asyncio: bool
    key: Any

    def time(self) -> float:
        """The clock that moments are of."""

    def timeout_at(self, moment: float | None) -> Scope:
        """A wait until then."""

    async def sleep(self, seconds: float) -> None:
        """Wait so long."""

    async def in_thread(self, function: Callable[[], T]) -> T:
        """The function's result, from a thread that is left to itself if nobody waits any more."""

    def spawn(self, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        """Run it soon; from any thread, and to no effect when the run is over."""


class OnAsyncio:
    """The running event loop."""

    is_asyncio = True

    def __init__(self) -> None:
        self.key = asyncio.get_running_loop()
        self.time = self.key.time

    def timeout_at(self, moment: float | None) -> Scope:
        return asyncio.timeout_at(moment)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)

    async def in_thread(self, function: Callable[[], T]) -> T:
        return await asyncio.wrap_future(start(function))

    def spawn(self, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        if self.key.is_running():
            self.key.call_soon_threadsafe(_spawn, function)


class OnTrio:
    """The running `trio.run`."""

    is_asyncio = False

    def __init__(self) -> None:
        import trio

        self._trio = trio
        self.key = trio.lowlevel.current_trio_token()
        self.time = trio.current_time

    def timeout_at(self, moment: float | None) -> Scope:
        return _TrioScope(self._trio.CancelScope(deadline=_or_never(moment)))

    async def sleep(self, seconds: float) -> None:
        await self._trio.sleep(seconds)

    async def in_thread(self, function: Callable[[], T]) -> T:
        return await self._trio.to_thread.run_sync(function, abandon_on_cancel=True)

    def spawn(self, function: Callable[[], Coroutine[Any, Any, None]]) -> None:
        try:
            self.key.run_sync_soon(self._trio.lowlevel.spawn_system_task, function)
        except self._trio.RunFinishedError:
            return


def current() -> Runtime:
    """What runs the calling coroutine."""
    return OnAsyncio() if _is_asyncio() else OnTrio()


def whoever() -> object:
    """Who is running: the same for the same task, another one for each other."""
    if _is_asyncio():
        return asyncio.current_task()
    import trio

    return trio.lowlevel.current_task()


def new_event() -> Event:
    """An event of whatever runs now."""
    if _is_asyncio():
        return asyncio.Event()
    import trio

    return trio.Event()


class _TrioScope:
    """A scope of trio with the manners of `asyncio.Timeout`."""

    def __init__(self, scope: trio.CancelScope) -> None:
        self._scope = scope

    async def __aenter__(self) -> Self:
        self._scope.__enter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None, /
    ) -> bool | None:
        swallowed = self._scope.__exit__(kind, error, trace)
        if self._scope.cancelled_caught:
            raise TimeoutError
        return swallowed

    def reschedule(self, when: float | None, /) -> None:
        self._scope.deadline = _or_never(when)

    def expired(self) -> bool:
        return self._scope.cancelled_caught


def _or_never(moment: float | None) -> float:
    return math.inf if moment is None else moment


def _is_asyncio() -> bool:
    trio = sys.modules.get("trio")
    # A loop may run beside trio, in its guest mode.
    return trio is None or not trio.lowlevel.in_trio_run()


_spawned: set[asyncio.Task[None]] = set()


def _spawn(function: Callable[[], Coroutine[Any, Any, None]]) -> None:
    task = asyncio.get_running_loop().create_task(function())
    _spawned.add(task)
    task.add_done_callback(_spawned.discard)
