"""From what a browser sent to a command, or to the reason why not. Nothing it can send raises anything else."""

import json
from uuid import UUID

from pydantic import ValidationError

from tutor.chat.protocol import FRAME_BYTES, Command, command_adapter


class NotUnderstoodError(Exception):
    """``code`` is ``too_long`` (nothing typed is lost) or ``bad_frame``; ``client_id`` names the message, if any."""

    def __init__(self, code: str, client_id: UUID | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.client_id = client_id


def parse_command(text: str | bytes | None) -> Command:
    """Parse one frame. Raises :class:`NotUnderstoodError`."""
    raw = text.encode("utf-8", "replace") if isinstance(text, str) else b""
    if not raw or len(raw) > FRAME_BYTES:
        raise NotUnderstoodError("bad_frame")
    try:
        return command_adapter.validate_json(raw)
    except ValidationError as fault:
        long = any(error["type"] == "string_too_long" for error in fault.errors(include_input=False))
        raise NotUnderstoodError("too_long" if long else "bad_frame", _client_id(raw)) from None


def _client_id(raw: bytes) -> UUID | None:
    try:
        return UUID(json.loads(raw)["client_id"])
    except (ValueError, KeyError, TypeError, RecursionError, AttributeError):
        return None
