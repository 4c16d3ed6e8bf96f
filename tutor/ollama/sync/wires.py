"""An httpx client that knows the sockets it has opened, so that another thread can end what waits on them."""

from __future__ import annotations

import contextlib
import itertools
import socket
import threading
from collections.abc import Collection
from typing import Any
from weakref import WeakSet

import httpx

_STEP_S = 1e-8
_STEPS = 100_000
_count = itertools.count()


def marked(limit_s: float) -> float:
    """A limit that is a little longer, and unlike all others in use."""
    return round(limit_s, 3) + 1e-3 + next(_count) % _STEPS * _STEP_S


def hang_up(sock: socket.socket) -> None:
    """End the connection for whoever is using it."""
    # Not as TLS has it, which takes away from under a reading thread what it reads with.
    with contextlib.suppress(OSError, TypeError):  # the latter where a transport has something else, or nothing
        socket.socket.shutdown(sock, socket.SHUT_RDWR)


class Wires:
    """The sockets of one httpx client.

    httpx tells of a connection when it is made, and not which one serves again. But it gives a socket the time limit of
    the request that it sends: by a limit that no other request has, the socket can be found.
    """

    def __init__(self) -> None:
        self._sockets: WeakSet[socket.socket] = WeakSet()
        self._lock = threading.Lock()

    def add(self, sock: socket.socket) -> None:
        """Keep in mind, as long as it lives."""
        with self._lock, contextlib.suppress(TypeError):
            self._sockets.add(sock)

    def hang_up(self, limits_s: Collection[float] | None = None) -> None:
        """End the connections with one of these limits, which are `marked`; or all, for whoever is using them."""
        with self._lock:
            for sock in self._sockets:
                if limits_s is None or _is_one_of(sock.gettimeout(), limits_s):
                    hang_up(sock)


def _is_one_of(found_s: float | None, limits_s: Collection[float]) -> bool:
    return found_s is not None and any(abs(found_s - limit_s) < _STEP_S / 2 for limit_s in limits_s)


class WiredClient(httpx.Client):
    """Ends the replies under way when it is closed.

    A request that an `httpx.Auth` makes on the way of another has the other's extensions: its budgets among them.
    """

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.wires = Wires()
        self._sending = threading.local()
        hooks = self.event_hooks
        hooks["request"].insert(0, self._share)
        self.event_hooks = hooks

    def send(self, request: httpx.Request, **options: Any) -> httpx.Response:
        """As httpx does it."""
        before = getattr(self._sending, "extensions", {})
        self._sending.extensions = request.extensions
        try:
            return super().send(request, **options)
        finally:
            self._sending.extensions = before

    def close(self) -> None:
        """Close all connections, those in use too."""
        self.wires.hang_up()
        super().close()

    def _share(self, request: httpx.Request) -> None:
        request.extensions = {**self._sending.extensions, **request.extensions}
