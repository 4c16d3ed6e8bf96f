"""Where the server is: the spellings that Ollama's own tools accept for a host, and the environment."""

from __future__ import annotations

import ipaddress
import os
import re
from typing import Literal, NamedTuple
from urllib.parse import SplitResult, urlsplit

from tutor.ollama.errors import InvalidHost

DEFAULT_PORT = 11434
DEFAULT_HOST = f"http://127.0.0.1:{DEFAULT_PORT}"
CLOUD_HOST = "ollama.com"
CLOUD = f"https://{CLOUD_HOST}"

_SCHEME_PORTS = {"http": 80, "https": 443}
# Addresses to listen on; somebody who wants to connect means this machine.
_CONNECTABLE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104
_NAME = re.compile(r"[^\s\"'<>\\^`{|}]+")


def parse_host(host: str | None) -> str:
    """The base address, without a trailing slash, for what a person may write as a host.

    Nothing means 127.0.0.1:11434. Without a scheme: http and port 11434; with one: its usual port. Blanks and quotes
    around are dropped, bare IPv6 is understood, 0.0.0.0 and :: become this machine, a path is kept, a user name is not.
    Raises `InvalidHost` (a ValueError) for what names no address.
    """
    text = (host or "").strip().strip("\"'").strip()
    if not text:
        return DEFAULT_HOST
    if text.lower().rstrip("/") == CLOUD_HOST:
        return f"https://{CLOUD_HOST}:443"
    scheme, mark, rest = text.partition("://")
    if not mark:
        scheme, rest = "http", text
    scheme = scheme.lower()
    if scheme not in _SCHEME_PORTS:
        raise InvalidHost(f"unknown scheme {scheme!r}")
    parts = _split(rest)
    port = _port(parts, _SCHEME_PORTS[scheme] if mark else DEFAULT_PORT)
    return f"{scheme}://{_name(parts)}:{port}{_path(parts)}"


def host_from_environment() -> str | None:
    """OLLAMA_HOST as it is now, or None."""
    return os.environ.get("OLLAMA_HOST") or None


class Address(NamedTuple):
    """Where a client talks to, and who said so."""

    base_url: str
    source: Literal["argument", "environment", "default"]

    @classmethod
    def of(cls, host: str | None) -> Address:
        """The address for a client's `host`; without one OLLAMA_HOST as it is now. Raises `InvalidHost`."""
        if host:
            return cls(parse_host(host), "argument")
        named = host_from_environment()
        return cls(parse_host(named), "environment" if named else "default")

    @property
    def is_cloud(self) -> bool:
        """Whether this is ollama.com, over https."""
        parts = urlsplit(self.base_url)
        name = parts.hostname or ""
        return parts.scheme == "https" and (name == CLOUD_HOST or name.endswith(f".{CLOUD_HOST}"))


def key_from_environment() -> str | None:
    """OLLAMA_API_KEY as it is now, or None."""
    return os.environ.get("OLLAMA_API_KEY", "").strip() or None


def key_for(address: Address) -> str | None:
    """OLLAMA_API_KEY, if it is meant for this address: ollama.com over https, or the host OLLAMA_HOST names."""
    is_meant = address.is_cloud or address.source == "environment" or address.base_url == _named_by_environment()
    return key_from_environment() if is_meant else None


def _named_by_environment() -> str | None:
    host = host_from_environment()
    try:
        return host and parse_host(host)
    except InvalidHost:
        return None


def _split(rest: str) -> SplitResult:
    address, slash, path = rest.partition("/")
    if _is_ipv6(address):
        rest = f"[{address}]{slash}{path}"
    try:
        return urlsplit(f"//{rest}")
    except ValueError:
        raise InvalidHost("the host is no address") from None


def _port(parts: SplitResult, default: int) -> int:
    try:
        return parts.port or default
    except ValueError:
        raise InvalidHost("the port is not a number up to 65535") from None


def _name(parts: SplitResult) -> str:
    name = parts.hostname or "127.0.0.1"
    name = _CONNECTABLE.get(name, name)
    if not _NAME.fullmatch(name):
        raise InvalidHost("the host has characters that no address has")
    return f"[{name}]" if ":" in name else name


def _path(parts: SplitResult) -> str:
    path = parts.path.strip("/")
    return path and f"/{path}"


def _is_ipv6(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).version == 6
    except ValueError:
        return False
