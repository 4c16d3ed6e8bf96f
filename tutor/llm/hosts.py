"""The rows of hosts. ``OLLAMA_HOST`` seeds the first one, once; after that the administrator's word counts."""

import ipaddress
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import transaction

from tutor.accounts.models import User
from tutor.audit import chain
from tutor.llm.engine_status import Kind
from tutor.llm.models import Host
from tutor.ollama.hosts import parse_host

BUILTIN_PARALLELISM = 2
MOST_PARALLELISM = 16

Place = Literal["here", "network", "outside"]
_OWN_ENDINGS = (".local", ".lan", ".home", ".internal", ".home.arpa")


@dataclass(frozen=True)
class Address:
    pk: int
    public_id: str
    kind: Kind
    base_url: str
    parallelism: int


def addresses() -> list[Address]:
    """Every enabled host, Ollama servers first, in the order they were added."""
    _seed()
    rows = Host.objects.filter(enabled=True).order_by("-kind", "pk")
    return [_address(row) for row in rows]


def _address(row: Host) -> Address:
    kind: Kind = "builtin" if row.kind == Host.Kind.BUILTIN else "ollama"
    return Address(row.pk, str(row.public_id), kind, row.base_url, row.parallelism)


def _seed() -> None:
    if not Host.objects.filter(kind=Host.Kind.OLLAMA).exists():
        Host.objects.create(kind=Host.Kind.OLLAMA, base_url=parse_host(settings.OLLAMA_HOST or None))
    if not Host.objects.filter(kind=Host.Kind.BUILTIN).exists():
        Host.objects.create(kind=Host.Kind.BUILTIN, parallelism=BUILTIN_PARALLELISM)


def note_talk(host_pk: int, *, free: bool) -> None:
    """Keep what kind of talk this host's model is good for, for the time when it does not answer."""
    Host.objects.filter(pk=host_pk).exclude(was_free=free).update(was_free=free)


def every_host() -> list[Host]:
    """All rows, Ollama servers first, those that are switched off too."""
    _seed()
    return list(Host.objects.order_by("-kind", "pk"))


def find_host(public_id: UUID) -> Host | None:
    return Host.objects.filter(public_id=public_id, kind=Host.Kind.OLLAMA).first()


@transaction.atomic
def save_host(host: Host | None, base_url: str, parallelism: int, *, enabled: bool, by: User) -> Host:
    """Change an Ollama server's row, or add one. ``base_url`` as `parse_host` gives it."""
    row = host or Host(kind=Host.Kind.OLLAMA)
    row.base_url, row.parallelism, row.enabled = base_url, parallelism, enabled
    row.save()
    chain.record(by, "host.changed" if host else "host.added", row.public_id)
    return row


def place_of(base_url: str) -> Place:
    """Where an address leads, as far as it says so itself: nobody is asked."""
    name = urlsplit(base_url).hostname or ""
    try:
        address = ipaddress.ip_address(name.partition("%")[0])
    except ValueError:
        if name == "localhost" or name.endswith(".localhost"):
            return "here"
        return "network" if "." not in name or name.endswith(_OWN_ENDINGS) else "outside"
    if address.is_loopback:
        return "here"
    return "network" if address.is_private or address.is_link_local else "outside"
