# `timeout` is a keyword that callers of the published client know, and it sets several budgets.
# ruff: noqa: ASYNC109
"""The client for asyncio programs."""

from __future__ import annotations

import platform
from collections.abc import Mapping, Sequence
from types import TracebackType
from typing import Any, Literal, Self, TypeVar, overload

import httpx
from pydantic import BaseModel

from tutor.ollama.aio.connections import Connections
from tutor.ollama.aio.exchange import Exchange
from tutor.ollama.aio.streams import ChatStream
from tutor.ollama.bodies import (
    ChatExtras,
    FormatLike,
    MessageLike,
    OptionsLike,
    ToolLike,
    chat_body,
    encode,
    require_model,
)
from tutor.ollama.errors import Incomplete
from tutor.ollama.hosts import host_from_environment, key_from_environment, parse_host
from tutor.ollama.timeouts import DEFAULT_TIMEOUTS, TimeoutLike, Timeouts
from tutor.ollama.trust import shared_context
from tutor.ollama.types import (
    ChatResponse,
    ListResponse,
    ProcessResponse,
    ShowResponse,
    VersionResponse,
)
from tutor.ollama.wire import MAX_LINE_BYTES, StreamDecoder, is_done, parse

R = TypeVar("R", bound=BaseModel)

_UNSET: Any = object()
_LIMITS = httpx.Limits(max_connections=None, max_keepalive_connections=20, keepalive_expiry=5.0)
_USER_AGENT = f"polyglott-ollama ({platform.machine()} {platform.system().lower()}) Python/{platform.python_version()}"
_OWN_HEADERS = {"content-type": "application/json", "accept": "application/json"}


