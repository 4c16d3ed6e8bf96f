"""The head of a response."""

from __future__ import annotations

from http import HTTPStatus

from tutor.ollama.testing.replies import Reply


def head(reply: Reply, *, closing: bool = False) -> bytes:
    """Status line and headers; `closing` says that this is the connection's last answer."""
    headers = dict(reply.headers)
    if reply.framing == "chunked":
        headers["Transfer-Encoding"] = "chunked"
    elif reply.framing == "length":
        headers["Content-Length"] = str(len(reply.whole()))
    if closing:
        headers["Connection"] = "close"
    lines = [f"HTTP/1.1 {reply.status} {_phrase(reply.status)}", *(f"{k}: {v}" for k, v in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"status code {status}"
