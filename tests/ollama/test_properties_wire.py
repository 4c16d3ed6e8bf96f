"""Real streams over real sockets, cut and broken in every way, read by both clients."""

from __future__ import annotations

import asyncio
import gc
import random
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from typing import Any

import pytest

from tests.ollama.broken import STREAMS, ask, cut_somewhere, lines, mutated_reply, on_the_wire
from tests.ollama.raw_bytes import Answer, RawServer
from tutor.ollama import AsyncClient, Client, OllamaError, Retries, Timeouts
from tutor.ollama.testing import recording
from tutor.ollama.testing.received import until, until_blocking

BUDGETS = Timeouts(connect_s=5, first_s=1.5, whole_s=1.5, between_s=1.5, total_s=5)
LONGER = Timeouts(connect_s=5, first_s=6, whole_s=6, between_s=6, total_s=12)
# For replies that have an end.
PATIENT = Timeouts(connect_s=30, first_s=30, whole_s=30, between_s=30)
QUICKLY = Retries(attempts=2, first_delay_s=0.001, max_delay_s=0.001)
AT_ONCE = 24
SLOWEST_S = 30.0
_BY_CHANCE = ("ConnectionLost", "ReadTimedOut", "ConnectTimedOut")


def settings(timeout: Timeouts) -> dict[str, Any]:
    return {"timeout": timeout, "retries": QUICKLY, "trust_env": False}


@contextmanager
def nothing_left(server: RawServer) -> Iterator[None]:
    """Afterwards the server sees no connection, no thread goes on, and nothing was forgotten."""
    before = set(threading.enumerate())
    yield
    until_blocking(lambda: not server.wires)
    assert set(threading.enumerate()) <= before
    gc.collect()  # what was not closed would say so


@pytest.fixture(scope="module")
def raw() -> Iterator[RawServer]:
    with RawServer.in_thread() as server:
        yield server


Asked = list[tuple[str, Answer]]
Outcomes = list[str]


def read_async(server: RawServer, asked: Asked, timeout: Timeouts = BUDGETS) -> Outcomes:
    """How each of these answers ends for an `AsyncClient`, many at once."""

    async def run() -> Outcomes:
        gate = asyncio.Semaphore(AT_ONCE)

        async def one(client: AsyncClient, number: int, name: str) -> str:
            async with gate, asyncio.timeout(SLOWEST_S):
                return await end_async(client, name, str(number))

        async with AsyncClient(server.base_url, **settings(timeout)) as client:
            found = await asyncio.gather(*(one(client, n, name) for n, (name, _) in enumerate(asked)))
        await until(lambda: asyncio.all_tasks() == {asyncio.current_task()})
        return found

    server.answers = {number: answer for number, (_, answer) in enumerate(asked)}
    with nothing_left(server):
        return asyncio.run(run())


def read_sync(server: RawServer, asked: Asked, timeout: Timeouts = BUDGETS) -> Outcomes:
    """The same for a `Client`, whose calls are made in threads."""
    server.answers = {number: answer for number, (_, answer) in enumerate(asked)}
    with (
        nothing_left(server),
        Client(server.base_url, **settings(timeout)) as client,
        ThreadPoolExecutor(AT_ONCE) as pool,
    ):
        return list(pool.map(lambda n: end_sync(client, asked[n][0], str(n)), range(len(asked)), timeout=60))


async def end_async(client: AsyncClient, name: str, model: str) -> str:
    read = 0
    try:
        stream = await ask(client, name, model)
        async for _ in stream:
            read += 1
        whole = await stream.final()
    except OllamaError as error:
        return f"{read} {error!r}"
    return f"{read} {whole!r}"


def end_sync(client: Client, name: str, model: str) -> str:
    read = 0
    try:
        stream = ask(client, name, model)
        for _ in stream:
            read += 1
        whole = stream.final()
    except OllamaError as error:
        return f"{read} {error!r}"
    return f"{read} {whole!r}"


