"""What one socket may do to us before it is closed: how often it may speak, and how often it may speak nonsense."""

import time
from collections import deque

FRAMES_A_SECOND = 20
BAD_FRAMES = 5
HASTY_FRAMES = 100


class FrameRateLimit:
    """Counts the frames of one socket, acknowledgements included."""

    def __init__(self) -> None:
        self._bad = 0
        self._hasty = 0
        self._times = deque[float](maxlen=FRAMES_A_SECOND)

    def too_fast(self) -> bool:
        """Note a frame; whether it is the 21st within a second."""
        now = time.monotonic()
        crowded = len(self._times) == FRAMES_A_SECOND and now - self._times[0] < 1
        self._times.append(now)
        self._hasty += crowded
        return crowded

    def note_bad(self) -> None:
        self._bad += 1

    @property
    def hopeless(self) -> bool:
        """No page of ours does this: five frames that are no commands, or a hundred that came too fast."""
        return self._bad >= BAD_FRAMES or self._hasty >= HASTY_FRAMES
