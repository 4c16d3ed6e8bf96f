"""What a server sees of its clients, and how soon."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from tutor.ollama.testing import ScriptedOllama
from tutor.ollama.testing.received import until

MODEL = "qwen2.5:7b"
ASK = [{"role": "user", "content": "hola"}]

_SOON_S = 0.1
_TRIES = 10


async def noticed(server: ScriptedOllama) -> None:
    """The server sees the client leave: that of a stream that has no end, or says nothing more."""
    await server.requests[-1].wait_hung_up()
    await until(lambda: server.open_connections == 0)


async def noticed_soon(server: ScriptedOllama, leave: Callable[[], Awaitable[float]]) -> None:
    """It takes a tenth of a second at most; where the machine has other things to do, in the best of several tries.

    `leave` begins a stream and leaves it; it tells when it began to leave.
    """
    took: list[float] = []
    while not took or (min(took) > _SOON_S and len(took) < _TRIES):
        since = await leave()
        took.append(await server.requests[-1].wait_hung_up() - since)
    assert min(took) <= _SOON_S


def connections(server: ScriptedOllama) -> int:
    """How many connections the requests came over."""
    return len({received.client_port for received in server.requests})
