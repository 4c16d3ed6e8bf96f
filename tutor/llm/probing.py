"""What became of the test sentences that models were asked for."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from django.utils import timezone


@dataclass(frozen=True, slots=True)
class Tried:
    """How a test went. ``problem`` is a code (``faults.py``, or ``empty``); ``detail`` the engine's own word for it."""

    model: str
    words: str = ""
    first_token_s: float | None = None
    tokens_per_s: float | None = None
    whole_s: float = 0.0
    problem: str = ""
    detail: str = ""
    when: datetime = field(default_factory=timezone.now)


_last: dict[tuple[int, str], Tried] = {}


def last_tried(host_pk: int, model: str) -> Tried | None:
    """The newest good test of this model in this process."""
    return _last.get((host_pk, model))


def remember(host_pk: int, tried: Tried) -> None:
    if not tried.problem:
        _last[host_pk, tried.model] = tried
