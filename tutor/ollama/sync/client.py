# Written by tools/generate_sync_client.py from aio/client.py. Change that one.
"""The client for threading programs."""

from __future__ import annotations

from tutor.ollama.sync.base import Base
from tutor.ollama.sync.keeping import Keeping
from tutor.ollama.sync.measuring import Measuring
from tutor.ollama.sync.talking import Talking
from tutor.ollama.sync.web import Web


class Client(Talking, Measuring, Keeping, Web):
    __doc__ = Base.__doc__
