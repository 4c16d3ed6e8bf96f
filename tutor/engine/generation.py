"""One request to the model, as a stream of what llama.cpp reports, that ends when nobody listens any more."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Mapping
from typing import Any

from tutor.engine.llama import Chunk, LlamaModel


class Refused(Exception):
    """llama.cpp would not answer; `status` is its HTTP status, `told` its own account of why."""

    def __init__(self, told: Mapping[str, Any]) -> None:
        super().__init__(told.get("type", "error"))
        self.told = told
        code = told.get("code")
        self.status = code if isinstance(code, int) and 400 <= code < 600 else 500


class Broken(Exception):
    """llama.cpp failed in the middle of its work."""


async def chunks(model: LlamaModel, request: Mapping[str, Any]) -> AsyncGenerator[Chunk, None]:
    """What the model reports, chunk by chunk: progress, text, at last the timings. Raises Refused or Broken.

    Closing the iterator stops the model between two tokens or two batches of the prompt; the closing lasts until then.
    """
    loop = asyncio.get_running_loop()
    queue: asyncio.Queue[Chunk | None] = asyncio.Queue()
    unwanted = threading.Event()

    def take(chunk: Chunk | list[Chunk]) -> bool:
        for one in chunk if isinstance(chunk, list) else [chunk]:
            loop.call_soon_threadsafe(queue.put_nowait, one)
        return unwanted.is_set()

    def work() -> None:
        try:
            model.run(request, take)
        finally:
            loop.call_soon_threadsafe(queue.put_nowait, None)

    running = asyncio.ensure_future(asyncio.to_thread(work))
    try:
        while (chunk := await queue.get()) is not None:
            if "error" in chunk:
                raise Refused(chunk["error"])
            yield chunk
        await _ended(running)
    finally:
        unwanted.set()
        await asyncio.wait([running])


async def _ended(running: asyncio.Future[None]) -> None:
    try:
        await running
    except (RuntimeError, ValueError, TypeError) as trouble:
        raise Broken(type(trouble).__name__) from trouble
