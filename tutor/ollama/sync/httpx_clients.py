"""The httpx client behind one `Client`; a forked process makes one of its own."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Mapping
from threading import Lock, local
from typing import Any

import httpx

from tutor.ollama.direct import LIMITS, as_it_came, goes_direct, is_httpx_patched, with_hook
from tutor.ollama.proxies import check_proxies
from tutor.ollama.sync.transport import DirectTransport
from tutor.ollama.tls import own_context, shared_context


class HttpxClients:
    """`httpx_options` are those of `httpx.Client`. With `late`, nothing is made before the first request.

    There is another one while somebody else's code stands in the place of httpx's transport.
    """

    def __init__(self, httpx_options: Mapping[str, Any], *, late: bool = False) -> None:
        self._options = httpx_options
        self._lock = Lock()
        # By the process that made them, and by whether they may go direct.
        self._clients: dict[tuple[int, bool], httpx.Client] = {}
        # Made here so that a wrong argument is reported where it was written.
        if not late:
            self.current()

    def current(self) -> httpx.Client:
        """The httpx client of this process; what the parent's is connected to stays the parent's."""
        may_be_direct = not is_httpx_patched()
        key = os.getpid(), may_be_direct
        with self._lock:
            if key not in self._clients:
                self._clients[key] = self._make(may_be_direct=may_be_direct)
            return self._clients[key]

    def close(self) -> None:
        """Close all connections."""
        self.current()  # a client that was never used is closed as well
        for client in [client for (pid, _), client in self._clients.items() if pid == os.getpid()]:
            client.close()

    def _make(self, *, may_be_direct: bool) -> httpx.Client:
        check_proxies(self._options)
        # httpx loads a client's own certificate into the context that it is given.
        verify = own_context() if self._options.get("cert") else shared_context()
        options = {"verify": verify, "limits": LIMITS, **self._options}
        hooks = with_hook(as_it_came, self._options.get("event_hooks"))
        options["event_hooks"] = {**hooks, "request": [_share, *hooks.get("request", ())]}
        if may_be_direct and goes_direct(self._options):
            options["mounts"] = {"http://": DirectTransport()}
        return httpx.Client(**options)


_sending = local()


@contextlib.contextmanager
def sent_for(request: httpx.Request) -> Iterator[None]:
    """Meanwhile, requests that an `httpx.Auth` makes on the way of this one have its extensions: its budgets."""
    _sending.extensions = request.extensions
    try:
        yield
    finally:
        _sending.extensions = {}


def _share(request: httpx.Request) -> None:
    request.extensions = {**_sending.extensions, **request.extensions}
