"""How far a piece of work has come."""

from __future__ import annotations

from tutor.ollama.types.base import Subscriptable


class StatusResponse(Subscriptable):
    """How something ended: `success`, or what the server called it."""

    status: str | None = None


class ProgressResponse(StatusResponse):
    """One step of a pull, push or create. `completed` and `total` are bytes of `digest`; 0 may be left out."""

    completed: int | None = None
    total: int | None = None
    digest: str | None = None