def broken(seed: int, count: int) -> Asked:
    """Streams with something wrong, every second one in its framing too."""
    rng = random.Random(seed)
    asked = []
    for number in range(count):
        name = rng.choice(STREAMS)
        data = mutated_reply(rng, name, in_framing=bool(number % 2))
        # Servers say that they have ended, but for a few: each costs a budget.
        asked.append((name, Answer(cut_somewhere(rng, data), closes=number % 100 != seed)))
    return asked


def is_certain(ends: tuple[str, str]) -> bool:
    return not any(word in end for end in ends for word in _BY_CHANCE)


@pytest.mark.parametrize("seed", range(10))
def test_broken_streams_end_in_typed_outcomes_for_both_alike(raw: RawServer, seed: int) -> None:
    asked = broken(seed, 500)
    pairs = list(zip(read_async(raw, asked), read_sync(raw, asked), strict=True))
    # A connection that was closed just when it was taken for another request, and time, are nobody's fault.
    certain = [pair for pair in pairs if is_certain(pair)]
    assert len(certain) > len(asked) / 2
    # Nor is the text of a refusal that a busy machine had no time for: what differs must do so with more of it, too.
    again = [one for one, pair in zip(asked, pairs, strict=True) if pair in certain and pair[0] != pair[1]]
    others = zip(read_async(raw, again, LONGER), read_sync(raw, again, LONGER), strict=True)
    assert [pair for pair in others if is_certain(pair) and pair[0] != pair[1]] == []


def test_a_cut_anywhere_changes_nothing_for_either_client(raw: RawServer) -> None:
    rng = random.Random(7)
    asked = []
    for name in STREAMS:
        wire = on_the_wire(lines(recording(name)))
        places = [0, *(rng.randrange(1, len(wire)) for _ in range(10))]
        asked += [(name, Answer([wire[:at], wire[at:]], closes=False)) for at in places]
    outcomes: dict[str, set[str]] = {name: set() for name in STREAMS}
    for ends in (read_async(raw, asked, PATIENT), read_sync(raw, asked, PATIENT)):
        for (name, _), end in zip(asked, ends, strict=True):
            outcomes[name].add(end)
    assert {name: ends for name, ends in outcomes.items() if len(ends) != 1} == {}


_NOWHERE = [b"", b"/", b"//", b"http://", b"http://[", b"http://[::1", b"http://a b/", b"http:///x", b"x:y", b"?", b"#"]
_NOWHERE += [b"ftp://127.0.0.1/", b"http://127.0.0.1:99999/", b"http://127.0.0.1:0/", b"http://127.0.0.1:x/", b"\xff"]
_NOWHERE += [
    b"http://\xe9\xff/",
    b"http://" + b"a" * 300 + b".invalid/",
    b"/" + b"a" * 70_000,
    b"http://xn--/",
    b"http://*/",
]


@pytest.mark.parametrize("status", [b"302 Found", b"307 Temporary Redirect"])
def test_redirects_to_nowhere_end_in_typed_outcomes(raw: RawServer, status: bytes) -> None:
    head = b"HTTP/1.1 %s\r\nContent-Length: 0\r\nLocation: %s\r\n\r\n"
    asked = [("chat_stream", Answer([head % (status, place)])) for place in _NOWHERE]
    assert all(end.startswith("0 ") for end in read_async(raw, asked) + read_sync(raw, asked))


def test_early_hints_are_passed_over_however_many(raw: RawServer) -> None:
    """More of them than either client would read ahead of a body."""
    hint = b"HTTP/1.1 103 Early Hints\r\nLink: " + b"a" * 3000 + b"\r\n\r\n"
    wire = hint * 150 + on_the_wire(lines(recording("chat_stream")))
    asked = [("chat_stream", Answer([wire], closes=False))]
    [there], [here] = read_async(raw, asked, PATIENT), read_sync(raw, asked, PATIENT)
    assert there == here
    assert there.startswith("7 ")