class AsyncClient:
    """A client of one Ollama server; cheap to make, and usable from several event loops.

    `host` as `hosts.parse_host` reads it; without one, OLLAMA_HOST as it is now. `timeout` takes `Timeouts`, or what
    httpx takes. With `trust_env=False` no proxy settings are read, which loopback servers want. Other keywords go to
    `httpx.AsyncClient`. Raises `InvalidHost`.
    """

    def __init__(
        self,
        host: str | None = None,
        *,
        headers: Mapping[str, str | None] | None = None,
        timeout: TimeoutLike = DEFAULT_TIMEOUTS,
        trust_env: bool = True,
        follow_redirects: bool = True,
        max_line_bytes: int = MAX_LINE_BYTES,
        **httpx_options: Any,
    ) -> None:
        given = host or host_from_environment()
        self._host_is_from_environment = not host and given is not None
        self.base_url = parse_host(given)
        self._timeouts = Timeouts.of(timeout)
        self._max_line_bytes = max_line_bytes
        options = {"verify": shared_context(), "limits": _LIMITS, **httpx_options}
        options |= {"trust_env": trust_env, "follow_redirects": follow_redirects, "headers": _headers(headers)}
        self._connections = Connections(lambda: httpx.AsyncClient(**options))

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close all connections; replies under way end."""
        await self._connections.aclose()

    @overload
    async def chat(
        self,
        model: str = "",
        messages: Sequence[MessageLike] | None = None,
        *,
        tools: Sequence[ToolLike] | None = None,
        stream: Literal[False] = False,
        think: bool | str | None = None,
        logprobs: bool | None = None,
        top_logprobs: int | None = None,
        format: FormatLike | None = None,
        options: OptionsLike | None = None,
        keep_alive: float | str | None = None,
        timeout: TimeoutLike = _UNSET,
    ) -> ChatResponse: ...

    @overload
    async def chat(
        self,
        model: str = "",
        messages: Sequence[MessageLike] | None = None,
        *,
        tools: Sequence[ToolLike] | None = None,
        stream: Literal[True],
        think: bool | str | None = None,
        logprobs: bool | None = None,
        top_logprobs: int | None = None,
        format: FormatLike | None = None,
        options: OptionsLike | None = None,
        keep_alive: float | str | None = None,
        timeout: TimeoutLike = _UNSET,
    ) -> ChatStream: ...

    @overload
    async def chat(
        self,
        model: str = "",
        messages: Sequence[MessageLike] | None = None,
        *,
        tools: Sequence[ToolLike] | None = None,
        stream: bool,
        think: bool | str | None = None,
        logprobs: bool | None = None,
        top_logprobs: int | None = None,
        format: FormatLike | None = None,
        options: OptionsLike | None = None,
        keep_alive: float | str | None = None,
        timeout: TimeoutLike = _UNSET,
    ) -> ChatResponse | ChatStream: ...

    async def chat(  # noqa: PLR0913
        self,
        model: str = "",
        messages: Sequence[MessageLike] | None = None,
        *,
        tools: Sequence[ToolLike] | None = None,
        stream: bool = False,
        think: bool | str | None = None,
        logprobs: bool | None = None,
        top_logprobs: int | None = None,
        format: FormatLike | None = None,  # noqa: A002
        options: OptionsLike | None = None,
        keep_alive: float | str | None = None,
        timeout: TimeoutLike = _UNSET,
    ) -> ChatResponse | ChatStream:
        """Ask for a reply: whole, or as a `ChatStream`, which sends the request when it is first read.

        Raises `OllamaError`s: `RequestError` before anything is sent, `Incomplete` (with `.response`) for a whole
        reply that the server broke off.
        """
        extras = ChatExtras(
            tools=tools,
            think=think,
            logprobs=logprobs,
            top_logprobs=top_logprobs,
            format=format,
            options=options,
            keep_alive=keep_alive,
        )
        body = encode(chat_body(model, messages, stream=stream, extras=extras))
        if stream:
            decoder = StreamDecoder(ChatResponse, is_last=is_done, max_line_bytes=self._max_line_bytes)
            return ChatStream(lambda: self._exchange("POST", "/api/chat", body, timeout, streamed=True), decoder)
        response = await self._whole("POST", "/api/chat", body, timeout, ChatResponse)
        if not is_done(response):
            raise Incomplete("done_false", response)
        return response

    async def list(self, *, timeout: TimeoutLike = _UNSET) -> ListResponse:
        """The installed models, the newest first."""
        return await self._whole("GET", "/api/tags", None, timeout, ListResponse)

    async def show(self, model: str, *, timeout: TimeoutLike = _UNSET) -> ShowResponse:
        """What a model is and can do. Raises `ResponseError` 404 for one that is not there."""
        body = encode({"model": require_model(model)})
        return await self._whole("POST", "/api/show", body, timeout, ShowResponse)

    async def ps(self, *, timeout: TimeoutLike = _UNSET) -> ProcessResponse:
        """The models in memory."""
        return await self._whole("GET", "/api/ps", None, timeout, ProcessResponse)

    async def version(self, *, timeout: TimeoutLike = _UNSET) -> VersionResponse:
        """The server's version; `str()` of it is the bare number."""
        return await self._whole("GET", "/api/version", None, timeout, VersionResponse)

    async def _whole(self, method: str, path: str, body: bytes | None, timeout: TimeoutLike, model: type[R]) -> R:
        exchange = self._exchange(method, path, body, timeout, streamed=False)
        try:
            await exchange.open()
            return parse(await exchange.read_all(), model)
        finally:
            await exchange.aclose()

    def _exchange(
        self, method: str, path: str, body: bytes | None, timeout: TimeoutLike, *, streamed: bool
    ) -> Exchange:
        timeouts = self._timeouts if timeout is _UNSET else Timeouts.of(timeout)
        http = self._connections.current()
        request = http.build_request(
            method,
            self.base_url + path,
            content=body,
            headers=self._authorization(http.headers),
            # httpx watches the connecting only; the other budgets span several of its reads.
            timeout=httpx.Timeout(None, connect=timeouts.connect_s, pool=timeouts.connect_s),
        )
        return Exchange(http, request, timeouts, streamed=streamed)

    def _authorization(self, headers: httpx.Headers) -> dict[str, str]:
        key = key_from_environment(self.base_url, host_is_from_environment=self._host_is_from_environment)
        return {} if key is None or "authorization" in headers else {"authorization": f"Bearer {key}"}


def _headers(given: Mapping[str, str | None] | None) -> dict[str, str]:
    own = {key.lower(): value for key, value in (given or {}).items() if value is not None}
    return {"user-agent": _USER_AGENT, "accept-encoding": "identity"} | own | _OWN_HEADERS
