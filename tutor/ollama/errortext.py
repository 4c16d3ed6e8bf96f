"""The text of a server's error, dug out of what it came wrapped in. Pure."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

_MAX_DEPTH = 6
_TEXT_KEYS = ("error", "message")


class ErrorText(NamedTuple):
    """The innermost text, and the fields that stood beside it on the way in."""

    text: str
    details: dict[str, Any]


def unwrap_error(raw: object) -> ErrorText:
    """Follow `error` and `message` keys, and texts that are themselves JSON objects, to the innermost text."""
    details: dict[str, Any] = {}
    value = raw
    for _ in range(_MAX_DEPTH):
        inner = _as_object(value)
        if inner is None:
            break
        key = next((k for k in _TEXT_KEYS if inner.get(k) is not None), None)
        if key is None:
            break
        details.update({k: v for k, v in inner.items() if k != key})
        value = inner[key]
    return ErrorText(_as_text(value), details)


def _as_object(value: object) -> dict[str, Any] | None:
    if isinstance(value, str) and value.lstrip()[:1] == "{":
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            return None
    return value if isinstance(value, dict) else None


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
