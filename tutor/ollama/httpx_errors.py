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
    address_of,
)
from tutor.ollama.hosts import CLOUD_HOST
from tutor.ollama.responses import error_of_response

# The published client's words, which people search for.
_UNREACHABLE = (
    "Failed to connect to Ollama. Please check that Ollama is downloaded, running and accessible. "
    "https://ollama.com/download (no connection to {address}: {reason})"
)
_CLOUD_UNREACHABLE = "Failed to connect to {address}. Please check your connection to the internet. ({reason})"

FAILURES = (httpx.HTTPError, httpx.InvalidURL, UnicodeError)
"""What httpx raises; the last two for a redirect whose target is no address."""


def translate(error: Exception, asked: httpx.Request, *, in_body: bool, connect_s: float | None) -> OllamaError:
    """The error to raise in place of httpx's; `in_body` tells whether the reply to what was `asked` had begun."""
    # After a redirect it is another one.
    request: httpx.Request = getattr(error, "_request", None) or asked
    match error:
        case httpx.ConnectTimeout() | httpx.PoolTimeout():
            return ConnectTimedOut("connect", connect_s, request=request)
        case httpx.ProxyError():
            return _refused_by_proxy(error)
        case httpx.ConnectError():
            return ConnectionFailed(_unreachable(error, request), request=request)
        case httpx.HTTPStatusError():  # an event hook's `raise_for_status`
            return error_of_response(error.response, _read_of(error.response))
        case httpx.TimeoutException():
            return ReadTimedOut("between" if in_body else "first", request=request)
    kind, message = _defect(error, address_of(request), in_body=in_body)
    return kind(message, request=request) if kind else RequestError(message)


def _unreachable(error: httpx.ConnectError, request: httpx.Request) -> str:
    host = request.url.host
    is_cloud = host == CLOUD_HOST or host.endswith(f".{CLOUD_HOST}")
    words = _CLOUD_UNREACHABLE if is_cloud else _UNREACHABLE
    return words.format(address=address_of(request), reason=str(error) or "nobody answers")


def _refused_by_proxy(error: httpx.ProxyError) -> ConnectionFailed:
    refused = ConnectionFailed(f"the proxy does not connect us: {error}", request=getattr(error, "_request", None))
    refused.retry_safe = not str(error).startswith("4")  # another attempt would hear the same
    return refused


def _read_of(response: httpx.Response) -> bytes:
    try:
        return response.content
    except httpx.ResponseNotRead:
        return b""


def _defect(
    error: Exception, address: str, *, in_body: bool
) -> tuple[type[ConnectionLost | ProtocolError] | None, str]:
    match error:
        case httpx.NetworkError():
            return ConnectionLost, f"the connection to {address} broke"
        case httpx.RemoteProtocolError() if in_body:
            return TruncatedBody, f"{address} closed the connection within the reply"
        case httpx.RemoteProtocolError() if "disconnected" in str(error):
            return ConnectionLost, f"{address} closed the connection without an answer"
        case httpx.RemoteProtocolError() | httpx.DecodingError() | httpx.TooManyRedirects():
            return ProtocolError, f"the answer of {address} is not proper HTTP"
        case httpx.InvalidURL() | UnicodeError():
            return ProtocolError, f"{address} sends us to what is no address"
    return None, f"the request cannot be sent ({type(error).__name__})"
