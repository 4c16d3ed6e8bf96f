# `timeout` is a keyword that callers of the published client know, and it sets several budgets.
# ruff: noqa: ASYNC109
"""The calls that turn texts into vectors."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.ollama.aio.base import UNSET, AsyncBase
from tutor.ollama.bodies import OptionsLike, embed_body, embeddings_body, encode
from tutor.ollama.timeouts import TimeoutLike
from tutor.ollama.types import (
    EmbeddingsResponse,
    EmbedResponse,
)


class AsyncEmbeddings(AsyncBase):
    """embed, and the older embeddings."""

    async def embed(
        self,
        model: str = "",
        input: str | Sequence[str] = "",  # noqa: A002
        truncate: bool | None = None,  # noqa: FBT001
        options: OptionsLike | None = None,
        keep_alive: float | str | None = None,
        dimensions: int | None = None,
        *,
        timeout: TimeoutLike = UNSET,
    ) -> EmbedResponse:
        """One vector of length 1 for each text; `dimensions` cuts them. Raises `ResponseError` for a chat model."""
        body = embed_body(
            model,
            input,
            {"truncate": truncate, "options": options, "keep_alive": keep_alive, "dimensions": dimensions},
        )
        return await self._whole("POST", "/api/embed", encode(body), timeout, EmbedResponse)

    async def embeddings(
        self,
        model: str = "",
        prompt: str | None = None,
        options: OptionsLike | None = None,
        keep_alive: float | str | None = None,
        *,
        timeout: TimeoutLike = UNSET,
    ) -> EmbeddingsResponse:
        """One vector for one text. Deprecated by Ollama: `embed` does more."""
        body = embeddings_body(model, prompt, options=options, keep_alive=keep_alive)
        return await self._whole("POST", "/api/embeddings", encode(body), timeout, EmbeddingsResponse)
