"""The client for asyncio programs."""

from __future__ import annotations

from tutor.ollama.aio.keeping import AsyncKeeping
from tutor.ollama.aio.talking import AsyncTalking
from tutor.ollama.aio.web import AsyncWeb


class AsyncClient(AsyncTalking, AsyncKeeping, AsyncWeb):
    __doc__ = AsyncTalking.__base__.__doc__
