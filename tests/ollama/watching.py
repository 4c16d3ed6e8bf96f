"""What a server sees of its clients, and how soon."""

from __future__ import annotations

import asyncio
import time

from tutor.ollama.testing import ScriptedOllama
from tutor.ollama.testing.received import until

MODEL = "qwen2.5:7b"
ASK = [{"role": "user", "content": "hola"}]

_NOTICED_S = 0.1


async def noticed(server: ScriptedOllama, since: float) -> None:
    """The server sees the client leave, soon; time in which this machine ran nothing at all does not count."""
    lag_s = 0.0
    while not server.requests[-1].hung_up and time.monotonic() - since < 2:
        before = time.monotonic()
        await asyncio.sleep(0.002)
        lag_s = max(lag_s, time.monotonic() - before - 0.002)
    left_at = await server.requests[-1].wait_hung_up()
    assert left_at - since <= _NOTICED_S + lag_s
    await until(lambda: server.open_connections == 0, 2)


def connections(server: ScriptedOllama) -> int:
    """How many connections the requests came over."""
    return len({received.client_port for received in server.requests})
