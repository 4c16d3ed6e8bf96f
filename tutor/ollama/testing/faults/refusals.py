"""Errors with a status, from Ollama, from its cloud and from proxies in front."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from tutor.ollama.testing.faults.scripted import MODEL
from tutor.ollama.testing.replies import JSON, Reply
from tutor.ollama.testing.wire import CHAT, error_reply, json_reply, runner_error, text_reply

NOWHERE = "http://127.0.0.1:9/login"
_BUSY = "server busy, please try again.  maximum pending requests exceeded"


def model_missing(*, path: str = CHAT) -> Reply:
    """404, as for a model that nobody pulled."""
    return error_reply(f"model '{MODEL}' not found", 404)


def not_found_text(*, path: str = CHAT) -> Reply:
    """404 as plain text: a server too old to know the route."""
    return text_reply("404 page not found", 404)


def server_error(*, path: str = CHAT) -> Reply:
    """500 with a text that is itself JSON."""
    return runner_error("CUDA error: out of memory", "server_error", 500)


def too_long(*, path: str = CHAT) -> Reply:
    """400 with a text that is itself JSON: one message over the context."""
    message = "request (3454 tokens) exceeds the available context size (2048 tokens), try increasing it"
    return runner_error(message, "exceed_context_size_error", 400, n_prompt_tokens=3454, n_ctx=2048)


def error_object(*, path: str = CHAT) -> Reply:
    """500 whose error is an object in place of a text."""
    return json_reply({"error": {"code": 7, "message": "the runner stumbled"}}, 500)


def error_scalar(*, path: str = CHAT) -> Reply:
    """500 whose body is JSON, but no object."""
    return json_reply("oops", 500)


def error_empty(*, path: str = CHAT) -> Reply:
    """500 without a body."""
    return Reply(status=500, headers={"Content-Type": JSON}, framing="length")


def busy(*, retry_after: str | None = None, path: str = CHAT) -> Reply:
    """503: the queue is full. `retry_after` is the header of that name, seconds or a date."""
    return _later(error_reply(_BUSY, 503), retry_after)


def rate_limited(*, retry_after: str | None = "1", path: str = CHAT) -> Reply:
    """429 from the cloud."""
    return _later(error_reply("too many requests", 429), retry_after)


def bad_gateway(*, retry_after: str | None = None, path: str = CHAT) -> Reply:
    """502: the cloud cannot be reached."""
    return _later(error_reply("dial tcp: lookup ollama.com: no such host", 502), retry_after)


def bad_gateway_page(*, path: str = CHAT) -> Reply:
    """502 with a page, from a proxy in front."""
    page = b"<html><head><title>502 Bad Gateway</title></head><body><h1>502</h1></body></html>"
    return Reply([page], status=502, headers={"Content-Type": "text/html"}, framing="length")


def unauthorized(*, path: str = CHAT) -> Reply:
    """401 from the cloud, with the address at which to sign in."""
    return json_reply({"error": "unauthorized", "signin_url": "https://ollama.com/connect?name=x"}, 401)


def forbidden(*, path: str = CHAT) -> Reply:
    """403 without a body: a foreign Host or Origin."""
    return Reply(status=403, headers={}, framing="length")


def client_closed(*, path: str = CHAT) -> Reply:
    """499, which has no name in the standard."""
    return error_reply("request canceled", 499)


def redirect(status: int = 302, location: str = NOWHERE, *, path: str = CHAT) -> Reply:
    """302 (or another of them) to nowhere, unless told where."""
    return Reply(status=status, headers={"Location": location}, framing="length")


def moved(location: str = NOWHERE, *, path: str = CHAT) -> Reply:
    """301."""
    return redirect(301, location)


def redirect_kept(location: str = NOWHERE, *, path: str = CHAT) -> Reply:
    """307: method and body are to be sent again."""
    return redirect(307, location)


def redirect_permanent(location: str = NOWHERE, *, path: str = CHAT) -> Reply:
    """308: the same for good."""
    return redirect(308, location)


def _later(reply: Reply, retry_after: str | None) -> Reply:
    headers: Mapping[str, str] = {**reply.headers, "Retry-After": retry_after} if retry_after else reply.headers
    return replace(reply, headers=headers)
