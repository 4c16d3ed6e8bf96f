"""JSON as Ollama writes it: compact, UTF-8, with the characters escaped that Go escapes; and its points in time."""

from __future__ import annotations

import datetime as dt
import json
import time
from typing import Final

ESCAPED: Final = str.maketrans({mark: f"\\u{ord(mark):04x}" for mark in "<>&\u2028\u2029"})
BILLION: Final = 1_000_000_000


def to_json(value: object) -> str:
    """The value as one line of JSON."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(ESCAPED)


def to_bytes(value: object) -> bytes:
    """The same as UTF-8; a half of a surrogate pair becomes a question mark, as nothing else can be sent."""
    return to_json(value).encode("utf-8", "replace")


def now() -> str:
    """The time in UTC, RFC 3339 with nine digits of a second."""
    return moment(time.time_ns())


def moment(since_epoch_ns: int) -> str:
    """A point in time in UTC, RFC 3339 with nine digits of a second."""
    seconds, nanoseconds = divmod(since_epoch_ns, BILLION)
    whole = dt.datetime.fromtimestamp(seconds, dt.UTC)
    return f"{whole:%Y-%m-%dT%H:%M:%S}.{nanoseconds:09d}Z"
