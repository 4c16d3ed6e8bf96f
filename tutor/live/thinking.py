"""Whether a model may think aloud, and how much room that takes: learners wait for words."""

from collections.abc import Mapping
from typing import Any, Literal

from tutor.llm.selection import CurrentModel
from tutor.ollama import ResponseError

# Tokens beside those of the reply, for a model that cannot leave it.
ROOM_TOKENS = 1024
# These know levels only; "low" is the least.
_BY_LEVEL = ("gptoss", "gpt-oss")
BAD_REQUEST = 400


def wanted_thinking(model: CurrentModel) -> Literal["low"] | bool | None:
    """What a request says about it. Nothing to a model that does not think: some servers refuse the question."""
    if "thinking" not in model.capabilities:
        return None
    return "low" if thinks_by_level(model) else False


def thinks_by_level(model: CurrentModel) -> bool:
    """Whether it can be told to think less, but not to leave it."""
    return any(family in name.lower() for family in _BY_LEVEL for name in (model.family, model.model))


def with_room(options: Mapping[str, Any]) -> dict[str, Any]:
    """Options in which thinking does not eat up the reply; the prompt keeps half of the context."""
    num_predict, num_ctx = int(options.get("num_predict", 256)), int(options.get("num_ctx", 4096))
    return {**options, "num_predict": max(num_predict, min(num_predict + ROOM_TOKENS, num_ctx // 2))}


def is_refused(fault: Exception) -> bool:
    """Whether the server wants to hear nothing about thinking for this model."""
    return isinstance(fault, ResponseError) and fault.status_code == BAD_REQUEST and "think" in fault.error.lower()
