"""The blind choice: which of two sentences is right? Asked in both orders, not saying which one the learner wrote."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, Final

from tutor.dialogue.corrections.forced_copy import plain
from tutor.dialogue.prompts import language_name
from tutor.dialogue.types import Message

_ASK: Final = "Which of two {language} sentences is correct {language}? Answer A or B."
_SCHEMA: Final[Mapping[str, Any]] = {
    "type": "object",
    "properties": {"correct": {"type": "string", "enum": ["A", "B"]}},
    "required": ["correct"],
    "additionalProperties": False,
}


def comparison_messages(language: str, first: str, second: str) -> list[Message]:
    """Return the conversation that asks which of two sentences is right."""
    return [
        {"role": "system", "content": _ASK.format(language=language_name(language))},
        {"role": "user", "content": f"A: {plain(first)}\nB: {plain(second)}"},
    ]


def comparison_request() -> tuple[Mapping[str, Any], dict[str, Any]]:
    """Return the schema of an answer, and the options."""
    return _SCHEMA, {"temperature": 0.0, "repeat_penalty": 1.0, "num_predict": 24}


def preferred(content: str) -> str:
    """Return "A" or "B" of a model's answer; "" where it says neither."""
    try:
        found = json.loads(content)
    except ValueError:
        return ""
    answer = found.get("correct") if isinstance(found, dict) else None
    return answer if answer in {"A", "B"} else ""
