"""What can go wrong at an engine: one code for each fault, for replies, test sentences and probes alike.

Codes are for programs and rows. Sentences for them are made where people read them.
"""

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


def engine_fault(fault: OllamaError) -> str:  # noqa: PLR0911 - a table, one row a fault
    """The code of what the client raised."""
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
        case _:
            return "engine_error"


def worth_another_try(fault: Exception) -> bool:
    """A server error before the first word may be a hiccup: one more try costs nobody anything."""
    return isinstance(fault, ResponseError) and fault.status_code == SERVER_ERROR


def is_busy(fault: Exception) -> bool:
    return isinstance(fault, ResponseError) and fault.status_code == BUSY
