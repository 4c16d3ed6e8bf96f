"""The names and kinds of the optional arguments, call by call; None means "not sent"."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypedDict

from pydantic import BaseModel, TypeAdapter

from tutor.ollama.images import ImageValue
from tutor.ollama.messages import MessageLike
from tutor.ollama.options import OptionsLike
from tutor.ollama.toolschema import ToolLike
from tutor.ollama.types import Image, SystemOneQuestion

ImageLike = ImageValue | Image
FormatLike = str | Mapping[str, Any] | type[BaseModel] | TypeAdapter[Any]
KeepAlive = float | str
QuestionLike = SystemOneQuestion | Mapping[str, Any]


class WritingExtras(TypedDict, total=False):
    """What chat and generate share."""

    think: bool | str | None
    logprobs: bool | None
    top_logprobs: int | None
    format: FormatLike | None
    options: OptionsLike | None
    keep_alive: KeepAlive | None
    truncate: bool | None
    shift: bool | None


class ChatExtras(WritingExtras, total=False):
    """The arguments of a chat beside model, messages and stream."""

    tools: Sequence[ToolLike] | None


class GenerateExtras(WritingExtras, total=False):
    """The arguments of generate beside model, prompt, suffix and stream."""

    system: str | None
    template: str | None
    context: Sequence[int] | None
    raw: bool | None
    images: Sequence[ImageLike] | None
    width: int | None
    height: int | None
    steps: int | None


class EmbedExtras(TypedDict, total=False):
    """The arguments of embed beside model and input."""

    truncate: bool | None
    options: OptionsLike | None
    keep_alive: KeepAlive | None
    dimensions: int | None


class CreateExtras(TypedDict, total=False):
    """The arguments of create beside model and stream."""

    quantize: str | None
    from_: str | None
    files: Mapping[str, str] | None
    adapters: Mapping[str, str] | None
    template: str | None
    license: str | Sequence[str] | None
    system: str | None
    parameters: OptionsLike | None
    messages: Sequence[MessageLike] | None
