"""What both clients ask of a reply before they believe it. Pure."""

from __future__ import annotations

import httpx

from tutor.ollama.errors import ResponseError, WrongContentType
from tutor.ollama.wire import error_of_body

MAX_BODY_BYTES = 64 * 1024 * 1024
"""The longest unstreamed reply."""
MAX_ERROR_BYTES = 1024 * 1024

_JSON_TYPES = ("", "application/json", "application/x-ndjson", "application/ndjson")
# A byte order mark, which some write before text of whatever kind, and what JSON passes over.
_BLANK = b"\xef\xbb\xbf \t\r\n"


class ContentCheck:
    """Tells JSON from a page. A content type of JSON, or none, is believed; another one is not: the first byte tells.

    Gateways send right lines as text, as bytes or as events. Raises `WrongContentType` for a compressed reply.
    """

    def __init__(self, headers: httpx.Headers) -> None:
        if _is_packed(headers):
            raise WrongContentType("the reply is compressed, which nobody asked for")
        kind = headers.get("content-type", "").partition(";")[0].strip().lower()
        self.doubted = "" if kind in _JSON_TYPES else kind

    def look_at(self, data: bytes) -> None:
        """Look at the next bytes of the body, while in doubt. Raises `WrongContentType` for the beginning of a page."""
        begin = data.lstrip(_BLANK)[:1]
        if begin and begin != b"{":
            raise WrongContentType(f"the reply is {self.doubted[:80]}, not JSON")
        if begin:
            self.doubted = ""


def error_of_response(response: httpx.Response, body: bytes) -> ResponseError:
    """The error for a status that is not success."""
    kind = response.headers.get("content-type", "")
    if _is_packed(response.headers) and not _is_text(body):
        body = b""  # the status says enough
    error = error_of_body(response.status_code, response.reason_phrase, body, kind)
    error.retry_after_s = _seconds(response.headers.get("retry-after", ""))
    return error


def _is_packed(headers: httpx.Headers) -> bool:
    return headers.get("content-encoding", "identity").strip().lower() not in ("", "identity")


def _is_text(body: bytes) -> bool:
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _seconds(text: str) -> float | None:
    """Retry-After in seconds; its other form, a date, is not worth trusting two clocks for."""
    return float(text) if text.isascii() and text.isdigit() else None
