# Written by tools/generate_sync_client.py from aio/systemone.py. Change that one.
"""The call that has questions about a state scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.ollama.bodies import encode, systemone_body
from tutor.ollama.sync.base import UNSET, Base
from tutor.ollama.timeouts import TimeoutLike
from tutor.ollama.types import (
    SystemOneContent,
    SystemOneQuestion,
    SystemOneResponse,
)


class SystemOne(Base):
    """systemone."""

    def systemone(
        self,
        model: str,
        state: SystemOneContent,
        questions: Mapping[str, SystemOneQuestion | Mapping[str, Any]],
        keep_alive: float | str | None = None,
        *,
        timeout: TimeoutLike = UNSET,
    ) -> SystemOneResponse:
        """Score choice, noul (yes or no) and score questions about a state, with a System One model."""
        body = systemone_body(model, state, questions, keep_alive)
        return self._whole("POST", "/v1/systemone", encode(body), timeout, SystemOneResponse)
