"""The models of the recorded server, and what of two answers must be alike."""

from __future__ import annotations

import json
from typing import Any

from tutor.ollama.testing import Model

QWEN = Model("qwen2.5-coder:1.5b", capabilities=("tools", "completion"), context_length=2048)
THINKER = Model("thinker", capabilities=("completion", "thinking"))
TINY = Model("tiny:latest", context_length=4096)
EMBED = Model("tinyembed:latest", capabilities=("embedding",), context_length=128)
MODELS = (QWEN, THINKER, TINY, EMBED)


def shape(value: Any, key: str = "") -> Any:
    """Names and types, without what a model says."""
    if isinstance(value, dict):
        return {name: shape(inner, name) for name, inner in value.items()}
    if isinstance(value, list):
        return [shape(value[0], key)] if value else []
    # A zero is left out by Go; what is there has one of these types.
    return float if isinstance(value, int | float) and not isinstance(value, bool) else type(value)


def lines(content: bytes) -> list[dict[str, Any]]:
    return [json.loads(line) for line in content.splitlines()]
