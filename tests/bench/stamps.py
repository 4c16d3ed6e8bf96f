"""Words that carry the moment they were written, so that whoever reads them knows how long they travelled.

The monotonic clock is one for all processes of a computer. The moment is spelt in letters: hardly any word of a tutor
has digits in it, and who watches what a model writes looks at them twice.
"""

from __future__ import annotations

import re
import time

_STAMP = re.compile(r"w([a-p]+) ")
_LETTERS = str.maketrans("0123456789abcdef", "abcdefghijklmnop")
_DIGITS = str.maketrans("abcdefghijklmnop", "0123456789abcdef")


def stamped() -> str:
    """A word made now."""
    return f"w{time.monotonic_ns():x} ".translate(_LETTERS)


def moments_s(text: str) -> list[float]:
    """When each whole word of ``text`` was written, on the monotonic clock."""
    return [int(spelt.translate(_DIGITS), 16) / 1e9 for spelt in _STAMP.findall(text)]
