"""Ending the wait of one exchange, when its time is over or another thread wants it."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx

from tutor.ollama import stalls
from tutor.ollama.sync.clock import CLOCK
from tutor.ollama.sync.connection import Connection
from tutor.ollama.sync.wires import Wires, hang_up, marked

_CONNECTED = ("connect_tcp.complete", "connect_unix_socket.complete", "start_tls.complete")
_SENDS = ".send_request_headers.started"
_LETS_GO = ".response_closed.started"
# What a wait of httpx may take where the clock does not end it; a socket takes no much longer one.
_LONG_S = 1e6

Cut = Callable[[], None]


class Cutting:
    """Knows what the exchange waits on, and hangs up.

    A connection that was let go of may serve another exchange: nobody cuts it then.
    """

    def __init__(self, wires: Wires, limits: dict[str, float | None], at: Callable[[], float | None]) -> None:
        self.stopped = threading.Event()
        self.is_late = False
        self._wires = wires
        self._limits = limits
        self.given: Mapping[str, float | None] = {}
        self._at = at
        self._held = threading.RLock()
        self._cut: Cut | None = None
        self._until: float | None = None

    def note_connection(self, connection: Connection) -> float | None:
        """The direct transport is taken, over this connection; how long its reply may be waited for."""
        self._cut = connection.interrupt
        if self.stopped.is_set():
            connection.interrupt()
        return self._at()

    def note_event(self, event: str, info: Mapping[str, Any]) -> None:
        """What httpx tells about its connections, as its `trace` extension has it."""
        stalls.note(event, info, self._limits)
        if event.endswith(_CONNECTED):
            stream = info["return_value"]
            stalls.tell(stream)
            sock = stream.get_extra_info("socket")
            self._wires.add(sock)
            if self._is_over:
                hang_up(sock)
        elif event.endswith(_LETS_GO):
            self.let_go()
        elif event.endswith(_SENDS):
            self._cut = self._cut_by_limit()
            self.expect(self._at())
        if self._is_over:
            self.hang_up()

    def note_response(self, response: httpx.Response, connection: Connection | None) -> None:
        """The headers are there; the body comes over the same connection."""
        stream = None if response.is_stream_consumed else response.extensions.get("network_stream")
        if connection is not None:
            self._cut = connection.interrupt
        elif stream is None:
            self._cut = None
        else:
            sock = stream.get_extra_info("socket")
            self._cut = lambda: hang_up(sock)

    def expect(self, until: float | None) -> None:
        """Hang up at this moment, unless `forget` comes first."""
        self._until = until
        if until is not None:
            CLOCK.expect(self._ring, until)

    def forget(self) -> None:
        """The wait is over."""
        if self._until is not None:
            self._until = None
            CLOCK.forget(self._ring)

    def interrupt(self) -> None:
        """End the wait, and those that follow."""
        with self._held:
            self.stopped.set()
            self.hang_up()

    def let_go(self) -> None:
        """There is nothing to be cut any more."""
        with self._held:
            self._cut = None

    def hang_up(self) -> None:
        """End what is waited for, if it is known."""
        if self._cut is not None:
            with contextlib.suppress(OSError):
                self._cut()

    @property
    def _is_over(self) -> bool:
        return self.is_late or self.stopped.is_set()

    def _cut_by_limit(self) -> Cut:
        """What cuts the connection of the request that goes out now: its time limits are its own."""
        until = self._at()
        left_s = _LONG_S if until is None else max(until - time.monotonic(), 0.0)
        own = {name: marked(min(left_s, self.given[name] or _LONG_S)) for name in ("read", "write")}
        self._limits.update(own)
        return lambda: self._wires.hang_up(frozenset(own.values()))

    def _ring(self) -> None:
        with self._held:
            until = self._until
            if until is None or time.monotonic() < until:
                return
            self.is_late = True
            self.hang_up()
