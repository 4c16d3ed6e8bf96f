"""`/api/chat`: from the request to the lines of the reply."""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final

from tutor.engine.admission import Admission, Busy
from tutor.engine.chat_request import MOST_TOP_LOGPROBS, BadRequest, ChatRequest, read_chat_request
from tutor.engine.generation import Broken, Refused, chunks
from tutor.engine.grammar import UnsupportedSchema, any_object, compile_schema
from tutor.engine.history import Messages, shortened
from tutor.engine.llama import CannotLoad, Chunk, LoadedModel
from tutor.engine.options import BadOption, checked, for_llama
from tutor.engine.reply import Line, Reply
from tutor.engine.residence import Residence
from tutor.engine.shelf import BadName, Model, Shelf, UnknownModel
from tutor.engine.wire import Answer, Lines, error, json_answer
from tutor.engine.wording import to_bytes

KEEP_ALIVE_S: Final = 300.0
TOO_LONG: Final = "exceed_context_size_error"
FULL: Final = "server busy, please try again.  maximum pending requests exceeded"
BROKEN: Final = "an error was encountered while running the model: unexpected EOF"
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
class Order:
    """A request that was found to be in order: for which model, and what llama.cpp is asked."""

    asked: ChatRequest
    model: Model
    sampling: Mapping[str, Any]


class Chat:
    """Answers `/api/chat`. `context` is what one conversation may hold, in tokens."""

    def __init__(self, shelf: Shelf, residence: Residence, admission: Admission, *, context: int) -> None:
        self._shelf = shelf
        self._residence = residence
        self._admission = admission
        self._context = context

    async def answer(self, body: bytes) -> Answer | Lines:
        """The answer to a request with this body."""
        try:
            asked = read_chat_request(body, keep_alive_default_s=KEEP_ALIVE_S)
            return await self._answer(asked, find_model(self._shelf, asked.model))
        except BadRequest as trouble:
            return error(str(trouble), HTTPStatus.BAD_REQUEST)
        except Declined as trouble:
            return error(trouble.text, trouble.status)

    async def _answer(self, asked: ChatRequest, model: Model) -> Answer | Lines:
        if not asked.messages:
            return await self._load_or_unload(asked, model)
        order = Order(asked, model, self._sampling(asked, model))
        lines = self._lines(order)
        if asked.stream:
            return Lines(await _begun(lines))
        async with aclosing(lines):
            told = [line async for line in lines]
        return json_answer(Reply(asked.model).whole(told))

    async def _load_or_unload(self, asked: ChatRequest, model: Model) -> Answer:
        reply = Reply(asked.model)
        if asked.keep_alive_s <= 0:
            self._residence.release(model)
            return json_answer(reply.without_words("unload"))
        try:
            async with self._residence.use(model, asked.keep_alive_s):
                return json_answer(reply.without_words("load"))
        except CannotLoad as trouble:
            raise _unloadable(trouble) from trouble

    def _sampling(self, asked: ChatRequest, model: Model) -> dict[str, Any]:
        _check_abilities(asked, model)
        try:
            options = checked(asked.options)
        except BadOption as trouble:
            raise Declined(str(trouble), HTTPStatus.INTERNAL_SERVER_ERROR) from trouble
        if options.get("num_ctx", 0) > self._context:
            text = f"num_ctx {options['num_ctx']} is more than the {self._context} tokens of this engine"
            raise Declined(text)
        return {**for_llama(options), **_shape(asked.format_), **_probabilities(asked)}

    async def _lines(self, order: Order) -> AsyncGenerator[Line, None]:
        """The lines of the reply. Raises Declined when there is an error instead of a further line."""
        reply = Reply(order.asked.model)
        try:
            async with (
                self._admission.place(),
                self._residence.use(order.model, order.asked.keep_alive_s) as loaded,
                aclosing(_fitting_chunks(loaded, order)) as told,
            ):
                reply.loaded()
                async for chunk in told:
                    line = reply.line(chunk)
                    if line is not None:
                        yield line
        except Busy as trouble:
            raise Declined(FULL, HTTPStatus.SERVICE_UNAVAILABLE) from trouble
        except CannotLoad as trouble:
            raise _unloadable(trouble) from trouble
        except Refused as trouble:
            raise Declined(_inner_error(trouble.told), trouble.status) from trouble
        except Broken as trouble:
            raise Declined(BROKEN, HTTPStatus.INTERNAL_SERVER_ERROR) from trouble
        if not reply.is_over:
            raise Declined(BROKEN, HTTPStatus.INTERNAL_SERVER_ERROR)


async def _fitting_chunks(loaded: LoadedModel, order: Order) -> AsyncGenerator[Chunk, None]:
    """The model's reports, on as much of the history as fits; a message that is too long alone is refused."""
    messages: Messages | None = order.asked.messages
    while messages is not None:
        request = {"messages": messages, "stream": True, "return_progress": True, "reasoning_format": "none"}
        try:
            async with aclosing(chunks(loaded, {**request, **order.sampling})) as told:
                async for chunk in told:
                    yield chunk
                return
        except Refused as trouble:
            shorter = _shorter(messages, trouble) if order.asked.truncate else None
            if shorter is None:
                raise
            messages = shorter


def _shorter(messages: Messages, trouble: Refused) -> Messages | None:
    if trouble.told.get("type") != TOO_LONG:
        return None
    return shortened(messages, tokens=trouble.told.get("n_prompt_tokens", 0), context=trouble.told.get("n_ctx", 0))


async def _begun(lines: AsyncGenerator[Line, None]) -> AsyncGenerator[bytes, None]:
    """The lines as bytes, after the first has come, so that an error before it keeps its status. Raises Declined."""
    first = await anext(lines)

    async def all_lines() -> AsyncGenerator[bytes, None]:
        async with aclosing(lines):
            try:
                yield to_bytes(first) + b"\n"
                async for line in lines:
                    yield to_bytes(line) + b"\n"
            except Declined as trouble:
                yield to_bytes({"error": trouble.text}) + b"\n"

    return all_lines()


def find_model(shelf: Shelf, name: str, *, in_full: bool = False) -> Model:
    """The model of that name. Raises Declined; `in_full` names a missing one with its tag, as `/api/show` does."""
    try:
        return shelf.find(name)
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
        raise Declined(_inner_error(NO_IMAGES), HTTPStatus.INTERNAL_SERVER_ERROR)


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
        raise Declined(_inner_error(told)) from trouble


def _probabilities(asked: ChatRequest) -> dict[str, Any]:
    return {"logprobs": True, "top_logprobs": asked.top_logprobs} if asked.logprobs else {}


def _inner_error(told: Mapping[str, Any]) -> str:
    """llama.cpp's error object as the text of Ollama's: JSON in JSON, as Ollama hands it on."""
    return json.dumps({"error": dict(told)}, ensure_ascii=False, separators=(",", ":"))


def _unloadable(trouble: CannotLoad) -> Declined:
    return Declined(f"unable to load model: {trouble}", HTTPStatus.INTERNAL_SERVER_ERROR)
