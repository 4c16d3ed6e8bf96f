"""Words looked for in a list, kept in the session: addresses stand in histories and in proxies' logs."""

from django.http import HttpRequest

WORDS_LENGTH = 120
# Says in an address that something is looked for, and not what.
MARK = "searched"


def keep_search(request: HttpRequest, room: str) -> str:
    """Remember the words of a search form (``q``) until the next search in this room; the words, maybe none."""
    words = request.POST.get("q", "").strip()[:WORDS_LENGTH]
    request.session[f"search-{room}"] = words
    return words


def kept_search(request: HttpRequest, room: str) -> str:
    """The words looked for in this room, if the address says that something is looked for."""
    return str(request.session.get(f"search-{room}", "")) if MARK in request.GET else ""
