"""How much a browser may leave unread. Daphne has no backpressure: whoever sends must ask the reader."""

import time

from tutor.live.timing import scaled

PAUSE_BYTES = 256 * 1024
CLOSE_BYTES = 1_000_000
PATIENCE_S = 10.0


class Backpressure:
    """Counts bytes sent against bytes the browser says it has taken in."""

    def __init__(self) -> None:
        self.sent = 0
        self.taken = 0
        self._behind_since: float | None = None

    def acknowledge(self, received: int) -> None:
        self.taken = max(self.taken, min(received, self.sent))
        self._look()

    def note(self, size: int) -> None:
        self.sent += size
        self._look()

    @property
    def unread(self) -> int:
        return self.sent - self.taken

    @property
    def must_pause(self) -> bool:
        """Too much is unread: say nothing new until the reader has caught up."""
        return self._behind_since is not None

    @property
    def hopeless(self) -> bool:
        """A megabyte unread, or a quarter of one for ten seconds."""
        since = self._behind_since
        return self.unread > CLOSE_BYTES or (since is not None and time.monotonic() - since > scaled(PATIENCE_S))

    def _look(self) -> None:
        behind = self.unread > PAUSE_BYTES
        self._behind_since = (self._behind_since or time.monotonic()) if behind else None
