"""The calls that ollama.com answers: they want a key."""

from __future__ import annotations

from collections.abc import Callable

from tutor.ollama.testing.asked import Asked
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.speech import error_reply, json_reply

_MOST_RESULTS = 10
_SIGN_IN = "https://ollama.com/connect"


def web_search(asked: Asked) -> Reply:
    """POST /api/web_search: as many results as are asked for, five unless told, ten at most."""
    return _with_key(asked, "query", _results)


def web_fetch(asked: Asked) -> Reply:
    """POST /api/web_fetch."""
    return _with_key(asked, "url", _page)


def _with_key(asked: Asked, wanted: str, reply: Callable[[Asked, str], Reply]) -> Reply:
    if not asked.received.headers.get("authorization", "").startswith("Bearer "):
        return json_reply({"error": "unauthorized", "signin_url": _SIGN_IN}, 401)
    value = asked.body.get(wanted)
    if not isinstance(value, str) or not value:
        return error_reply(f"{wanted} is required", 400)
    return reply(asked, value)


def _results(asked: Asked, query: str) -> Reply:
    count = min(int(asked.body.get("max_results") or 5), _MOST_RESULTS)
    results = [
        {
            "title": f"{query} ({number})",
            "url": f"https://example.com/{number}",
            "content": f"What page {number} says of {query}.",
        }
        for number in range(1, count + 1)
    ]
    return json_reply({"results": results})


def _page(asked: Asked, url: str) -> Reply:
    return json_reply({"title": "Example", "content": f"What {url} says.", "links": [f"{url}#1", f"{url}#2"]})
