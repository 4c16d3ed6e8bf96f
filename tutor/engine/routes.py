"""Which path answers what, and who may ask."""

from __future__ import annotations

import hmac
from collections.abc import Awaitable, Callable, Mapping
from http import HTTPStatus
from typing import Final

from tutor.engine import listings
from tutor.engine.chat import Chat
from tutor.engine.chat_request import BadRequest, read_object
from tutor.engine.loaded_model import LoadedModel
from tutor.engine.model_store import ModelStore
from tutor.engine.validate import Declined, find_model
from tutor.engine.wire import Answer, Lines, Request, error, json_answer

VERSION: Final = "0.0.0"
PLAIN: Final = "text/plain"
ONLY_BUILT_IN: Final = "the built-in engine does not support this"
NOT_HERE: Final[Mapping[str, str]] = {
    **dict.fromkeys(("/api/generate", "/api/embed", "/api/embeddings"), "POST"),
    **dict.fromkeys(("/api/create", "/api/copy", "/api/pull", "/api/push", "/api/me"), "POST"),
    "/api/delete": "DELETE",
}

Endpoint = Callable[[Request], Awaitable[Answer | Lines]]


class Routes:
    """The whole of the server behind its connections."""

    def __init__(self, store: ModelStore, loaded_model: LoadedModel, chat: Chat, *, context: int) -> None:
        self._store = store
        self._loaded_model = loaded_model
        self._chat = chat
        self._context = context
        self._endpoints: dict[str, dict[str, Endpoint]] = {
            "/": dict.fromkeys(("GET", "HEAD"), self._root),
            "/api/version": dict.fromkeys(("GET", "HEAD"), self._version),
            "/api/tags": dict.fromkeys(("GET", "HEAD"), self._tags),
            "/api/ps": {"GET": self._ps},
            "/api/show": {"POST": self._show},
            "/api/chat": {"POST": self._chat_lines},
            **{path: {method: self._not_here} for path, method in NOT_HERE.items()},
        }

    async def serve(self, request: Request) -> Answer | Lines:
        """The answer to any request that came past the gate."""
        methods = self._endpoints.get(request.path)
        if methods is None:
            return Answer(HTTPStatus.NOT_FOUND, b"404 page not found", PLAIN)
        endpoint = methods.get(request.method)
        if endpoint is None:
            allowed = {"Allow": ", ".join(methods)}
            return Answer(HTTPStatus.METHOD_NOT_ALLOWED, b"405 method not allowed", PLAIN, allowed)
        return await endpoint(request)

    async def _root(self, _request: Request) -> Answer:
        return Answer(HTTPStatus.OK, b"Ollama is running", f"{PLAIN}; charset=utf-8")

    async def _version(self, _request: Request) -> Answer:
        return json_answer({"version": VERSION})

    async def _tags(self, _request: Request) -> Answer:
        return json_answer({"models": [listings.tag(model) for model in self._store.models]})

    async def _ps(self, _request: Request) -> Answer:
        current = self._loaded_model.current
        if current is None:
            return json_answer({"models": []})
        model, expires_ns = current
        return json_answer({"models": [listings.current(model, expires_ns=expires_ns, context=self._context)]})

    async def _show(self, request: Request) -> Answer:
        try:
            fields = read_object(request.body)
            name = fields.get("model") or fields.get("name") or ""
            if not isinstance(name, str) or not name:
                return error("model is required", HTTPStatus.BAD_REQUEST)
            return json_answer(listings.portrait(find_model(self._store, name, in_full=True)))
        except BadRequest as trouble:
            return error(str(trouble), HTTPStatus.BAD_REQUEST)
        except Declined as trouble:
            return error(trouble.text, trouble.status)

    async def _chat_lines(self, request: Request) -> Answer | Lines:
        return await self._chat.answer(request.body)

    async def _not_here(self, _request: Request) -> Answer:
        return error(ONLY_BUILT_IN, HTTPStatus.NOT_IMPLEMENTED)


class Gate:
    """Lets in the parent process alone: a page in somebody's browser has neither this Host nor the token."""

    def __init__(self, serve: Endpoint, token: str, port: int) -> None:
        self._serve = serve
        self._authorization = f"Bearer {token}".encode()
        self._hosts = frozenset({f"127.0.0.1:{port}", f"localhost:{port}"})

    async def serve(self, request: Request) -> Answer | Lines:
        """Refuse, or hand on."""
        if request.headers.get("host", "").lower() not in self._hosts or "origin" in request.headers:
            return Answer(HTTPStatus.FORBIDDEN)
        shown = request.headers.get("authorization", "").encode("latin-1")
        if not hmac.compare_digest(shown, self._authorization):
            return error("unauthorized", HTTPStatus.UNAUTHORIZED)
        return await self._serve(request)
