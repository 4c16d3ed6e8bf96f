"""The wait for an answer's first chunk: as long as a model may take to be loaded, and to read what it is sent."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Iterable
from typing import Protocol

from tutor.dialogue import ModelRequest, estimated_tokens
from tutor.live import timing
from tutor.live.outcomes import CallEnded
from tutor.llm.selection import CurrentModel
from tutor.ollama import AsyncClient, ProcessResponse

LOOK_EVERY_S = 1.0


class OnLoading(Protocol):
    """Hears whether the model is being loaded, whenever that is new."""

    def __call__(self, *, loading: bool) -> None: ...


class FirstChunk:
    """While nothing comes the engine is asked what it holds: one that reads gets the time that a slow computer takes
    for so many tokens."""

    def __init__(self, client: AsyncClient, model: CurrentModel, request: ModelRequest, tell: OnLoading) -> None:
        self._client = client
        self._model = model
        self._request = request
        self._tell = tell
        self._patience = asyncio.timeout(timing.scaled(timing.FIRST_CHUNK_S))
        self._watch: asyncio.Task[None] | None = None

    async def within(self, ask: Callable[[], Awaitable[None]]) -> None:
        """Ask; once :meth:`has_come` is called there is no limit here any more. Raises :class:`CallEnded`."""
        try:
            async with self._patience:
                self._watch = asyncio.create_task(self._look())
                try:
                    await ask()
                finally:
                    self._watch.cancel()
        except TimeoutError:
            if self._patience.expired():
                raise CallEnded("slow_start") from None
            raise

    def has_come(self) -> None:
        if self._watch is not None:
            self._watch.cancel()
        self._patience.reschedule(None)

    async def _look(self) -> None:
        began, loading, reads = asyncio.get_running_loop().time(), False, False
        with contextlib.suppress(Exception):
            while True:
                await asyncio.sleep(timing.scaled(LOOK_EVERY_S))
                holds = _holds((await self._client.ps()).models, self._model)
                if holds and not reads:
                    reads = True
                    self._patience.reschedule(began + timing.scaled(timing.FIRST_CHUNK_S + self._reading_s()))
                if holds is loading:
                    loading = not holds
                    self._tell(loading=loading)

    def _reading_s(self) -> float:
        tokens = sum(estimated_tokens(message["content"]) for message in self._request.messages)
        return tokens * timing.READING_S_A_TOKEN


def _holds(loaded: Iterable[ProcessResponse.Model], model: CurrentModel) -> bool:
    """Whether the model is in memory, by its file where that is known: one file may have several names."""
    names = {model.model, f"{model.model}:latest"}
    return any(one.model in names or (one.digest and one.digest == model.digest) for one in loaded)
