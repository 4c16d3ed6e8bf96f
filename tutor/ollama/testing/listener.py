"""A real listener on loopback: within a test's event loop, or in a thread of its own."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Any, Protocol, Self, TypeVar

from tutor.ollama.testing.received import PATIENCE_S, until

T = TypeVar("T")

_BACKLOG = 512
_TURNS_TO_ANNOUNCE = 3


class Open(Protocol):
    """A connection that can be ended."""

    transport: asyncio.Transport


class Listener:
    """Listens on 127.0.0.1, on a free port unless told which."""

    def __init__(self, *, port: int = 0, tls: ssl.SSLContext | None = None) -> None:
        self._port = port
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._kept: socket.socket | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    def connection(self) -> asyncio.Protocol:
        """What serves one client."""
        raise NotImplementedError

    def open(self) -> list[Open]:
        """The connections that are open now."""
        raise NotImplementedError

    @classmethod
    @contextmanager
    def in_thread(cls, **settings: Any) -> Iterator[Self]:
        """The same in a thread of its own, for programs without an event loop."""
        server = cls(**settings)
        loop = asyncio.new_event_loop()
        thread = threading.Thread(target=_run, args=(loop,), name=f"scripted-{cls.__name__}", daemon=True)
        thread.start()
        try:
            asyncio.run_coroutine_threadsafe(server.start(), loop).result(PATIENCE_S)
            yield server
        finally:
            asyncio.run_coroutine_threadsafe(server.stop(), loop).result(PATIENCE_S)
            loop.call_soon_threadsafe(loop.stop)
            thread.join(PATIENCE_S)

    @property
    def port(self) -> int:
        """The port; known once started."""
        return self._port

    @property
    def base_url(self) -> str:
        """The address, without a trailing slash."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self._port}"

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def start(self) -> None:
        """Listen; after `refuse`, on the same port again."""
        self._loop = asyncio.get_running_loop()
        self._let_port_go()
        self._server = await self._loop.create_server(
            self.connection, "127.0.0.1", self._port, backlog=_BACKLOG, ssl=self._tls
        )
        self._port = self._server.sockets[0].getsockname()[1]

    async def refuse(self) -> None:
        """Take no further connections (they are refused), until `start`. Those that are open stay; so does the port."""
        if self._server is not None:
            await self._close()
            self._kept = _unheard(self._port)

    async def stop(self) -> None:
        """End: no listener, no connection."""
        self._let_port_go()
        await self._close()
        for connection in self.open():
            connection.transport.abort()
        await until(lambda: not self.open())

    def call(self, work: Coroutine[Any, Any, T], timeout_s: float = PATIENCE_S) -> T:
        """Run `server.refuse()` or another coroutine of this server from another thread."""
        if self._loop is None:
            raise RuntimeError("the server has not been started")
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout_s)

    async def _close(self) -> None:
        server, self._server = self._server, None
        if server is None:
            return
        for listener in server.sockets:
            asyncio.get_running_loop().remove_reader(listener.fileno())
        # asyncio drops, without closing it, a connection whose server was closed between its acceptance and its
        # announcement (cpython gh-109564): take no more, let those be announced, then close.
        for _ in range(_TURNS_TO_ANNOUNCE):
            await asyncio.sleep(0)
        server.close()

    def _let_port_go(self) -> None:
        kept, self._kept = self._kept, None
        if kept is not None:
            kept.close()


def _unheard(port: int) -> socket.socket:
    """A socket that keeps the port from other programs and takes no connections."""
    sock = socket.socket()
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    sock.bind(("127.0.0.1", port))
    return sock


def _run(loop: asyncio.AbstractEventLoop) -> None:
    """Run until stopped; then cancel what is left, a TLS handshake for one, so that no socket stays open."""
    loop.run_forever()
    left = asyncio.all_tasks(loop)
    for task in left:
        task.cancel()
    if left:
        loop.run_until_complete(asyncio.wait(left))
    loop.run_until_complete(asyncio.sleep(0))
    loop.close()
