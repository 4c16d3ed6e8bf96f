# Written by tools/generate_sync_client.py from aio/client.py. Change that one.
"""The client for programs without an event loop."""

from __future__ import annotations

from tutor.ollama.sync.base import Base
from tutor.ollama.sync.chat import Chat
from tutor.ollama.sync.embeddings import Embeddings
from tutor.ollama.sync.models import Models
from tutor.ollama.sync.systemone import SystemOne
from tutor.ollama.sync.web import Web


class Client(Chat, Embeddings, Models, SystemOne, Web):
    __doc__ = Base.__doc__
