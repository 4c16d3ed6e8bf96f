"""Request bodies. Pure but for pictures given as paths: arguments in, the object to be sent out, None left out.

Defaults and names are those of the published client. What is wrong in itself raises `RequestError`, whose message
names the argument and never quotes it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import pydantic_core
from pydantic import BaseModel, PydanticUserError, TypeAdapter, ValidationError

from tutor.ollama.arguments import checked, refusal
from tutor.ollama.errors import RequestError
from tutor.ollama.extras import (
    ChatExtras,
    CreateExtras,
    EmbedExtras,
    FormatLike,
    GenerateExtras,
    ImageLike,
    KeepAlive,
    QuestionLike,
)
from tutor.ollama.messages import MessageLike, each, images_body, message_body, message_to_keep
from tutor.ollama.options import OptionsLike, options_body
from tutor.ollama.toolschema import ToolLike, tool_schema
from tutor.ollama.types import SystemOneContent, SystemOneRequest

__all__ = [
    "ChatExtras",
    "CreateExtras",
    "EmbedExtras",
    "FormatLike",
    "GenerateExtras",
    "ImageLike",
    "KeepAlive",
    "MessageLike",
    "OptionsLike",
    "QuestionLike",
    "ToolLike",
    "chat_body",
    "copy_body",
    "create_body",
    "embed_body",
    "embeddings_body",
    "encode",
    "fetch_body",
    "generate_body",
    "model_body",
    "require_model",
    "search_body",
    "systemone_body",
    "transfer_body",
]


def chat_body(
    model: str,
    messages: Sequence[MessageLike] | None,
    *,
    stream: bool,
    extras: ChatExtras,
    read_image_paths: bool = True,
) -> dict[str, Any]:
    """The body of POST /api/chat."""
    plain, made = _split(extras, ChatExtras)
    talk = [message_body(message, read_image_paths=read_image_paths) for message in each("messages", messages)]
    tools = [tool_schema(tool) for tool in each("tools", extras.get("tools"))]
    return _body(model, {"stream": stream, **plain}) | {"messages": talk, "tools": tools} | made


def generate_body(
    model: str,
    prompt: str | None,
    suffix: str | None,
    *,
    stream: bool,
    extras: GenerateExtras,
    read_image_paths: bool = True,
) -> dict[str, Any]:
    """The body of POST /api/generate."""
    plain, made = _split(extras, GenerateExtras)
    if images := extras.get("images"):
        made["images"] = images_body(images, read_image_paths=read_image_paths)
    return _body(model, {"stream": stream, "prompt": prompt, "suffix": suffix, **plain}) | made


def embed_body(model: str, input: str | Sequence[str], extras: EmbedExtras) -> dict[str, Any]:  # noqa: A002
    """The body of POST /api/embed."""
    _require(input=input)
    plain, made = _split(extras, EmbedExtras)
    return _body(model, {"input": input, **plain}) | made


def embeddings_body(
    model: str, prompt: str | None, *, options: OptionsLike | None = None, keep_alive: KeepAlive | None = None
) -> dict[str, Any]:
    """The body of POST /api/embeddings, the older of the two calls."""
    body = _body(model, {"prompt": prompt, "keep_alive": keep_alive})
    sent = options_body(options)
    return body if sent is None else body | {"options": sent}


def transfer_body(model: str, *, insecure: bool = False, stream: bool = False) -> dict[str, Any]:
    """The body of POST /api/pull and /api/push."""
    # Left out, it would mean true to the server, and the caller awaits one object.
    return _body(model, {"insecure": insecure, "stream": bool(stream)})


def create_body(model: str, *, stream: bool, extras: CreateExtras, read_image_paths: bool = True) -> dict[str, Any]:
    """The body of POST /api/create; `from_` is sent as `from`."""
    plain, made = _split(extras, CreateExtras)
    messages = extras.get("messages")
    if messages is not None:
        kept = each("messages", messages)
        made["messages"] = [message_to_keep(message, read_image_paths=read_image_paths) for message in kept]
    return _body(model, {"stream": stream, **plain}) | made


def copy_body(source: str, destination: str) -> dict[str, Any]:
    """The body of POST /api/copy."""
    _require(source=source, destination=destination)
    return checked({"source": source, "destination": destination})


def model_body(model: str) -> dict[str, Any]:
    """The body of POST /api/show and DELETE /api/delete."""
    return {"model": require_model(model)}


def search_body(query: str, max_results: int | None = 3) -> dict[str, Any]:
    """The body of a web search."""
    _require(query=query)
    return checked({"query": query, "max_results": max_results})


def fetch_body(url: str) -> dict[str, Any]:
    """The body of a web fetch."""
    _require(url=url)
    return checked({"url": url})


def systemone_body(
    model: str,
    state: SystemOneContent,
    questions: Mapping[str, QuestionLike],
    keep_alive: KeepAlive | None = None,
) -> dict[str, Any]:
    """The body of POST /v1/systemone."""
    try:
        request = SystemOneRequest.model_validate(
            {"model": model, "state": state, "questions": questions, "keep_alive": keep_alive}
        )
    except ValidationError as error:
        raise refusal("argument", error) from None
    return request.model_dump(exclude_none=True)


def require_model(model: str) -> str:
    """The model's name. Raises `RequestError` if there is none."""
    if not model or not isinstance(model, str):
        raise RequestError("must provide a model")
    return model


def encode(body: Mapping[str, Any]) -> bytes:
    """Compact JSON in UTF-8. Raises `RequestError` for text with lone surrogates or values JSON does not have."""
    try:
        text = json.dumps(
            body,
            ensure_ascii=False,
            separators=(",", ":"),
            allow_nan=False,
            default=pydantic_core.to_jsonable_python,
        )
        return text.encode()
    except (ValueError, TypeError, RecursionError):
        # The original error quotes the text, which is somebody's conversation.
        raise RequestError("the request cannot be written as JSON in UTF-8") from None


# Arguments that are not sent as they come.
_MADE = frozenset({"format", "options", "parameters", "tools", "images", "messages"})


def _split(extras: Mapping[str, Any], names: type) -> tuple[dict[str, Any], dict[str, Any]]:
    """The arguments to be sent as they are, and those that are made from others, except lists."""
    for name in extras:
        if name not in names.__annotations__:
            raise TypeError(f"unexpected keyword argument {name!r}")
    made = {
        "format": _format(extras.get("format")),
        "options": options_body(extras.get("options")),
        "parameters": options_body(extras.get("parameters")),
    }
    plain = {name: value for name, value in extras.items() if name not in _MADE}
    return plain, {name: value for name, value in made.items() if value is not None}


def _require(**given: object) -> None:
    for name, value in given.items():
        if value is None:
            raise RequestError(f"must provide {name!r}")


def _body(model: str, plain: Mapping[str, object]) -> dict[str, Any]:
    return {"model": require_model(model)} | checked(plain)


def _format(value: object) -> str | dict[str, Any] | None:
    if value is None or (isinstance(value, str) and value in {"", "json"}):
        return value
    if isinstance(value, Mapping):
        return dict(value)
    try:
        if isinstance(value, TypeAdapter):
            return value.json_schema()
        if isinstance(value, type) and issubclass(value, BaseModel):
            return value.model_json_schema()
    except PydanticUserError as error:
        raise RequestError(f"there is no JSON schema of this format: {error.message}") from error
    raise RequestError("format takes 'json', a JSON schema, a pydantic model class or a TypeAdapter")
