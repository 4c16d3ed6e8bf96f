"""A picture on its way to a model."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, SerializationInfo, model_serializer, model_validator

from tutor.ollama.images import image_base64

_VALUES = (str, bytes, bytearray, memoryview, os.PathLike)


def _plain(value: Any) -> Any:
    # Left to pydantic, a bytearray may become a text, which may name a file.
    if isinstance(value, bytearray | memoryview):
        return bytes(value)
    return Path(value) if isinstance(value, os.PathLike) else value


class Image(BaseModel):
    """A picture: bytes, the path of a file, or a text that is a path or base64.

    `Message(images=[...])` takes these values bare, too. Written out it becomes base64; a text that names an existing
    file is read then, unless the serialisation context says `{"read_image_paths": False}`.
    """

    model_config = ConfigDict(hide_input_in_errors=True)

    value: Annotated[str | bytes | Path, BeforeValidator(_plain)]

    @model_validator(mode="before")
    @classmethod
    def _bare(cls, given: Any) -> Any:
        return {"value": given} if isinstance(given, _VALUES) else given

    @model_serializer
    def _written(self, info: SerializationInfo[Any]) -> str:
        wanted = (info.context or {}).get("read_image_paths", True)
        return image_base64(self.value, read_image_paths=bool(wanted))
