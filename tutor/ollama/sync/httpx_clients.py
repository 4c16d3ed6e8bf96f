"""The httpx client behind one `Client`; a forked process makes one of its own."""

from __future__ import annotations

import os
from collections.abc import Mapping
from threading import Lock
from typing import Any

import httpx

from tutor.ollama.direct import LIMITS, as_it_came, is_direct, with_hook
from tutor.ollama.sync.transport import DirectTransport
from tutor.ollama.sync.wires import WiredClient
from tutor.ollama.tls import own_context, shared_context


class HttpxClients:
    """`httpx_options` are those of `httpx.Client`. With `late`, nothing is made before the first request."""

    def __init__(self, httpx_options: Mapping[str, Any], *, late: bool = False) -> None:
        self._options = httpx_options
        self._lock = Lock()
        self._pid = os.getpid()
        # Made here so that a wrong argument is reported where it was written.
        self._client = None if late else self._make()

    def current(self) -> httpx.Client:
        """The httpx client of this process; what the parent's is connected to stays the parent's."""
        with self._lock:
            if self._client is None or self._pid != os.getpid():
                self._client, self._pid = self._make(), os.getpid()
            return self._client

    def close(self) -> None:
        """Close all connections."""
        self.current().close()

    def _make(self) -> httpx.Client:
        # httpx loads a client's own certificate into the context that it is given.
        verify = own_context() if self._options.get("cert") else shared_context()
        options = {"verify": verify, "limits": LIMITS, **self._options}
        options["event_hooks"] = with_hook(as_it_came, self._options.get("event_hooks"))
        if is_direct(self._options):
            options["mounts"] = {"http://": DirectTransport()}
        return WiredClient(**options)
