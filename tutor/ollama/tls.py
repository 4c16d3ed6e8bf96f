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
                try:
                    self.load_verify_locations(**_certificates())
                except OSError as error:
                    raise ssl.SSLError("the trusted certificates cannot be read") from error
                self._ready = True


def own_context() -> ssl.SSLContext:
    """A context for one client, which may show a certificate of its own; verifies names and certificates."""
    return _LateContext(ssl.PROTOCOL_TLS_CLIENT)


@cache
def shared_context() -> ssl.SSLContext:
    """The context that all other clients share."""
    return own_context()


def _certificates() -> dict[str, str]:
    if path := os.environ.get("SSL_CERT_FILE"):
        return {"cafile": path}
    if path := os.environ.get("SSL_CERT_DIR"):
        return {"capath": path}
    return {"cafile": certifi.where()}
