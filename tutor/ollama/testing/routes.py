"""Which answer belongs to which method and path, and what every request must pass before."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from tutor.ollama.testing import chat, cloud, embeddings, installed, progress, systemone
from tutor.ollama.testing.call import Call
from tutor.ollama.testing.origins import is_foreign
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.wire import empty_reply, error_reply, json_reply, text_reply

Answer = Callable[[Call], Reply]

_OFF = "ollama cloud is disabled: web {} is unavailable"
_OPEN: dict[tuple[str, str], Answer] = {
    ("GET", "/"): lambda _: text_reply("Ollama is running", headers={"Content-Type": "text/plain; charset=utf-8"}),
    ("GET", "/api/version"): lambda call: json_reply({"version": call.version}),
    ("GET", "/api/status"): lambda _: json_reply({"cloud": {"disabled": True, "source": "env"}}),
    ("GET", "/api/tags"): installed.tags,
    ("GET", "/api/ps"): installed.ps,
    ("POST", "/api/me"): lambda _: error_reply("account unavailable", 503),
    ("POST", "/api/experimental/web_search"): lambda _: error_reply(_OFF.format("search"), 403),
    ("POST", "/api/experimental/web_fetch"): lambda _: error_reply(_OFF.format("fetch"), 403),
    ("HEAD", "/api/blobs/"): installed.blob_head,
    ("POST", "/api/blobs/"): installed.blob_post,
}
_WITH_BODY: dict[tuple[str, str], Answer] = {
    ("POST", "/api/chat"): chat.chat,
    ("POST", "/api/generate"): chat.generate,
    ("POST", "/api/embed"): embeddings.embed,
    ("POST", "/api/embeddings"): embeddings.embeddings,
    ("POST", "/api/show"): installed.show,
    ("POST", "/api/copy"): installed.copy,
    ("DELETE", "/api/delete"): installed.delete,
    ("POST", "/api/pull"): progress.pull,
    ("POST", "/api/push"): progress.push,
    ("POST", "/api/create"): progress.create,
    ("POST", "/api/web_search"): cloud.web_search,
    ("POST", "/api/web_fetch"): cloud.web_fetch,
    ("POST", "/v1/systemone"): systemone.answer,
}
_ROUTES = _OPEN | _WITH_BODY


def answer(call: Call) -> Reply:
    """The server's own answer; a script that says something stands for the model."""
    received = call.received
    if call.script is None and is_foreign(received.headers, call.hosts):
        return empty_reply(403)
    path = "/api/blobs/" if received.bare_path.startswith("/api/blobs/") else received.bare_path
    key = (received.method, path)
    if received.method == "HEAD" and key not in _ROUTES:
        key = ("GET", path)
    if key not in _ROUTES:
        return _no_route(path)
    if key in _WITH_BODY and not isinstance(received.body, Mapping):
        return error_reply(_mistake_in_json(received.raw), 400)
    return _ROUTES[key](call)


def _no_route(path: str) -> Reply:
    methods = [method for method, place in _ROUTES if place == path]
    if methods:
        return text_reply("405 method not allowed", 405, {"Allow": ", ".join(methods)})
    return text_reply("404 page not found", 404)


def _mistake_in_json(raw: bytes) -> str:
    """What Go says of a body that is no JSON object."""
    if not raw:
        return "missing request body"
    try:
        value: Any = json.loads(raw)
    except UnicodeDecodeError:
        return "invalid character '\\ufffd' looking for beginning of value"
    except ValueError as error:
        at = getattr(error, "pos", 0)
        text = raw.decode()
        return "unexpected EOF" if at >= len(text.rstrip()) else f"invalid character {text[at]!r} in JSON"
    return f"json: cannot unmarshal {type(value).__name__} into Go value"
