"""The scripted server: a real listener on loopback, within a test's event loop, in a thread, or as a process."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import Sequence

from tutor.ollama.testing.answers import ScriptedAnswers
from tutor.ollama.testing.connection import Connection
from tutor.ollama.testing.listener import Listener, Open
from tutor.ollama.testing.models import Model
from tutor.ollama.testing.received import PATIENCE_S, until, until_blocking


class ScriptedOllama(ScriptedAnswers, Listener):
    """An Ollama that says what it is told.

        async with ScriptedOllama() as server:
            server.say(["Ho", "la"])
            client = AsyncClient(server.base_url)

    Listens on 127.0.0.1 (a free port, unless told which). Requests are noted in `requests`. `tokens_per_second` paces
    proper replies; with a `token`, requests without it get 401. With `tls` it stands for a server of the open net, and
    answers whatever Host it is called by.
    """

    def __init__(
        self,
        *,
        models: Sequence[Model] | None = None,
        tokens_per_second: float | None = None,
        token: str | None = None,
        port: int = 0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        ScriptedAnswers.__init__(self, models, tokens_per_second=tokens_per_second, token=token)
        Listener.__init__(self, port=port, tls=tls)
        self.hosts: set[str] = {"*"} if tls else set()

    def connection(self) -> asyncio.Protocol:
        """What serves one client."""
        return Connection(self)

    def open(self) -> list[Open]:
        """The connections that are open now."""
        return list(self.connections)

    async def wait_requests(self, count: int, timeout_s: float = PATIENCE_S) -> None:
        """Wait until this many requests have come. Raises TimeoutError."""
        await until(lambda: len(self.requests) >= count, timeout_s)

    def wait_requests_blocking(self, count: int, timeout_s: float = PATIENCE_S) -> None:
        """The same for programs without an event loop."""
        until_blocking(lambda: len(self.requests) >= count, timeout_s)
