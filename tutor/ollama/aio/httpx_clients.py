"""The httpx clients behind one `AsyncClient`: one for each event loop that uses it, made when it is needed."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from tutor.ollama.aio.transport import DirectTransport
from tutor.ollama.direct import LIMITS, as_it_came, is_direct, with_hook
from tutor.ollama.tls import own_context, shared_context


class HttpxClients:
    """Pools of connections belong to the loop that opened them; a client may live longer than one loop.

    `httpx_options` are those of `httpx.AsyncClient`. With `late`, nothing is made before the first request.
    """

    def __init__(self, httpx_options: Mapping[str, Any], *, late: bool = False) -> None:
        self._options = httpx_options
        # Made here so that a wrong argument is reported where it was written.
        self._spare = None if late else self._make()
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

    def _make(self) -> httpx.AsyncClient:
        # httpx loads a client's own certificate into the context that it is given.
        verify = own_context() if self._options.get("cert") else shared_context()
        options = {"verify": verify, "limits": LIMITS, **self._options}
        options["event_hooks"] = with_hook(_plain_redirect, self._options.get("event_hooks"))
        if is_direct(self._options):
            options["mounts"] = {"http://": DirectTransport()}
        return httpx.AsyncClient(**options)


async def _plain_redirect(response: httpx.Response) -> None:
    as_it_came(response)
