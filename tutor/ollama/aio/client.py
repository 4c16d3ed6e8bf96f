"""The client for asyncio programs."""

from __future__ import annotations

from tutor.ollama.aio.base import AsyncBase
from tutor.ollama.aio.keeping import AsyncKeeping
from tutor.ollama.aio.measuring import AsyncMeasuring
from tutor.ollama.aio.talking import AsyncTalking
from tutor.ollama.aio.web import AsyncWeb


class AsyncClient(AsyncTalking, AsyncMeasuring, AsyncKeeping, AsyncWeb):
    __doc__ = AsyncBase.__doc__
