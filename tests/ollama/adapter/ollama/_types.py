"""Bodies of requests as the published client has them: as models. Ours are functions."""

from __future__ import annotations

from typing import Any

from tutor.ollama import Image, Message
from tutor.ollama.bodies import chat_body, create_body, generate_body
from tutor.ollama.extras import ChatExtras, CreateExtras, GenerateExtras

__all__ = ["ChatRequest", "CreateRequest", "GenerateRequest", "Image", "Message"]


class _Request:
    _optional: tuple[str, ...] = ()

    def __init__(self, **given: Any) -> None:
        self._given = given

    def __getattr__(self, name: str) -> Any:
        return self._given[name]

    def _body(self) -> dict[str, Any]:
        raise NotImplementedError

    def model_dump(self, *, exclude_none: bool = True) -> dict[str, Any]:
        body = {name: value for name, value in self._body().items() if name in self._given or name == "from"}
        return body if exclude_none else dict.fromkeys(self._optional) | body


class ChatRequest(_Request):
    _optional = (*ChatExtras.__annotations__, "stream", "messages")

    def _body(self) -> dict[str, Any]:
        rest = {k: v for k, v in self._given.items() if k not in {"model", "messages", "stream"}}
        return chat_body(self._given["model"], self._given.get("messages"), stream=False, extras=rest)  # type: ignore[arg-type]


class GenerateRequest(_Request):
    _optional = (*GenerateExtras.__annotations__, "stream", "prompt", "suffix")

    def _body(self) -> dict[str, Any]:
        rest = {k: v for k, v in self._given.items() if k not in {"model", "prompt", "suffix", "stream"}}
        given = self._given
        return generate_body(given["model"], given.get("prompt"), given.get("suffix"), stream=False, extras=rest)  # type: ignore[arg-type]


class CreateRequest(_Request):
    _optional = ("from", *(name for name in CreateExtras.__annotations__ if name != "from_"), "stream")

    def _body(self) -> dict[str, Any]:
        rest = {k: v for k, v in self._given.items() if k not in {"model", "stream"}}
        return create_body(self._given["model"], stream=False, extras=rest)  # type: ignore[arg-type]
