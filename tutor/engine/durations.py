"""How long to keep a model in memory, as Ollama's `keep_alive` says it: seconds, or a duration as Go writes it."""

from __future__ import annotations

import math
import re
from typing import Final

UNITS_S: Final = {"ns": 1e-9, "us": 1e-6, "µs": 1e-6, "ms": 1e-3, "s": 1.0, "m": 60.0, "h": 3600.0}
PIECE: Final = re.compile(r"(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|ms|s|m|h)")
FOREVER_S: Final = math.inf


class BadDuration(ValueError):
    """Not a duration; the argument is the text that Ollama answers."""


def keep_alive_s(value: object, *, default_s: float) -> float:
    """Seconds to keep the model after the request; infinity when the value is negative. Raises BadDuration."""
    if value is None:
        return default_s
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        raise BadDuration(f"Unsupported type: '{type(value).__name__}'")
    seconds = _duration_s(value) if isinstance(value, str) else float(value)
    return FOREVER_S if seconds < 0 else seconds


def _duration_s(text: str) -> float:
    body = text.lstrip("+-")
    pieces = PIECE.findall(body)
    whole = "".join(number + unit for number, unit in pieces)
    if body != "0" and (not pieces or whole != body or len(text) - len(body) > 1):
        raise BadDuration(f'time: invalid duration "{text}"')
    seconds = sum(float(number) * UNITS_S[unit] for number, unit in pieces)
    return -seconds if text.startswith("-") else seconds
