"""Which model is in memory, who is using it, and when it goes."""

from __future__ import annotations

import asyncio
import math
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Final

from tutor.engine.llama import LlamaModel
from tutor.engine.model_store import Model
from tutor.engine.threads import in_thread

FOR_EVER_S: Final = 100 * 365 * 24 * 3600


class LoadedModel:
    """Holds at most one model; another one is loaded when nobody uses the first any more."""

    def __init__(self, load: Callable[[Model], LlamaModel]) -> None:
        self._load = load
        self._model: Model | None = None
        self._loaded: LlamaModel | None = None
        self._users = 0
        self._is_leaving = False
        self._free = asyncio.Condition()
        self._expiry: asyncio.TimerHandle | None = None
        self._expires_ns = 0

    @property
    def current(self) -> tuple[Model, int] | None:
        """The model in memory and when it goes, in nanoseconds since the epoch; None when there is none."""
        return None if self._model is None else (self._model, self._expires_ns)

    @asynccontextmanager
    async def use(self, model: Model, keep_alive_s: float) -> AsyncIterator[LlamaModel]:
        """The model, loaded if need be; it stays for `keep_alive_s` after the last user. Raises CannotLoad."""
        loaded = await self._enter(model, keep_alive_s)
        try:
            yield loaded
        finally:
            del loaded
            self._users -= 1
            self._keep(keep_alive_s)
            await asyncio.shield(self._tell())

    def release(self, model: Model) -> None:
        """Let the model go as soon as nobody uses it."""
        if self._model is model:
            self._is_leaving = True
            self._keep(0.0)

    async def _enter(self, model: Model, keep_alive_s: float) -> LlamaModel:
        async with self._free:
            await self._free.wait_for(lambda: self._model is model or not self._users)
            if self._loaded is None or self._model is not model:
                self._drop()
                self._loaded = await in_thread(lambda: self._load(model))
                self._model = model
            self._is_leaving = False
            self._users += 1
            self._keep(keep_alive_s)
            return self._loaded

    async def _tell(self) -> None:
        async with self._free:
            self._free.notify_all()

    def _keep(self, keep_alive_s: float) -> None:
        if self._expiry is not None:
            self._expiry.cancel()
        kept_s = 0.0 if self._is_leaving else keep_alive_s
        self._expires_ns = time.time_ns() + int(min(kept_s, FOR_EVER_S) * 1e9)
        if self._users:
            return
        if kept_s <= 0:
            self._drop()
        elif not math.isinf(kept_s):
            self._expiry = asyncio.get_running_loop().call_later(kept_s, self._drop)

    def _drop(self) -> None:
        if not self._users:
            self._model = self._loaded = None
