"""Which models are too small to be let loose on a learner."""

from __future__ import annotations

import re
from collections.abc import Sequence

SMALLEST_FREE_TALKER = 2.8e9
_SIZE = re.compile(r"^\s*(\d+(?:\.\d+)?)\s*([KMBT]?)\s*$", re.IGNORECASE)
_UNIT = {"": 1.0, "K": 1e3, "M": 1e6, "B": 1e9, "T": 1e12}


def is_small(parameter_size: str | None, capabilities: Sequence[str]) -> bool:
    """Below about three billion parameters a free chat teaches mistakes; such a model gets guided talk.

    `parameter_size` is written as Ollama's `details.parameter_size` ("1.5B", "494.03M"). A size that is
    missing or not understood counts as small, because guided talk is right at every size; so does a
    model that lists its capabilities and has no completion.
    """
    if capabilities and "completion" not in capabilities:
        return True
    found = _SIZE.match(parameter_size or "")
    if found is None:
        return True
    return float(found[1]) * _UNIT[found[2].upper()] < SMALLEST_FREE_TALKER
