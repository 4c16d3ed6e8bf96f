"""How work of a model ends when it does not end well: every fault has one code, and one question.

Codes are for programs; the sentence a learner reads is made where pages are made.
"""

from dataclasses import dataclass
from typing import Literal

from tutor.dialogue import MessageTooLong, Unreadable
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


DONE = Outcome("done")
STOPPED = Outcome("stopped")
RESTART = Outcome("interrupted", "restart")


class CallEnded(Exception):
    """A call that our side ends, or does not begin: nobody can answer it, or what came is too much, or nothing."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def of_fault(fault: Exception, *, has_content: bool) -> Outcome:
    """What became of work that ended with ``fault``: what came is kept as *interrupted*."""
    return Outcome("interrupted" if has_content else "failed", code_of(fault))


def code_of(fault: Exception) -> str:  # noqa: PLR0911, C901 - a table, one row a fault
    match fault:
        case CallEnded(code=code):
            return code
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
        case MessageTooLong():
            return "message_too_long"
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
