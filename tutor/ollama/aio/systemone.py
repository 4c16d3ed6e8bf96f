# `timeout` is a keyword that callers of the published client know, and it sets several budgets.
# ruff: noqa: ASYNC109
"""The call that has questions about a state scored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tutor.ollama.aio.base import UNSET, AsyncBase
from tutor.ollama.bodies import encode, systemone_body
from tutor.ollama.timeouts import TimeoutLike
from tutor.ollama.types import (
    SystemOneContent,
    SystemOneQuestion,
    SystemOneResponse,
)


class AsyncSystemOne(AsyncBase):
    """systemone."""

    async def systemone(
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
        return await self._whole("POST", "/v1/systemone", encode(body), timeout, SystemOneResponse)
