"""Who may use the model now, who waits, and who is sent away at once."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Busy(Exception):
    """Every slot is taken and every place to wait, too."""


class AdmissionQueue:
    """`slots` at a time, first come first served, and at most `waiting` more who wait."""

    def __init__(self, slots: int, waiting: int) -> None:
        self._slots = asyncio.Semaphore(slots)
        self._places = slots + waiting
        self._present = 0

    @asynccontextmanager
    async def slot(self) -> AsyncIterator[None]:
        """A slot, for as long as the block runs. Raises Busy without waiting when there is no place left."""
        if self._present >= self._places:
            raise Busy
        self._present += 1
        try:
            async with self._slots:
                yield
        finally:
            self._present -= 1
