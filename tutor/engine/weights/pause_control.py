"""The switch between whoever watches a fetch and the thread that runs it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Literal

Requested = Literal["go", "pause", "cancel"]


class Paused(Exception):
    """Raised inside a source: close what is open; the fetch goes on from its last byte when resumed."""


class Cancelled(Exception):
    """Raised inside a source: close what is open and end."""


class PauseControl:
    """Thread-safe: any thread sets the requested, the fetching thread asks between two chunks."""

    def __init__(self, on_check: Callable[[int], None]) -> None:
        self._turned = threading.Condition()
        self._requested: Requested = "go"
        self._on_check = on_check
        self._close: Callable[[], None] | None = None

    def request(self, requested: Requested) -> None:
        """Set the requested. A cancelled control stays so."""
        with self._turned:
            if self._requested != "cancel":
                self._requested = requested
            self._turned.notify_all()
            if self._requested != "go" and self._close is not None:
                self._close()

    @property
    def requested(self) -> Requested:
        """What was asked for last."""
        return self._requested

    @contextmanager
    def closing(self, close: Callable[[], None]) -> Iterator[None]:
        """While the block runs, `close` is called (by the thread that turns) on a pause or a cancel."""
        with self._turned:
            self._close = close
        try:
            self.check()
            yield
        finally:
            with self._turned:
                self._close = None

    def check(self, ahead_bytes: int = 0) -> None:
        """Report progress and obey; `ahead_bytes` are on this disk but not yet in the part."""
        self._on_check(ahead_bytes)
        if self._requested == "cancel":
            raise Cancelled
        if self._requested == "pause":
            raise Paused

    def wait_resumed(self) -> None:
        """Block until resumed."""
        with self._turned:
            self._turned.wait_for(lambda: self._requested != "pause")
            if self._requested == "cancel":
                raise Cancelled

    def rest(self, seconds: float) -> None:
        """Wait a while, unless the requested changes first."""
        until = time.monotonic() + seconds
        with self._turned:
            self._turned.wait_for(lambda: self._requested != "go", timeout=max(0.0, until - time.monotonic()))
        self.check()
