"""From where a server on loopback may be asked: its guard against pages that reach for it through a browser."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from urllib.parse import urlsplit

_LOCAL_ENDINGS = (".localhost", ".local", ".internal")
_LOCAL_HOSTS = {"", "localhost", "127.0.0.1", "0.0.0.0"}  # noqa: S104 - a name in a header, nothing is bound
_APP_SCHEMES = {"app", "file", "tauri", "vscode-webview", "vscode-file"}


def is_foreign(headers: Mapping[str, str], hosts: AbstractSet[str]) -> bool:
    """Whether Host or Origin name somebody that the server does not answer."""
    if "*" in hosts:
        return False
    host = headers.get("host", "")
    name = (urlsplit(f"//{host}").hostname or "").lower()
    return not (name in hosts or _is_local(name)) or not _may_ask(headers.get("origin", ""), host)


def _is_local(name: str) -> bool:
    if name in _LOCAL_HOSTS or name.endswith(_LOCAL_ENDINGS):
        return True
    try:
        address = ipaddress.ip_address(name)
    except ValueError:
        return False
    return address.is_loopback or address.is_private or address.is_unspecified


def _may_ask(origin: str, host: str) -> bool:
    parts = urlsplit(origin)
    if not origin or parts.scheme in _APP_SCHEMES or parts.netloc == host:
        return True
    return parts.hostname in _LOCAL_HOSTS
