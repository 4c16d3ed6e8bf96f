"""The event loop that web servers often bring along; its transports derive from nothing of asyncio's."""

from __future__ import annotations

import asyncio
import time

import uvloop

from tests.ollama.watching import ASK, MODEL
from tutor.ollama import AsyncClient
from tutor.ollama.testing import ScriptedOllama
from tutor.ollama.testing.received import until


def test_replies_and_their_end() -> None:
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(_talk())


async def _talk() -> None:
    async with ScriptedOllama() as server, AsyncClient(server.base_url, trust_env=False) as client:
        server.say(["ho", "la"])
        replies = await asyncio.gather(*(client.chat(MODEL, ASK) for _ in range(5)))
        assert [reply.message.content for reply in replies] == ["hola"] * 5
        async with await client.chat(MODEL, ASK, stream=True) as stream:
            assert [piece async for piece in stream.text_stream] == ["ho", "la"]
        server.say(["la"] * 10_000, delay_s=0.01)
        async with await client.chat(MODEL, ASK, stream=True) as stream:
            await anext(stream)
            began = time.monotonic()
        await server.requests[-1].wait_hung_up()
        assert time.monotonic() - began < 5
        await until(lambda: server.open_connections <= 5)
