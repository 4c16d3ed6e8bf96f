"""The httpx clients behind one `AsyncClient`: one for each event loop that uses it, made when it is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from weakref import WeakKeyDictionary

import httpx


class Connections:
    """Pools of connections belong to the loop that opened them; a client may live longer than one loop."""

    def __init__(self, make: Callable[[], httpx.AsyncClient]) -> None:
        self._make = make
        # Made here so that a wrong argument is reported where it was written.
        self._spare: httpx.AsyncClient | None = make()
        self._by_loop: WeakKeyDictionary[asyncio.AbstractEventLoop, httpx.AsyncClient] = WeakKeyDictionary()

    def current(self) -> httpx.AsyncClient:
        """The httpx client of the running loop."""
        loop = asyncio.get_running_loop()
        client = self._by_loop.get(loop)
        if client is None:
            client, self._spare = self._spare or self._make(), None
            self._by_loop[loop] = client
        return client

    async def aclose(self) -> None:
        """Close the connections of all loops that still run; the running one's are closed on return."""
        here = self.current()
        for loop, client in list(self._by_loop.items()):
            if client is not here and loop.is_running():
                asyncio.run_coroutine_threadsafe(client.aclose(), loop)
        await here.aclose()
