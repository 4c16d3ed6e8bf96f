"""Texts as vectors."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.ollama.types.base import ListOrNull, Subscriptable
from tutor.ollama.types.chat import BaseGenerateResponse


class EmbedResponse(BaseGenerateResponse):
    """One vector of unit length for each text, in their order."""

    embeddings: ListOrNull[Sequence[Sequence[float]]]


class EmbeddingsResponse(Subscriptable):
    """The vector of one text, from the older of the two calls."""

    embedding: ListOrNull[Sequence[float]]
