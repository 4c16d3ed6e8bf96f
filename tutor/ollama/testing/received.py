"""What the scripted server noted about each request."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# For what should happen at once. It is no measure: a busy machine may take its time, and only a fault takes longer.
PATIENCE_S = 15.0

_POLL_S = 0.002


@dataclass(slots=True)
class Received:
    """One request. Times are `time.monotonic()`; `hung_up_at` is when the client left before the answer's end.

    The body of an upload is never kept: `raw` stays empty, `body_bytes` grows as it arrives and `body_sha256` is there
    at its end.
    """

    method: str
    path: str
    headers: dict[str, str]
    raw: bytes
    at: float
    client_port: int
    chunks_sent: int = 0
    hung_up_at: float | None = None
    finished_at: float | None = None
    body_bytes: int = 0
    body_sha256: str | None = None

    @property
    def body(self) -> Any:
        """The JSON of the body, None if there is none or it is none."""
        try:
            return json.loads(self.raw) if self.raw else None
        except ValueError:
            return None

    @property
    def bare_path(self) -> str:
        """The path without its query."""
        return self.path.partition("?")[0]

    @property
    def is_upload(self) -> bool:
        """Whether the body is a file to be hashed as it arrives, in place of JSON to be kept."""
        return self.method == "POST" and self.path.startswith("/api/blobs/")

    @property
    def hung_up(self) -> bool:
        """Whether the client left before the answer's end."""
        return self.hung_up_at is not None

    @property
    def over(self) -> bool:
        """Whether nothing happens here any more."""
        return self.hung_up or self.finished_at is not None

    async def wait_hung_up(self, timeout_s: float = PATIENCE_S) -> float:
        """Wait until the client has left; the moment it did. Raises TimeoutError."""
        await until(lambda: self.hung_up, timeout_s)
        return self.hung_up_at or 0.0

    async def wait_over(self, timeout_s: float = PATIENCE_S) -> None:
        """Wait until the answer ended or the client left. Raises TimeoutError."""
        await until(lambda: self.over, timeout_s)


async def until(condition: Callable[[], bool], timeout_s: float = PATIENCE_S) -> None:
    """Wait for a condition that another task or thread makes true. Raises TimeoutError."""
    give_up = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError
        await asyncio.sleep(_POLL_S)


def until_blocking(condition: Callable[[], bool], timeout_s: float = PATIENCE_S) -> None:
    """The same for programs without an event loop."""
    give_up = time.monotonic() + timeout_s
    while not condition():
        if time.monotonic() > give_up:
            raise TimeoutError
        time.sleep(_POLL_S)
