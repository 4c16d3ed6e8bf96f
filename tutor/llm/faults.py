"""What can go wrong at an engine: one code for each fault, for replies, test sentences and probes alike.

Codes are for programs and rows. Sentences for them are made where people read them.
"""

import re

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
_BY_STATUS = {NOT_FOUND: "model_missing", BUSY: "engine_busy"}
_REFUSALS = range(400, 500)
# What servers of several years say, in the order in which it is looked for.
_KINDS = (
    ("out_of_memory", "more system memory|(?:out of|insufficient|not enough) memory|failed to allocate|cudamalloc"),
    ("model_crashed", "unexpected eof|runner .*(?:stopped|terminated|crash)|signal: |exit status|forcibly closed"),
    ("message_too_long", "exceeds? .*context|context length|prompt is (?:too long|longer)"),
    ("cannot_load", "(?:unable|failed) to load|error loading|unknown model arch|unsupported model|does not support"),
)
WORDS_CHARACTERS = 300


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
        case ResponseError(status_code=status, error=words):
            return _BY_STATUS.get(status) or _kind_of(words) or ("refused" if status in _REFUSALS else "engine_error")
        case _:
            return "engine_error"


def engines_words(fault: Exception) -> str:
    """What the server itself said, on one line, for administrators; such words hold nothing of a conversation."""
    return " ".join(fault.error.split())[:WORDS_CHARACTERS] if isinstance(fault, ResponseError) else ""


def _kind_of(words: str) -> str:
    """What kind of fault a server speaks of, or "" where it is none of those known."""
    lowered = words.lower()
    return next((code for code, pattern in _KINDS if re.search(pattern, lowered)), "")


def worth_another_try(fault: Exception) -> bool:
    """A server error before the first word may be a hiccup: one more try costs nobody anything."""
    return isinstance(fault, ResponseError) and fault.status_code == SERVER_ERROR


def is_busy(fault: Exception) -> bool:
    return isinstance(fault, ResponseError) and fault.status_code == BUSY
