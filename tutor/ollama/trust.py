"""One TLS context for all clients, and no cost for those who talk plain http."""

from __future__ import annotations

import os
import ssl
from functools import cache
from threading import Lock
from typing import Any

import certifi


class _LateContext(ssl.SSLContext):
    """Verifies like httpx's own context, but reads the certificates when the first TLS connection is made.

    Reading them takes some 50 ms, which a client for 127.0.0.1 would pay for nothing.
    """

    _ready = False
    _lock = Lock()

    def wrap_bio(self, *args: Any, **kwargs: Any) -> ssl.SSLObject:
        self._load()
        return super().wrap_bio(*args, **kwargs)

    def wrap_socket(self, *args: Any, **kwargs: Any) -> ssl.SSLSocket:
        self._load()
        return super().wrap_socket(*args, **kwargs)

    def _load(self) -> None:
        with self._lock:
            if not self._ready:
                self.load_verify_locations(**_certificates())
                self._ready = True


@cache
def shared_context() -> ssl.SSLContext:
    """The context that every client shares; verifies names and certificates."""
    return _LateContext(ssl.PROTOCOL_TLS_CLIENT)


def _certificates() -> dict[str, str]:
    if path := os.environ.get("SSL_CERT_FILE"):
        return {"cafile": path}
    if path := os.environ.get("SSL_CERT_DIR"):
        return {"capath": path}
    return {"cafile": certifi.where()}
