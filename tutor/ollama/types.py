"""What the server answers, as models that can be read by attribute and by key. Unknown fields are kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from pydantic import BaseModel, ByteSize, ConfigDict, Field
from pydantic.fields import FieldInfo


class Subscriptable(BaseModel):
    """A model with dict manners: `m['key']`, `m.get('key')`, `'key' in m`.

    A key is "in" the model if the server sent it (even as null) or if the class gives it a value; a key that is not in
    it raises KeyError, while the attribute of a declared field is None.
    """

    model_config = ConfigDict(extra="allow", hide_input_in_errors=True, protected_namespaces=(), populate_by_name=True)
    _other_names: ClassVar[Mapping[str, str]] = {}

    def __getitem__(self, key: str) -> Any:
        if key not in self:
            raise KeyError(key)
        return getattr(self, self._other_names.get(key, key))

    def __setitem__(self, key: str, value: Any) -> None:
        setattr(self, self._other_names.get(key, key), value)

    def __contains__(self, key: object) -> bool:
        name = self._other_names.get(key, key) if isinstance(key, str) else key
        if name in self.model_fields_set:
            return True
        field = type(self).model_fields.get(name) if isinstance(name, str) else None
        return field is not None and _has_value(field)

    def get(self, key: str, default: Any = None) -> Any:
        """The field's value (None when declared but absent), or `default` for a name this model does not have."""
        name = self._other_names.get(key, key)
        if name in type(self).model_fields or name in (self.model_extra or {}):
            return getattr(self, name)
        return default


def _has_value(field: FieldInfo) -> bool:
    return field.default_factory is not None or (not field.is_required() and field.default is not None)


class ToolFunction(Subscriptable):
    """The function that a model wants called; `arguments` is an object, never a text."""

    name: str
    arguments: Mapping[str, Any] = Field(default_factory=dict)


class ToolCall(Subscriptable):
    """One call; `id` ties the result to it where several calls name one tool."""

    function: ToolFunction
    id: str | None = None


class Message(Subscriptable):
    """One message of a chat. `content` is present in every reply of a server, though it may be empty."""

    role: str
    content: str | None = None
    thinking: str | None = None
    images: Sequence[Any] | None = None
    tool_name: str | None = None
    tool_calls: Sequence[ToolCall] | None = None


class TokenLogprob(Subscriptable):
    """A token and the logarithm of its probability."""

    token: str
    logprob: float


class Logprob(TokenLogprob):
    """A token that was chosen, with those that might have been."""

    top_logprobs: Sequence[TokenLogprob] | None = None


class BaseGenerateResponse(Subscriptable):
    """What chat and generate share. Durations are nanoseconds; counters come with the final object only."""

    model: str | None = None
    created_at: str | None = None
    done: bool | None = None
    done_reason: str | None = None
    total_duration: int | None = None
    load_duration: int | None = None
    prompt_eval_count: int | None = None
    prompt_eval_duration: int | None = None
    eval_count: int | None = None
    eval_duration: int | None = None


def _empty_message() -> Message:
    return Message(role="assistant", content="")


class ChatResponse(BaseGenerateResponse):
    """A reply, or one chunk of it. Old servers leave `message` out of the final chunk; it is empty then."""

    message: Message = Field(default_factory=_empty_message)
    logprobs: Sequence[Logprob] | None = None


class ModelDetails(Subscriptable):
    """Format and size of a model, as the server words them (`parameter_size` is a text such as "7.6B")."""

    parent_model: str | None = None
    format: str | None = None
    family: str | None = None
    families: Sequence[str] | None = None
    parameter_size: str | None = None
    quantization_level: str | None = None
    context_length: int | None = None
    embedding_length: int | None = None


class ListResponse(Subscriptable):
    """The installed models."""

    class Model(Subscriptable):
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

    models: Sequence[Model] = Field(default_factory=list)


class ProcessResponse(Subscriptable):
    """The models in memory, the longest-lived first."""

    class Model(Subscriptable):
        """One loaded model; sizes are bytes, `expires_at` is when it would be unloaded."""

        model: str | None = None
        name: str | None = None
        digest: str | None = None
        expires_at: datetime | None = None
        size: ByteSize | None = None
        size_vram: ByteSize | None = None
        details: ModelDetails | None = None
        context_length: int | None = None

    models: Sequence[Model] = Field(default_factory=list)


class ShowResponse(Subscriptable):
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
    remote_model: str | None = None
    remote_host: str | None = None

    @property
    def model_info(self) -> Mapping[str, Any]:
        """The facts of the model's file; empty when the server sent none."""
        return self.modelinfo or {}


class VersionResponse(Subscriptable):
    """The server's version; `str()` of it is the bare number."""

    version: str

    def __str__(self) -> str:
        return self.version
