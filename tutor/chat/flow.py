"""How much a browser may leave unread. Daphne has no backpressure: whoever sends must ask the reader."""

import time

PAUSE_BYTES = 256 * 1024
CLOSE_BYTES = 1_000_000
PATIENCE_S = 10.0


class Flow:
    """Counts bytes sent against bytes the browser says it has taken in."""

    def __init__(self) -> None:
        self.sent = 0
        self.taken = 0
        self._behind_since: float | None = None

    def acknowledge(self, received: int) -> None:
        self.taken = max(self.taken, min(received, self.sent))

    def note(self, size: int) -> None:
        self.sent += size

    @property
    def unread(self) -> int:
        return self.sent - self.taken

    def must_pause(self) -> bool:
        """Too much is unread: say nothing new until the reader has caught up."""
        if self.unread <= PAUSE_BYTES:
            self._behind_since = None
            return False
        self._behind_since = self._behind_since or time.monotonic()
        return True

    def hopeless(self) -> bool:
        """A megabyte unread, or a quarter of one for ten seconds."""
        late = self._behind_since is not None and time.monotonic() - self._behind_since > PATIENCE_S
        return self.unread > CLOSE_BYTES or late
