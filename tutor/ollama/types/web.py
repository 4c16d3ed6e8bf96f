"""Answers of the web search that ollama.com offers."""

from __future__ import annotations

from collections.abc import Sequence

from tutor.ollama.types.base import ListOrNull, Seldom


class WebSearchResult(Seldom):
    """One page that was found; `content` is an excerpt of it."""

    content: str | None = None
    title: str | None = None
    url: str | None = None


class WebSearchResponse(Seldom):
    """The pages that were found, the best first."""

    results: ListOrNull[Sequence[WebSearchResult]]


class WebFetchResponse(Seldom):
    """One page as text, and the addresses it links to."""

    title: str | None = None
    content: str | None = None
    links: Sequence[str] | None = None
