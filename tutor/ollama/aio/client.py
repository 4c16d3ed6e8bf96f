"""The client for asyncio programs."""

from __future__ import annotations

from tutor.ollama.aio.base import AsyncBase
from tutor.ollama.aio.chat import AsyncChat
from tutor.ollama.aio.embeddings import AsyncEmbeddings
from tutor.ollama.aio.models import AsyncModels
from tutor.ollama.aio.systemone import AsyncSystemOne
from tutor.ollama.aio.web import AsyncWeb


class AsyncClient(AsyncChat, AsyncEmbeddings, AsyncModels, AsyncSystemOne, AsyncWeb):
    __doc__ = AsyncBase.__doc__
