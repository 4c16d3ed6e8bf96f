# Written by tools/generate_sync_client.py from aio/base.py. Change that one.
"""What every call of the client needs: the connections, the budgets, the way to the server and back."""

from __future__ import annotations

import platform
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from types import TracebackType
from typing import Any, Self, TypeVar

import httpx
from pydantic import BaseModel

from tutor.ollama.errors import RequestError
from tutor.ollama.hosts import CLOUD, Address, key_for, key_from_environment
from tutor.ollama.retries import DEFAULT_RETRIES, NO_RETRIES, Retries
from tutor.ollama.sync.exchange import Exchange
from tutor.ollama.sync.httpx_clients import HttpxClients
from tutor.ollama.timeouts import DEFAULT_TIMEOUTS, TimeoutLike, Timeouts
from tutor.ollama.wire import MAX_LINE_BYTES, parse

R = TypeVar("R", bound=BaseModel)

UNSET: Any = object()
"""The value of a `timeout` that was not given: the client's own counts."""

_USER_AGENT = f"polyglott-ollama ({platform.machine()} {platform.system().lower()}) Python/{platform.python_version()}"
_HEADERS = {"user-agent": _USER_AGENT, "accept-encoding": "identity"}
_PERSONAL = frozenset({"auth", "cert", "cookies", "params"})
_FIXED = {"content-type": "application/json", "accept": "application/json"}


class Base:
    """A client of one Ollama server; cheap to make, and usable from several threads.

    `host` as `hosts.parse_host` reads it; without one, OLLAMA_HOST as it is now. `timeout` takes `Timeouts`, or what
    httpx takes; `retries` takes `Retries`, or how often a request may be repeated. With `read_image_paths=False` a
    text given as an image is never taken for a file's name. With `late` the environment counts anew at each call, and
    nothing is made before the first. With `trust_env=False` no proxy settings are read, which loopback servers want.
    Other keywords go to `httpx.Client`. Raises `InvalidHost`.
    """

    def __init__(  # noqa: PLR0913
        self,
        host: str | None = None,
        *,
        headers: Mapping[str, str | None] | None = None,
        timeout: TimeoutLike = DEFAULT_TIMEOUTS,
        retries: Retries | int = DEFAULT_RETRIES,
        follow_redirects: bool = True,
        read_image_paths: bool = True,
        max_line_bytes: int = MAX_LINE_BYTES,
        late: bool = False,
        **httpx_options: Any,
    ) -> None:
        if "base_url" in httpx_options:
            raise TypeError("the address is the host")
        self._settled = None if late else Address.of(host)
        self._host = host
        self._timeouts = Timeouts.of(timeout)
        self._retries = Retries.of(retries)
        self._read_image_paths = read_image_paths
        self._max_line_bytes = max_line_bytes
        self._given = _headers(headers)
        options = {**httpx_options, "follow_redirects": follow_redirects, "headers": _HEADERS | self._given | _FIXED}
        self._clients = HttpxClients(options, late=late)
        # Requests to ollama.com know nothing of what was given for another host, on any redirect either.
        impersonal = {name: value for name, value in httpx_options.items() if name not in _PERSONAL}
        options = {**impersonal, "follow_redirects": follow_redirects, "headers": _HEADERS | _FIXED}
        self._cloud_clients = HttpxClients(options, late=True)

    @property
    def base_url(self) -> str:
        """The server's address, without a trailing slash."""
        return self._address.base_url

    @property
    def _address(self) -> Address:
        return self._settled or Address.of(self._host)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections; replies under way end."""
        self._clients.close()
        self._cloud_clients.close()

    def _whole(self, method: str, path: str, body: bytes | None, timeout: TimeoutLike, model: type[R]) -> R:
        return parse(self._bytes(self._exchange(method, path, body, timeout, streamed=False)), model)

    def _bytes(self, exchange: Exchange) -> bytes:
        try:
            exchange.open()
            return exchange.read_all()
        finally:
            exchange.close()

    def _later(self, path: str, body: bytes, timeout: TimeoutLike) -> Callable[[], Exchange]:
        """What begins a streamed exchange, for when somebody reads."""
        return lambda: self._exchange("POST", path, body, timeout, streamed=True)

    def _exchange(
        self, method: str, path: str, body: bytes | None, timeout: TimeoutLike, *, streamed: bool
    ) -> Exchange:
        return self._send(method, self.base_url + path, body, self._key(), self._budgets(timeout), streamed=streamed)

    def _cloud(self, path: str, body: bytes, timeout: TimeoutLike, model: type[R]) -> R:
        """Ask ollama.com itself. What was given as headers for another host is not sent there."""
        address = self._address
        theirs = address.is_cloud or address.source == "default"
        bearer = self._given.get("authorization", "") if theirs else ""
        key = key_from_environment()
        if key and not bearer.startswith("Bearer "):
            bearer = f"Bearer {key}"
        if not bearer.startswith("Bearer "):
            raise RequestError(
                f"Authorization header with Bearer token is required for {path.rpartition('/')[2].replace('_', ' ')}: "
                "set OLLAMA_API_KEY, or give the header"
            )
        http = (self._clients if theirs else self._cloud_clients).current()
        exchange = self._send("POST", CLOUD + path, body, {}, self._budgets(timeout), streamed=False, http=http)
        exchange.auth = None
        exchange.request.headers["authorization"] = bearer
        return parse(self._bytes(exchange), model)

    def _uploading(self, path: str, blocks: Iterable[bytes], size: int, timeout: TimeoutLike) -> Exchange:
        """A body that takes as long as it takes: each write and the answer have budgets, their sum has none."""
        budgets = self._budgets(timeout)
        sent = {"content-length": str(size)}
        waiting = replace(budgets, first_s=None, whole_s=None)
        exchange = self._send("POST", self.base_url + path, blocks, self._key() | sent, waiting, streamed=False)
        exchange.request.extensions["timeout"] |= {"write": budgets.between_s, "read": budgets.whole_s}
        exchange.repeats = NO_RETRIES  # the blocks are gone
        return exchange

    def _key(self) -> dict[str, str]:
        address = self._address
        key = None if self._given.get("authorization") else key_for(address)
        return {} if key is None else {"authorization": f"Bearer {key}"}

    def _send(
        self,
        method: str,
        url: str,
        body: Any,
        headers: Mapping[str, str],
        timeouts: Timeouts,
        *,
        streamed: bool,
        http: httpx.Client | None = None,
    ) -> Exchange:
        http = http or self._clients.current()
        # httpx watches the connecting only; the other budgets span several of its reads.
        connecting = httpx.Timeout(None, connect=timeouts.connect_s, pool=timeouts.connect_s)
        try:
            request = http.build_request(method, url, content=body, headers=headers, timeout=connecting)
        except (httpx.InvalidURL, UnicodeError):  # which quote what they were given, a key perhaps
            raise RequestError("the address, or a header, has characters that cannot be sent") from None
        return Exchange(http, request, timeouts, self._retries, streamed=streamed)

    def _budgets(self, timeout: TimeoutLike) -> Timeouts:
        return self._timeouts if timeout is UNSET else Timeouts.of(timeout)


def _headers(given: Mapping[str, str | None] | None) -> dict[str, str]:
    """By names in small letters; like httpx, they may be bytes."""
    texts = ((_text(name), _text(value)) for name, value in (given or {}).items() if value is not None)
    return {name.lower(): value for name, value in texts}


def _text(given: str | bytes) -> str:
    return given.decode("latin-1") if isinstance(given, bytes) else given
