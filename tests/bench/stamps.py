"""Words that carry the moment they were written, so that whoever reads them knows how long they travelled.

The monotonic clock is one for all processes of a computer.
"""

from __future__ import annotations

import re
import time

_STAMP = re.compile(r"w(\d+) ")


def stamped() -> str:
    """A word made now."""
    return f"w{time.monotonic_ns()} "


def moments_s(text: str) -> list[float]:
    """When each whole word of ``text`` was written, on the monotonic clock."""
    return [int(nanoseconds) / 1e9 for nanoseconds in _STAMP.findall(text)]
