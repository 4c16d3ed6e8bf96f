"""`/api/chat`: from the request to the lines of the reply."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from http import HTTPStatus
from typing import Final

from tutor.engine.admission_queue import AdmissionQueue, Busy
from tutor.engine.chat_request import BadRequest, ChatRequest, read_chat_request
from tutor.engine.generation import Broken, Refused, chunks
from tutor.engine.go_json import to_bytes
from tutor.engine.history import Messages, shortened
from tutor.engine.llama import CannotLoad, Chunk, LlamaModel
from tutor.engine.loaded_model import LoadedModel
from tutor.engine.model_store import Model, ModelStore
from tutor.engine.reply import Line, Reply
from tutor.engine.validate import Declined, ValidRequest, find_model, inner_error, sampling
from tutor.engine.wire import Answer, Lines, error, json_answer

KEEP_ALIVE_S: Final = 300.0
TOO_LONG: Final = "exceed_context_size_error"
FULL: Final = "server busy, please try again.  maximum pending requests exceeded"
BROKEN: Final = "an error was encountered while running the model: unexpected EOF"


class Chat:
    """Answers `/api/chat`. `context` is what one conversation may hold, in tokens."""

    def __init__(self, store: ModelStore, loaded_model: LoadedModel, queue: AdmissionQueue, *, context: int) -> None:
        self._store = store
        self._loaded_model = loaded_model
        self._queue = queue
        self._context = context

    async def answer(self, body: bytes) -> Answer | Lines:
        """The answer to a request with this body."""
        try:
            asked = read_chat_request(body, keep_alive_default_s=KEEP_ALIVE_S)
            return await self._answer(asked, find_model(self._store, asked.model))
        except BadRequest as trouble:
            return error(str(trouble), HTTPStatus.BAD_REQUEST)
        except Declined as trouble:
            return error(trouble.text, trouble.status)

    async def _answer(self, asked: ChatRequest, model: Model) -> Answer | Lines:
        if not asked.messages:
            return await self._load_or_unload(asked, model)
        valid = ValidRequest(asked, model, sampling(asked, model, context=self._context))
        lines = self._lines(valid)
        if asked.stream:
            return Lines(await _begun(lines))
        async with aclosing(lines):
            told = [line async for line in lines]
        return json_answer(Reply(asked.model).whole(told))

    async def _load_or_unload(self, asked: ChatRequest, model: Model) -> Answer:
        reply = Reply(asked.model)
        if asked.keep_alive_s <= 0:
            self._loaded_model.release(model)
            return json_answer(reply.without_words("unload"))
        try:
            async with self._loaded_model.use(model, asked.keep_alive_s):
                return json_answer(reply.without_words("load"))
        except CannotLoad as trouble:
            raise _unloadable(trouble) from trouble

    async def _lines(self, valid: ValidRequest) -> AsyncGenerator[Line, None]:
        """The lines of the reply. Raises Declined when there is an error instead of a further line."""
        reply = Reply(valid.asked.model)
        try:
            async with (
                self._queue.slot(),
                self._loaded_model.use(valid.model, valid.asked.keep_alive_s) as loaded,
                aclosing(_fitting_chunks(loaded, valid)) as told,
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
            raise Declined(inner_error(trouble.told), trouble.status) from trouble
        except Broken as trouble:
            raise Declined(BROKEN, HTTPStatus.INTERNAL_SERVER_ERROR) from trouble
        if not reply.is_over:
            raise Declined(BROKEN, HTTPStatus.INTERNAL_SERVER_ERROR)


async def _fitting_chunks(loaded: LlamaModel, valid: ValidRequest) -> AsyncGenerator[Chunk, None]:
    """The model's reports, on as much of the history as fits; a message that is too long alone is refused."""
    messages: Messages | None = valid.asked.messages
    while messages is not None:
        request = {"messages": messages, "stream": True, "return_progress": True, "reasoning_format": "none"}
        try:
            async with aclosing(chunks(loaded, {**request, **valid.sampling})) as told:
                async for chunk in told:
                    yield chunk
                return
        except Refused as trouble:
            shorter = _shorter(messages, trouble) if valid.asked.truncate else None
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


def _unloadable(trouble: CannotLoad) -> Declined:
    return Declined(f"unable to load model: {trouble}", HTTPStatus.INTERNAL_SERVER_ERROR)
