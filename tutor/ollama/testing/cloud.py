"""The calls that ollama.com answers: they want a key."""

from __future__ import annotations

from collections.abc import Callable

from tutor.ollama.testing.call import Call
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.wire import error_reply, json_reply

_MOST_RESULTS = 10
_SIGN_IN = "https://ollama.com/connect"


def web_search(call: Call) -> Reply:
    """POST /api/web_search: as many results as are asked for, five unless told, ten at most."""
    return _with_key(call, "query", _results)


def web_fetch(call: Call) -> Reply:
    """POST /api/web_fetch."""
    return _with_key(call, "url", _page)


def _with_key(call: Call, wanted: str, reply: Callable[[Call, str], Reply]) -> Reply:
    if not call.received.headers.get("authorization", "").startswith("Bearer "):
        return json_reply({"error": "unauthorized", "signin_url": _SIGN_IN}, 401)
    value = call.body.get(wanted)
    if not isinstance(value, str) or not value:
        return error_reply(f"{wanted} is required", 400)
    return reply(call, value)


def _results(call: Call, query: str) -> Reply:
    count = min(int(call.body.get("max_results") or 5), _MOST_RESULTS)
    results = [
        {
            "title": f"{query} ({number})",
            "url": f"https://example.com/{number}",
            "content": f"What page {number} says of {query}.",
        }
        for number in range(1, count + 1)
    ]
    return json_reply({"results": results})


def _page(call: Call, url: str) -> Reply:
    return json_reply({"title": "Example", "content": f"What {url} says.", "links": [f"{url}#1", f"{url}#2"]})
