"""How work of a model ends: done, stopped, or by a fault, which has a code."""

from dataclasses import dataclass
from typing import Literal

from tutor.dialogue import MessageTooLong, Unreadable
from tutor.llm.faults import engine_fault, engines_words
from tutor.ollama import OllamaError


@dataclass(frozen=True)
class Outcome:
    state: Literal["done", "stopped", "interrupted", "failed"]
    code: str = ""
    # The server's own words, for administrators.
    detail: str = ""


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
    return Outcome("interrupted" if has_content else "failed", code_of(fault), engines_words(fault))


def code_of(fault: Exception) -> str:
    match fault:
        case CallEnded(code=code):
            return code
        case OllamaError():
            return engine_fault(fault)
        case MessageTooLong():
            return "message_too_long"
        case Unreadable():
            return "unreadable"
        case _:
            return "internal"
