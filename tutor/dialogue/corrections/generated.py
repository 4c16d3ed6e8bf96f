"""What the model writes when it may correct freely: never shown alone, only where another witness agrees."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tutor.dialogue.corrections.forced_copy import plain

SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {"corrected": {"type": "string"}},
    "required": ["corrected"],
    "additionalProperties": False,
}


def generation_request(sentence: str) -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Return the schema of a corrected sentence, and the options: no penalty for repeating the learner's own words."""
    return SCHEMA, {"temperature": 0.0, "repeat_penalty": 1.0, "num_predict": 2 * len(plain(sentence)) + 32}


def corrected_from(content: str) -> str | None:
    """Return the corrected sentence of a model's answer, or None where there is none."""
    try:
        found = json.loads(content)
    except ValueError:
        return None
    text = found.get("corrected") if isinstance(found, dict) else None
    return text.strip() if isinstance(text, str) and text.strip() else None
