"""The models of a server, and the server itself."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pydantic import ByteSize, Field

from tutor.ollama.types.base import ListOrNull, Seldom
from tutor.ollama.types.chat import Message


class ModelDetails(Seldom):
    """Format and size of a model, as the server words them (`parameter_size` is a text such as "7.6B")."""

    parent_model: str | None = None
    format: str | None = None
    family: str | None = None
    families: Sequence[str] | None = None
    parameter_size: str | None = None
    quantization_level: str | None = None
    context_length: int | None = None
    embedding_length: int | None = None


class ListResponse(Seldom):
    """The installed models."""

    class Model(Seldom):
        """One installed model; `remote_host` is set when another machine would do the answering."""

        model: str | None = None
        name: str | None = None
        modified_at: datetime | None = None
        digest: str | None = None
        size: ByteSize | None = None
        details: ModelDetails | None = None
        capabilities: Sequence[str] | None = None
        remote_model: str | None = None
        remote_host: str | None = None

    models: ListOrNull[Sequence[Model]] = Field(default_factory=list)


class ProcessResponse(Seldom):
    """The models in memory, the longest-lived first."""

    class Model(Seldom):
        """One loaded model; sizes are bytes, `expires_at` is when it would be unloaded."""

        model: str | None = None
        name: str | None = None
        digest: str | None = None
        expires_at: datetime | None = None
        size: ByteSize | None = None
        size_vram: ByteSize | None = None
        details: ModelDetails | None = None
        context_length: int | None = None

    models: ListOrNull[Sequence[Model]] = Field(default_factory=list)


class ShowResponse(Seldom):
    """What a model is; `model_info` (also `modelinfo`) holds the facts of its file by their GGUF names."""

    _other_names: ClassVar[Mapping[str, str]] = {"model_info": "modelinfo"}

    modified_at: datetime | None = None
    template: str | None = None
    modelfile: str | None = None
    license: str | None = None
    details: ModelDetails | None = None
    modelinfo: Mapping[str, Any] | None = Field(default=None, alias="model_info")
    parameters: str | None = None
    capabilities: Sequence[str] | None = None
    system: str | None = None
    messages: Sequence[Message] | None = None
    projector_info: Mapping[str, Any] | None = None
    renderer: str | None = None
    parser: str | None = None
    requires: str | None = None
    remote_model: str | None = None
    remote_host: str | None = None

    @property
    def model_info(self) -> Mapping[str, Any]:
        """The facts of the model's file; empty when the server sent none."""
        return self.modelinfo or {}


class VersionResponse(Seldom):
    """The server's version; `str()` of it is the bare number."""

    version: str

    def __str__(self) -> str:
        return self.version
