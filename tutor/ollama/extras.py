"""The names and kinds of the optional arguments, call by call; None means "not sent"."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypedDict, TypeVar

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
    """The arguments of create beside model and stream, in the order in which they may be given by position."""

    quantize: str | None
    from_: str | None
    files: Mapping[str, str] | None
    adapters: Mapping[str, str] | None
    template: str | None
    license: str | Sequence[str] | None
    system: str | None
    parameters: OptionsLike | None
    messages: Sequence[MessageLike] | None


F = TypeVar("F", bound=Callable[..., Any])


def spelled_out(keywords: type, *, by_position: bool = False) -> Callable[[F], F]:
    """Have `help()`, `inspect` and mocks see each of these keywords in place of `**extras` (and of `*given`).

    Each is written down once, in its TypedDict, which type checkers read by themselves.
    """
    kind = inspect.Parameter.POSITIONAL_OR_KEYWORD if by_position else inspect.Parameter.KEYWORD_ONLY

    def decorate(function: F) -> F:
        signature = inspect.signature(function)
        kept = [p for p in signature.parameters.values() if p.kind not in _VARIADIC]
        told = [
            inspect.Parameter(name, kind, default=None, annotation=getattr(hint, "__forward_arg__", hint))
            for name, hint in keywords.__annotations__.items()
        ]
        in_order = sorted([*kept, *told], key=lambda parameter: parameter.kind)
        function.__signature__ = signature.replace(parameters=in_order)  # type: ignore[attr-defined]
        return function

    return decorate


def by_name(keywords: type, given: Sequence[Any], extras: Mapping[str, Any]) -> dict[str, Any]:
    """Arguments given by position under their names, beside those given by name. Raises TypeError, as a call does."""
    names = tuple(keywords.__annotations__)
    if len(given) > len(names):
        raise TypeError(f"at most {len(names)} arguments stand behind the model, and {len(given)} were given")
    placed = dict(zip(names, given, strict=False))
    for name in extras:
        if name in placed:
            raise TypeError(f"got multiple values for argument {name!r}")
    return placed | dict(extras)


_VARIADIC = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
