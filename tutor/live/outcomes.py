"""How a reply ends when it does not end well: every fault of an engine has one code, and one question.

Codes are for programs; the sentence a learner reads is made where pages are made.
"""

from dataclasses import dataclass
from typing import Literal

from tutor.dialogue import Unreadable
from tutor.ollama import (
    ConnectionFailed,
    ConnectionLost,
    Incomplete,
    LineTooLong,
    OllamaError,
    ProtocolError,
    ResponseError,
    TimedOut,
    TruncatedBody,
)

NOT_FOUND, BUSY, SERVER_ERROR = 404, 503, 500


@dataclass(frozen=True)
class Outcome:
    state: Literal["done", "stopped", "interrupted", "failed"]
    code: str = ""


def of_fault(fault: Exception, *, has_text: bool) -> Outcome:
    """What became of a reply that ended with ``fault``: words that came are kept as *interrupted*."""
    return Outcome("interrupted" if has_text else "failed", code_of(fault))


def code_of(fault: Exception) -> str:  # noqa: PLR0911, C901 - a table, one row a fault
    match fault:
        case TimedOut(phase="connect") | ConnectionFailed():
            return "offline"
        case TimedOut(phase=phase):
            return {"first": "slow_start", "between": "stalled", "total": "too_long"}.get(phase, "stalled")
        case ConnectionLost() | TruncatedBody():
            return "cut_off"
        case Incomplete():
            return "unfinished"
        case LineTooLong() | ProtocolError():
            return "protocol"
        case ResponseError(status_code=status):
            return {NOT_FOUND: "model_missing", BUSY: "engine_busy"}.get(status, "engine_error")
        case Unreadable():
            return "unreadable"
        case OllamaError():
            return "engine_error"
        case _:
            return "internal"


def worth_another_try(fault: Exception) -> bool:
    """A server error before the first word may be a hiccup: one more try costs nobody anything."""
    return isinstance(fault, ResponseError) and fault.status_code == SERVER_ERROR


def is_busy(fault: Exception) -> bool:
    return isinstance(fault, ResponseError) and fault.status_code == BUSY
