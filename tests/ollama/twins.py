"""One test for both clients: the synchronous one with the calls of the asynchronous one, each made in a thread."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Self, TypeVar, cast

from tutor.ollama import AsyncClient, Client
from tutor.ollama.sync.streams import ReplyStream

T = TypeVar("T")

TWINS = ("aio", "sync")

# More than asyncio's own pool has: each stream that waits takes one.
_THREADS = ThreadPoolExecutor(200, "twin")
_END: Any = object()


async def apart(call: Callable[..., T], *args: Any, **kwargs: Any) -> T:
    """Make a blocking call in a thread."""
    return await asyncio.get_running_loop().run_in_executor(_THREADS, partial(call, *args, **kwargs))


def make(twin: str, host: str | None = None, **settings: Any) -> AsyncClient:
    """A client; unless told otherwise, no proxy of this machine stands between it and the test's server.

    What is not true of the synchronous one: a wait that is cancelled goes on in its thread.
    """
    settings = {"trust_env": False, **settings}
    if twin == "sync":
        return cast("AsyncClient", Seated(Client(host, **settings)))
    if hooks := settings.get("event_hooks"):
        settings["event_hooks"] = {event: [partial(_hooked, hook) for hook in given] for event, given in hooks.items()}
    return AsyncClient(host, **settings)


class Seated:
    """A `Client` that is awaited."""

    def __init__(self, client: Client) -> None:
        self.client = client

    def __getattr__(self, name: str) -> Any:
        found = getattr(self.client, name)
        return partial(_called, found) if callable(found) else found

    async def __aenter__(self) -> Self:
        await apart(self.client.__enter__)
        return self

    async def __aexit__(self, *error: object) -> None:
        await apart(self.client.close)


class SeatedStream:
    """A stream whose steps are awaited."""

    def __init__(self, stream: ReplyStream[Any]) -> None:
        self.stream = stream

    async def __aenter__(self) -> Self:
        await apart(self.stream.__enter__)
        return self

    async def __aexit__(self, *error: object) -> None:
        await apart(self.stream.__exit__, None, None, None)

    def __aiter__(self) -> Self:
        return self

    async def __anext__(self) -> Any:
        found = await apart(next, iter(self.stream), _END)
        if found is _END:
            raise StopAsyncIteration
        return found

    @property
    async def text_stream(self) -> AsyncIterator[str]:
        words = cast("Any", self.stream).text_stream
        while (found := await apart(next, words, _END)) is not _END:
            yield found

    async def in_batches(self, *every_s: Any) -> AsyncIterator[list[Any]]:
        batches = self.stream.in_batches(*every_s)
        while (found := await apart(next, batches, _END)) is not _END:
            yield found

    async def final(self) -> Any:
        return await apart(self.stream.final)

    async def aclose(self) -> None:
        await apart(self.stream.close)

    @property
    def partial(self) -> Any:
        return self.stream.partial


async def _called(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    made = await apart(call, *args, **kwargs)
    return SeatedStream(made) if isinstance(made, ReplyStream) else made


async def _hooked(hook: Callable[[Any], Any], subject: Any) -> None:
    """Call a hook that was written for the synchronous client; a response is read first, as that one would."""
    with contextlib.suppress(AttributeError):
        await subject.aread()
    hook(subject)


def bearer(key: str) -> Mapping[str, str]:
    """The header of somebody who has a key."""
    return {"Authorization": f"Bearer {key}"}
