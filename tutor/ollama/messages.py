"""Messages and their pictures as the JSON of a request."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import BaseModel, ValidationError

from tutor.ollama.arguments import refusal
from tutor.ollama.errors import RequestError
from tutor.ollama.images import image_base64
from tutor.ollama.types import Message

MessageLike = Mapping[str, Any] | Message

_ONE_THING = (str, bytes, bytearray, memoryview, Mapping, BaseModel)


def each(name: str, given: object) -> list[Any]:
    """The items of an argument that takes several; nothing for None. Raises `RequestError` for a single thing."""
    if not given:
        return []
    if isinstance(given, _ONE_THING) or not isinstance(given, Iterable):
        raise RequestError(f"{name} takes a list")
    return list(given)


def message_body(message: MessageLike, *, read_image_paths: bool) -> dict[str, Any]:
    """A message of a chat, as the server reads it.

    Empty values of known fields are left out, but not an empty `content`: a tool may have had nothing to say. Unknown
    fields are sent. Raises `RequestError` for a message without a role or with fields of another kind.
    """
    fields = _fields_of(message)
    images = fields.pop("images", None)
    kept = {name: value for name, value in fields.items() if _is_sent(name, value)}
    if "tool_calls" in kept:
        kept["tool_calls"] = [_plain(call) for call in each("tool_calls", kept["tool_calls"])]
    try:
        body = Message.model_validate(kept).model_dump(exclude_none=True)
    except ValidationError as error:
        raise refusal("a message's", error) from None
    if images:
        body["images"] = images_body(images, read_image_paths=read_image_paths)
    return body


def message_to_keep(message: MessageLike, *, read_image_paths: bool) -> dict[str, Any]:
    """A message that a new model is to remember: mappings go as they are, only their pictures are written out."""
    fields = _fields_of(message)
    images = fields.pop("images", None)
    body = _plain(message, leave_out={"images"}) if isinstance(message, BaseModel) else fields
    if images is not None:
        body["images"] = images_body(images, read_image_paths=read_image_paths)
    return body


def images_body(images: object, *, read_image_paths: bool) -> list[str]:
    """Pictures as base64 texts, in their order. Raises `RequestError` as `image_base64` does."""
    values = [_value(image) for image in each("images", images)]
    return [image_base64(value, read_image_paths=read_image_paths) for value in values]


def _fields_of(message: object) -> dict[str, Any]:
    # Not model_dump: it would write the pictures out, which reads files.
    if isinstance(message, Mapping | BaseModel):
        return dict(message)
    raise RequestError("a message is a mapping or a Message")


def _is_sent(name: str, value: object) -> bool:
    if name not in Message.model_fields:
        return value is not None
    return bool(value) or (name == "content" and value == "")


def _plain(value: Any, leave_out: set[str] | None = None) -> Any:
    return value.model_dump(exclude_none=True, exclude=leave_out) if isinstance(value, BaseModel) else value


def _value(image: object) -> object:
    return getattr(image, "value", None) if isinstance(image, BaseModel) else image
