"""Whether a chat request can be met, and what llama.cpp is asked then."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from tutor.engine.chat_request import MOST_TOP_LOGPROBS, ChatRequest
from tutor.engine.grammar import UnsupportedSchema, any_object, compile_schema
from tutor.engine.model_store import BadName, Model, ModelStore, UnknownModel
from tutor.engine.options import BadOption, checked, for_llama

NO_IMAGES: Final = {
    "code": 500,
    "message": "image input is not supported - hint: if this is unexpected, you may need to provide the mmproj",
    "type": "server_error",
}


class Declined(Exception):
    """The request is answered with an error; the first argument is its text, `status` its status."""

    def __init__(self, text: str, status: int = HTTPStatus.BAD_REQUEST) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


@dataclass(frozen=True)
class ValidRequest:
    """A request that this engine can meet: for which model, and what llama.cpp is asked."""

    asked: ChatRequest
    model: Model
    sampling: Mapping[str, Any]


def sampling(asked: ChatRequest, model: Model, *, context: int) -> dict[str, Any]:
    """What llama.cpp is told beside the messages. Raises Declined for what this engine does not do."""
    _check_abilities(asked, model)
    try:
        options = checked(asked.options)
    except BadOption as trouble:
        raise Declined(str(trouble), HTTPStatus.INTERNAL_SERVER_ERROR) from trouble
    if options.get("num_ctx", 0) > context:
        text = f"num_ctx {options['num_ctx']} is more than the {context} tokens of this engine"
        raise Declined(text)
    return {**for_llama(options), **_shape(asked.format_), **_probabilities(asked)}


def find_model(store: ModelStore, name: str, *, in_full: bool = False) -> Model:
    """The model of that name. Raises Declined; `in_full` names a missing one with its tag, as `/api/show` does."""
    try:
        return store.find(name)
    except BadName as trouble:
        raise Declined("invalid model name") from trouble
    except UnknownModel as trouble:
        shown = str(trouble) if in_full else name
        raise Declined(f"model '{shown}' not found", HTTPStatus.NOT_FOUND) from trouble


def _check_abilities(asked: ChatRequest, model: Model) -> None:
    if asked.think not in {None, False}:
        raise Declined(f'"{asked.model}" does not support thinking')
    if asked.wants_tools:
        raise Declined(f"registry.ollama.ai/library/{model.name} does not support tools")
    if not 0 <= asked.top_logprobs <= MOST_TOP_LOGPROBS:
        raise Declined(f"top_logprobs must be between 0 and {MOST_TOP_LOGPROBS}")
    if asked.has_images:
        raise Declined(inner_error(NO_IMAGES), HTTPStatus.INTERNAL_SERVER_ERROR)


def _shape(format_: object) -> dict[str, str]:
    if format_ is None:
        return {}
    if format_ == "json":
        return {"grammar": any_object()}
    if not isinstance(format_, dict):
        text = f'invalid format: {json.dumps(json.dumps(format_))}; expected "json" or a valid JSON Schema object'
        raise Declined(text, HTTPStatus.INTERNAL_SERVER_ERROR)
    try:
        return {"grammar": compile_schema(format_)}
    except UnsupportedSchema as trouble:
        text = f"JSON schema conversion failed:\nUnrecognized schema: {trouble}"
        told = {"code": 400, "message": text, "type": "invalid_request_error"}
        raise Declined(inner_error(told)) from trouble


def _probabilities(asked: ChatRequest) -> dict[str, Any]:
    return {"logprobs": True, "top_logprobs": asked.top_logprobs} if asked.logprobs else {}


def inner_error(told: Mapping[str, Any]) -> str:
    """llama.cpp's error object as the text of Ollama's: JSON in JSON, as Ollama hands it on."""
    return json.dumps({"error": dict(told)}, ensure_ascii=False, separators=(",", ":"))
