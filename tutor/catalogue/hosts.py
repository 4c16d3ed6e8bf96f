"""The rows of hosts. ``OLLAMA_HOST`` seeds the first one, once; after that the administrator's word counts."""

from dataclasses import dataclass

from django.conf import settings

from tutor.catalogue.board import Kind
from tutor.catalogue.models import Host
from tutor.ollama.hosts import parse_host

BUILTIN_PARALLELISM = 2


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
