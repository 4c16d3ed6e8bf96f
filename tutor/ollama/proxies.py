"""Proxies that the environment names, looked at before httpx does: whose errors say nothing of the environment."""

from __future__ import annotations

import ipaddress
import os
import ssl
import urllib.request
from collections.abc import Mapping
from typing import Any

import httpx

from tutor.ollama.direct import LAST_PORT
from tutor.ollama.errors import RequestError

_SCHEMES = ("http", "https", "all")


def check_proxies(httpx_options: Mapping[str, Any]) -> None:
    """Raises `RequestError`, which names the variable, for a proxy of the environment that httpx cannot use."""
    chosen = httpx_options.get("proxy") is not None or httpx_options.get("transport") is not None
    if chosen or not httpx_options.get("trust_env", True):
        return
    named = urllib.request.getproxies()
    for scheme in _SCHEMES:
        if defect := _defect(named.get(scheme, "")):
            raise RequestError(f"{_variable(scheme)} names no proxy that can be used: {defect}")
    # The value may hold a password; the variable's name is enough to find it.
    if any(map(_is_no_name, named.get("no", "").split(","))):
        raise RequestError(f"{_variable('no')} has an entry that is no name and no address")


def _defect(url: str) -> str:
    if not url:
        return ""
    try:
        proxy = httpx.Proxy(url if "://" in url else f"http://{url}")
        httpx.HTTPTransport(proxy=proxy, verify=ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)).close()
    except ImportError:
        return "SOCKS needs the package socksio"
    except (ValueError, httpx.InvalidURL):
        return "unknown scheme, or no address"
    return "" if proxy.url.host and (proxy.url.port or 0) <= LAST_PORT else "no address"


def _is_no_name(entry: str) -> bool:
    entry = entry.strip()
    try:
        ipaddress.ip_address(entry)
    except ValueError:
        pass
    else:
        return False
    try:
        httpx.URL(entry if "://" in entry else f"all://*{entry}")
    except (ValueError, httpx.InvalidURL):
        return True
    return False


def _variable(scheme: str) -> str:
    """The name as it stands in the environment; a system may keep its proxies elsewhere."""
    wanted = f"{scheme}_proxy"
    # urllib believes the small letters first.
    names = sorted((name for name in os.environ if name.lower() == wanted and os.environ[name]), reverse=True)
    return names[0] if names else f"the system's setting of {wanted}"
