"""Requests that may take the direct transport (`aio.transport`, `sync.transport`), and its mark on their replies."""

from __future__ import annotations

import urllib.request
from collections.abc import Callable, Mapping, Sequence
from types import FunctionType
from typing import Any

import httpcore
import httpx

Origin = tuple[str, int]

EXTENSION = "polyglott.connection"
"""The key of `httpx.Response.extensions` under which the connection of a direct reply stands."""

# No limit of connections: a call must not wait, unseen, for another one of this program.
LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=5.0)

# Whoever sets one of these wants httpx's own transport, or brings another.
_OWN_WAYS = frozenset({"transport", "mounts", "proxy", "limits", "http1", "http2"})
LAST_PORT = 65_535


def goes_direct(httpx_options: Mapping[str, Any]) -> bool:
    """Whether plain http may go direct: nobody chose another transport, and no proxy stands in the environment."""
    if not _OWN_WAYS.isdisjoint(httpx_options):
        return False
    return not (httpx_options.get("trust_env", True) and {"http", "all"} & urllib.request.getproxies().keys())


def is_httpx_patched() -> bool:
    """Whether somebody stands in the place of httpx's transport: a test's double, or what measures requests.

    Only what httpx's own way carries reaches them; so nothing may go direct meanwhile. They come and go at any time,
    before this module too: what is looked at is whose code the functions are.
    """
    return not (
        _is_of("httpx", httpx.AsyncHTTPTransport, "handle_async_request")
        and _is_of("httpx", httpx.HTTPTransport, "handle_request")
        and _is_of("httpcore", httpcore.AsyncConnectionPool, "handle_async_request")
        and _is_of("httpcore", httpcore.ConnectionPool, "handle_request")
        and _is_of("httpcore", httpcore.AsyncHTTPConnection, "handle_async_request")
        and _is_of("httpcore", httpcore.HTTPConnection, "handle_request")
        and _is_of("httpx", httpx.AsyncClient, "__init__")
        and _is_of("httpx", httpx.Client, "__init__")
    )


def _is_of(package: str, owner: object, name: str) -> bool:
    function = getattr(owner, "__dict__", {}).get(name)
    # Neither `__class__` nor `__module__`, which wrappers copy.
    return type(function) is FunctionType and function.__globals__["__name__"].partition(".")[0] == package


def origin_of(request: httpx.Request) -> Origin:
    """Host and port to connect to. Raises `httpx.ConnectError` for a port that there cannot be: a redirect's, say."""
    url = request.url
    port = url.port or 80
    if port > LAST_PORT:
        raise httpx.ConnectError(f"there is no port {port}", request=request)
    return url.raw_host.decode("ascii").strip("[]"), port


def with_hook(
    hook: Callable[[httpx.Response], Any], given: Mapping[str, Sequence[Callable[..., Any]]] | None
) -> dict[str, list[Callable[..., Any]]]:
    """httpx's `event_hooks` with one more, called for each response before those given."""
    hooks = {name: list(called) for name, called in (given or {}).items()}
    return {**hooks, "response": [hook, *hooks.get("response", ())]}


def as_it_came(response: httpx.Response) -> None:
    """Leave a redirect's body packed: httpx reads it whole, and a small one may swell to gigabytes."""
    if response.has_redirect_location:
        response.headers.pop("content-encoding", None)


class Attempts:
    """The connect budget of a request, shared fairly by the addresses of one name.

    A name may have an address that nothing answers; it must not use up the time of those behind it.
    """

    def __init__(self, request: httpx.Request) -> None:
        self._request = request
        self._limit_s: float | None = request.extensions.get("timeout", {}).get("connect")
        self._end: float | None = None

    def until(self, now: float, addresses_left: int = 1) -> float | None:
        """When to give up the attempt that begins now; None for never. The first call starts the clock."""
        if self._limit_s is None:
            return None
        if self._end is None:
            self._end = now + self._limit_s
        return now + (self._end - now) / addresses_left

    def failure(self, error: OSError | UnicodeError) -> httpx.HTTPError:
        """The last attempt's error in httpx's words."""
        kind = httpx.ConnectTimeout if isinstance(error, TimeoutError) else httpx.ConnectError
        return kind(str(error), request=self._request)
