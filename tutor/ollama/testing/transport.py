"""The scripted Ollama without a socket, for tests that must not or cannot open one."""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence

import httpx

from tutor.ollama.testing.answers import ScriptedAnswers
from tutor.ollama.testing.models import Model
from tutor.ollama.testing.received import Received
from tutor.ollama.testing.replies import Reply, Step

_BREAKS = {
    "hang": httpx.ReadTimeout("nothing more would have come"),
    "rst": httpx.ReadError("connection reset"),
    "fin": httpx.RemoteProtocolError("Server disconnected without sending a response."),
}


class ScriptedTransport(ScriptedAnswers, httpx.AsyncBaseTransport, httpx.BaseTransport):
    """A transport for httpx that answers as `ScriptedOllama` does.

        transport = ScriptedTransport()
        transport.say(["Ho", "la"])
        client = Client(transport=transport)

    Scripts, notes and replies are the same; what only a wire has (framing, pacing, back-pressure, who left when) is not
    there. Where a server would keep silent until the client gives up, httpx's ReadTimeout comes at once.
    """

    def __init__(self, models: Sequence[Model] | None = None, *, token: str | None = None) -> None:
        super().__init__(models, tokens_per_second=None, token=token)
        self.hosts = {"*"}

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        reply = self._asked(request, request.read())
        time.sleep(reply.first_delay_s)
        return _response(request, reply)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        reply = self._asked(request, await request.aread())
        await asyncio.sleep(reply.first_delay_s)
        return _response(request, reply)

    def _asked(self, request: httpx.Request, content: bytes) -> Reply:
        headers = {name.lower(): value for name, value in request.headers.items()}
        target = request.url.raw_path.decode("ascii")
        received = Received(request.method, target, headers, content, time.monotonic(), 0)
        if received.is_upload:
            received.body_bytes, received.raw = len(content), b""
            received.body_sha256 = hashlib.sha256(content).hexdigest()
        reply = self.greet(received) or self.receive(received)
        received.finished_at = time.monotonic()
        return reply


class _Body(httpx.SyncByteStream, httpx.AsyncByteStream):
    """The steps of a reply, played at their pace."""

    def __init__(self, steps: Iterable[Step], ending: str) -> None:
        self._steps = steps
        self._ending = ending

    def __iter__(self) -> Iterator[bytes]:
        for step in self._steps:
            if isinstance(step, bytes):
                yield step
            else:
                time.sleep(step)
        self._end()

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for step in self._steps:
            if isinstance(step, bytes):
                yield step
            else:
                await asyncio.sleep(step)
        self._end()

    def _end(self) -> None:
        if self._ending != "finish":
            raise _BREAKS[self._ending]


def _response(request: httpx.Request, reply: Reply) -> httpx.Response:
    if reply.opening != "headers":
        raise _BREAKS[reply.opening]
    steps = () if request.method == "HEAD" else reply.each_step()
    return httpx.Response(reply.status, headers=dict(reply.headers), stream=_Body(steps, reply.ending))
