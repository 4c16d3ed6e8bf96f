"""The httpx clients behind one `AsyncClient`: made when they are needed, for each event loop that uses it."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any
from weakref import WeakKeyDictionary

import httpx

from tutor.ollama.aio import runtime
from tutor.ollama.aio.transport import DirectTransport
from tutor.ollama.direct import LIMITS, as_it_came, goes_direct, is_httpx_patched, with_hook
from tutor.ollama.proxies import check_proxies
from tutor.ollama.tls import own_context, shared_context


class HttpxClients:
    """Pools of connections belong to the loop that opened them; a client may live longer than one loop.

    `httpx_options` are those of `httpx.AsyncClient`. With `late`, nothing is made before the first request. A loop has
    another httpx client while somebody else's code stands in the place of httpx's transport.
    """

    def __init__(self, httpx_options: Mapping[str, Any], *, late: bool = False) -> None:
        self._options = httpx_options
        # Made here so that a wrong argument is reported where it was written.
        self._spare = None if late or is_httpx_patched() else self._make(may_be_direct=True)
        self._by_loop: WeakKeyDictionary[Any, dict[bool, httpx.AsyncClient]] = WeakKeyDictionary()

    def current(self) -> httpx.AsyncClient:
        """The httpx client of the running loop."""
        running = runtime.current()
        clients = self._by_loop.setdefault(running.key, {})
        may_be_direct = running.is_asyncio and not is_httpx_patched()
        if may_be_direct not in clients:
            spare, self._spare = (self._spare, None) if may_be_direct else (None, self._spare)
            clients[may_be_direct] = spare or self._make(may_be_direct=may_be_direct)
        return clients[may_be_direct]

    async def aclose(self) -> None:
        """Close the connections of all loops that still run; the running one's are closed on return."""
        self.current()  # a client that was never used is closed as well
        here = runtime.current().key
        for loop, clients in list(self._by_loop.items()):
            for client in clients.values():
                if loop is here:
                    await client.aclose()
                elif isinstance(loop, asyncio.AbstractEventLoop) and loop.is_running():
                    asyncio.run_coroutine_threadsafe(client.aclose(), loop)

    def _make(self, *, may_be_direct: bool) -> httpx.AsyncClient:
        check_proxies(self._options)
        # httpx loads a client's own certificate into the context that it is given.
        verify = own_context() if self._options.get("cert") else shared_context()
        options = {"verify": verify, "limits": LIMITS, **self._options}
        options["event_hooks"] = with_hook(_plain_redirect, self._options.get("event_hooks"))
        if may_be_direct and goes_direct(self._options):
            options["mounts"] = {"http://": DirectTransport()}
        return httpx.AsyncClient(**options)


async def _plain_redirect(response: httpx.Response) -> None:
    as_it_came(response)
