"""When a request may be sent again, and after how long."""

from __future__ import annotations

import random
from dataclasses import dataclass

from tutor.ollama.errors import OllamaError, ResponseError


@dataclass(frozen=True, slots=True)
class Retries:
    """Attempts in all, and the pauses between them in seconds.

    A request is sent again only where the server cannot have begun anything: no connection came about, or 429, 502 or
    503 arrived instead of a reply. The pause doubles from `first_delay_s` to `max_delay_s`, half of it at random so
    that clients do not come back in step; a server's Retry-After counts instead, and one longer than `max_delay_s`
    ends the attempts. All of them share the budgets of one call.
    """

    attempts: int = 3
    first_delay_s: float = 0.25
    max_delay_s: float = 8.0

    @classmethod
    def of(cls, value: Retries | int) -> Retries:
        """Retries as given; a number says how often a request is repeated at most."""
        return value if isinstance(value, Retries) else cls(attempts=value + 1)

    def pause_s(self, attempt: int, error: OllamaError) -> float | None:
        """The pause after this failed attempt (the first is 1); None if the error is final."""
        if not error.retry_safe or attempt >= self.attempts:
            return None
        if isinstance(error, ResponseError) and error.retry_after_s is not None:
            return error.retry_after_s if error.retry_after_s <= self.max_delay_s else None
        delay_s = min(self.first_delay_s * 2.0 ** (attempt - 1), self.max_delay_s)
        return delay_s * random.uniform(0.5, 1.0)  # noqa: S311


DEFAULT_RETRIES = Retries()
NO_RETRIES = Retries(attempts=1)
