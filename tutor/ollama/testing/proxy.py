"""A proxy for tests: tunnels and forwards to one server, whatever name is asked for, and notes the names."""

from __future__ import annotations

import asyncio
import base64
from dataclasses import dataclass
from typing import cast
from urllib.parse import urlsplit

from tutor.ollama.testing.incoming import Unreadable, take_head
from tutor.ollama.testing.listener import Listener, Open
from tutor.ollama.testing.received import Received

_ESTABLISHED = b"HTTP/1.1 200 Connection established\r\n\r\n"
_REFUSALS = {
    400: b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
    407: b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\n"
    b"Content-Length: 0\r\nConnection: close\r\n\r\n",
    502: b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
}
_OF_THE_WAY = ("proxy-authorization", "proxy-connection", "connection")


@dataclass(frozen=True, slots=True)
class ProxyAsked:
    """What a client asked of the proxy: the method (CONNECT for a tunnel) and whom it meant, as `host:port`."""

    method: str
    target: str
    headers: dict[str, str]


class ScriptedProxy(Listener):
    """An HTTP proxy on 127.0.0.1 that leads everything to `target`, an address such as `server.base_url`.

        async with ScriptedOllama(tls=context) as server, ScriptedProxy(server.base_url) as proxy:
            client = AsyncClient("https://ollama.com", proxy=proxy.base_url, verify=...)

    CONNECT opens a tunnel, a request with a whole address is forwarded (one on each connection). What was asked stands
    in `asked`. With `credentials` (`name:password`), who does not give them gets 407.
    """

    def __init__(self, target: str, *, credentials: str | None = None, port: int = 0) -> None:
        super().__init__(port=port)
        parts = urlsplit(target)
        self.address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.credentials = credentials
        self.asked: list[ProxyAsked] = []
        self.ways: set[Way] = set()

    @property
    def hosts(self) -> list[str]:
        """Whom the clients meant, in order, without ports."""
        return [asked.target.rpartition(":")[0].strip("[]") for asked in self.asked]

    def connection(self) -> asyncio.Protocol:
        """What serves one client."""
        return Way(self)

    def open(self) -> list[Open]:
        """The connections that are open now, on both sides."""
        return list(self.ways)

    def admits(self, received: Received) -> bool:
        """Whether a client gave the credentials, where they are wanted."""
        if self.credentials is None:
            return True
        wanted = base64.b64encode(self.credentials.encode()).decode()
        return received.headers.get("proxy-authorization") == f"Basic {wanted}"


class Way(asyncio.Protocol):
    """One side of a connection through the proxy; what it reads goes to the other side."""

    transport: asyncio.Transport

    def __init__(self, proxy: ScriptedProxy, other: Way | None = None) -> None:
        self._proxy = proxy
        self._other = other
        self._buffer = bytearray()
        self._task: asyncio.Task[None] | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self._proxy.ways.add(self)

    def data_received(self, data: bytes) -> None:
        if self._other is not None:
            self._other.transport.write(data)
            return
        self._buffer += data
        self._begin()

    def connection_lost(self, exc: Exception | None) -> None:
        del exc
        self._proxy.ways.discard(self)
        if self._task is not None:
            self._task.cancel()
        if self._other is not None:
            self._other.transport.close()

    def pause_writing(self) -> None:
        (self._other or self).transport.pause_reading()

    def resume_writing(self) -> None:
        (self._other or self).transport.resume_reading()

    def _begin(self) -> None:
        try:
            received = take_head(self._buffer, 0)
            if received is not None:
                self._proxy.asked.append(ProxyAsked(received.method, _target(received), received.headers))
        except (Unreadable, ValueError):
            self._refuse(400)
            return
        if received is None:
            return
        if not self._proxy.admits(received):
            self._refuse(407)
            return
        # What follows waits in the kernel until the way is open.
        self.transport.pause_reading()
        self._task = asyncio.get_running_loop().create_task(self._lead(received))

    async def _lead(self, received: Received) -> None:
        """Connect to the target, say so or hand the request on, and let the bytes flow."""
        try:
            other = Way(self._proxy, self)
            await asyncio.get_running_loop().create_connection(lambda: other, *self._proxy.address)
        except OSError:
            self._refuse(502)
            return
        self._other = other
        if received.method == "CONNECT":
            self.transport.write(_ESTABLISHED)
        else:
            other.transport.write(_origin_form(received))
        other.transport.write(bytes(self._buffer))
        self.transport.resume_reading()

    def _refuse(self, status: int) -> None:
        self.transport.write(_REFUSALS[status])
        self.transport.close()


def _target(received: Received) -> str:
    if received.method == "CONNECT":
        return received.path
    parts = urlsplit(received.path)
    if not parts.hostname:
        raise Unreadable(received.path)
    return f"{parts.hostname}:{parts.port or 80}"


def _origin_form(received: Received) -> bytes:
    """The request as the server itself would get it, the last one on its connection."""
    parts = urlsplit(received.path)
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    kept = {name: value for name, value in received.headers.items() if name not in _OF_THE_WAY}
    lines = [f"{received.method} {path} HTTP/1.1", *(f"{k}: {v}" for k, v in kept.items()), "connection: close"]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
