"""Pictures as the base64 that a request carries."""

from __future__ import annotations

import base64
import binascii
import os
from pathlib import Path

from tutor.ollama.errors import RequestError

ImageValue = str | bytes | bytearray | memoryview | os.PathLike[str]

_IMAGE_SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")


def image_base64(value: object, *, read_image_paths: bool = True) -> str:
    """The base64 of a picture.

    Bytes are encoded, and a path object's file is read. A text that names an existing file is read, unless
    `read_image_paths` is off: then no text touches the file system. Any other text must be base64, and passes as it
    is. Raises `RequestError` for a file that is missing or cannot be read, and for text that is neither.
    """
    if isinstance(value, bytes | bytearray | memoryview):
        return _encoded(value)
    if isinstance(value, os.PathLike):
        return _encoded(_read(Path(value)))
    if not isinstance(value, str):
        raise RequestError("an image is bytes, a path, or a text that is a path or base64")
    content = _content_of_existing(value) if read_image_paths else None
    return _as_base64(value) if content is None else _encoded(content)


def _encoded(content: bytes | bytearray | memoryview) -> str:
    return base64.b64encode(content).decode("ascii")


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or "no such name can exist"
        raise RequestError(f"the file of an image cannot be read: {reason}") from None


def _content_of_existing(text: str) -> bytes | None:
    # Base64 is mostly too long for a name, and devices never end.
    try:
        path = Path(text)
        return path.read_bytes() if path.is_file() else None
    except OSError:
        return None


def _as_base64(text: str) -> str:
    if text[-5:].lower().endswith(_IMAGE_SUFFIXES):
        raise RequestError("an image names a file that does not exist")
    try:
        # As the server's Go and the published client have it, what is no base64 sign is passed over.
        base64.b64decode(text)
    except (binascii.Error, ValueError):
        raise RequestError("an image is neither the path of a file nor base64") from None
    return text
