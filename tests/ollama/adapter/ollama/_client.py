"""The private names of the published client that its tests use, each for what ours has in its place."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import httpx

from tutor import ollama as ours
from tutor.ollama.aio.base import AsyncBase
from tutor.ollama.hosts import CLOUD, Address, key_from_environment
from tutor.ollama.toolschema import ToolLike, tool_schema

CONNECTION_ERROR_MESSAGE = (
    "Failed to connect to Ollama. Please check that Ollama is downloaded, running and accessible. "
    "https://ollama.com/download"
)


class _Seen:
    """The httpx client behind one of ours: its headers with those that ours adds to each request."""

    def __init__(self, http: httpx.Client | httpx.AsyncClient, key: Mapping[str, str]) -> None:
        self.headers = httpx.Headers({**http.headers, **key})
        self.is_closed = http.is_closed


class Client(ours.Client):
    """What the published client sends through `_request` goes through it here: tests put another in its place."""

    @property
    def _client(self) -> Any:
        return _Seen(self._clients.current(), self._key())

    @_client.setter
    def _client(self, http: Any) -> None:
        if isinstance(http, httpx.Client):  # not when it is put back
            self._settled = Address.of(str(http.base_url))
            self._given = {"authorization": http.headers["authorization"]}
            self._clients.current = lambda: http  # type: ignore[method-assign]

    def _request(self, kind: Any, method: str, url: str, **given: Any) -> Any:
        body = None if given["json"] is None else json.dumps(given["json"]).encode()
        if url.startswith(CLOUD):
            return super()._cloud(url.removeprefix(CLOUD), body or b"", ours.DEFAULT_TIMEOUTS, kind)
        return super()._whole(method, url, body, ours.DEFAULT_TIMEOUTS, kind)

    def _whole(self, method: str, path: str, body: bytes | None, timeout: Any, model: Any) -> Any:
        return _read(self._request(model, method, path, json=json.loads(body) if body else None), model)

    def _cloud(self, path: str, body: bytes, timeout: Any, model: Any) -> Any:
        if not (self._given.get("authorization") or key_from_environment()):
            return super()._cloud(path, body, timeout, model)
        return _read(self._request(model, "POST", CLOUD + path, json=json.loads(body)), model)


class AsyncClient(ours.AsyncClient):
    @property
    def _client(self) -> _Seen:
        clients = self._clients._by_loop.values()
        made = [http for by_way in clients for http in by_way.values()]
        return _Seen(next(iter(made), None) or self._clients._spare or self._clients.current(), AsyncBase._key(self))

    async def _request(self, kind: Any, method: str, url: str, **given: Any) -> Any:
        body = None if given["json"] is None else json.dumps(given["json"]).encode()
        return await super()._whole(method, url, body, ours.DEFAULT_TIMEOUTS, kind)

    async def _whole(self, method: str, path: str, body: bytes | None, timeout: Any, model: Any) -> Any:
        return _read(await self._request(model, method, path, json=json.loads(body) if body else None), model)


def _read(answer: Any, kind: Any) -> Any:
    """What stands in the place of `_request` in a test gives an answer that nobody reads."""
    return kind.model_construct() if isinstance(answer, httpx.Response) else answer


def _copy_tools(tools: Any = None) -> Iterator[Any]:
    given: list[ToolLike] = list(tools or [])
    return (ours.Tool.model_validate(tool_schema(tool)) for tool in given)
