"""How long tests wait for what should become true: longer than a busy machine takes, and not at all once it is true."""

from __future__ import annotations

from collections.abc import Callable

from tutor.ollama.testing import received

PATIENCE_S = 60.0


async def until(condition: Callable[[], bool]) -> None:
    """Wait for what another task, thread or process makes true. Raises TimeoutError."""
    await received.until(condition, PATIENCE_S)


def until_blocking(condition: Callable[[], bool]) -> None:
    """The same where no event loop runs."""
    received.until_blocking(condition, PATIENCE_S)
