"""httpx's exceptions in this library's words. Pure."""

from __future__ import annotations

import httpx

from tutor.ollama.errors import (
    ConnectionFailed,
    ConnectionLost,
    ConnectTimedOut,
    OllamaError,
    ProtocolError,
    ReadTimedOut,
    RequestError,
    TruncatedBody,
)
from tutor.ollama.responses import error_of_response

_UNREACHABLE = (
    "no Ollama server answers at this address; check that it is running and that the address is right "
    "(https://ollama.com/download)"
)

FAILURES = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
"""What httpx raises; the last two for a redirect whose target is no address."""


def translate(error: Exception, *, in_body: bool, connect_s: float | None) -> OllamaError:
    """The error to raise in place of httpx's; `in_body` tells whether the reply had begun."""
    request = getattr(error, "_request", None)
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return ConnectTimedOut("connect", connect_s, request=request)
        case httpx.ProxyError():
            return _refused_by_proxy(error)
        case httpx.ConnectError():
            return ConnectionFailed(_UNREACHABLE, request=request)
        case httpx.HTTPStatusError():  # an event hook's `raise_for_status`
            return error_of_response(error.response, _read_of(error.response))
        case httpx.TimeoutException():
            return ReadTimedOut("between" if in_body else "first", request=request)
    kind, message = _defect(error, in_body=in_body)
    return kind(message, request=request) if kind else RequestError(message)


def _refused_by_proxy(error: httpx.ProxyError) -> ConnectionFailed:
    refused = ConnectionFailed(f"the proxy does not connect us: {error}", request=getattr(error, "_request", None))
    refused.retry_safe = not str(error).startswith("4")  # another attempt would hear the same
    return refused


def _read_of(response: httpx.Response) -> bytes:
    try:
        return response.content
    except httpx.ResponseNotRead:
        return b""


def _defect(error: Exception, *, in_body: bool) -> tuple[type[ConnectionLost | ProtocolError] | None, str]:
    match error:
        case httpx.NetworkError():
            return ConnectionLost, "the connection to the server broke"
        case httpx.RemoteProtocolError() if in_body:
            return TruncatedBody, "the server closed the connection within the reply"
        case httpx.RemoteProtocolError() if "disconnected" in str(error):
            return ConnectionLost, "the server closed the connection without an answer"
        case httpx.RemoteProtocolError() | httpx.DecodingError() | httpx.TooManyRedirects():
            return ProtocolError, "the server's answer is not proper HTTP"
        case httpx.InvalidURL() | UnicodeError():
            return ProtocolError, "the server sends us to what is no address"
    return None, f"the request cannot be sent ({type(error).__name__})"
