# Written by tools/generate_sync_client.py from aio/client.py. Change that one.
"""The client for threading programs."""

from __future__ import annotations

from tutor.ollama.sync.keeping import Keeping
from tutor.ollama.sync.talking import Talking
from tutor.ollama.sync.web import Web


class Client(Talking, Keeping, Web):
    __doc__ = Talking.__base__.__doc__
