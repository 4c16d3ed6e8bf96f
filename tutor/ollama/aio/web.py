# `timeout` is a keyword that callers of the published client know, and it sets several budgets.
# ruff: noqa: ASYNC109
"""The calls to ollama.com: looking things up on the web. They need an API key, and leave the house."""

from __future__ import annotations

from typing import Annotated

from tutor.ollama.aio.base import UNSET, AsyncBase
from tutor.ollama.bodies import encode, fetch_body, search_body
from tutor.ollama.functions import NOT_FOR_MODELS
from tutor.ollama.timeouts import TimeoutLike
from tutor.ollama.types import WebFetchResponse, WebSearchResponse


class AsyncWeb(AsyncBase):
    """web_search and web_fetch; both can be handed to a model as tools."""

    async def web_search(
        self, query: str, max_results: int = 3, *, timeout: Annotated[TimeoutLike, NOT_FOR_MODELS] = UNSET
    ) -> WebSearchResponse:
        """Search the web.

        Args:
            query: What to search for.
            max_results: How many pages to return at most.
        """
        return await self._cloud("/api/web_search", encode(search_body(query, max_results)), timeout, WebSearchResponse)

    async def web_fetch(self, url: str, *, timeout: Annotated[TimeoutLike, NOT_FOR_MODELS] = UNSET) -> WebFetchResponse:
        """Read one page of the web.

        Args:
            url: The address of the page.
        """
        return await self._cloud("/api/web_fetch", encode(fetch_body(url)), timeout, WebFetchResponse)
