"""Somebody writes on while the message before is being corrected: what that does to the next reply's first word."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

from websockets.asyncio.client import ClientConnection

from tests.bench.heard import Heard
from tests.bench.house import Crowd, crowded
from tests.bench.sides import Ours
from tests.bench.table import Figure, middle, ms
from tests.patience import until

MESSAGES = 20
_UNDER_WAY = "select count(*) from conversations_card where state = 'running'"


class Houses(NamedTuple):
    """Two that differ in one thing: a model is asked about what learners wrote, and thinks about it for a minute."""

    correcting: Crowd
    silent: Crowd


def writing_on() -> list[Figure]:
    """The middle one of the first words' times in each house, a message here and a message there in turn."""
    with houses() as both:
        corrected_ms, alone_ms = asyncio.run(first_words_ms(both, MESSAGES))
    return [
        Figure(
            "from the send to the first word, while a correction is under way; beside it without corrections",
            f"{MESSAGES} messages, one after the other",
            "the same",
            ms(corrected_ms),
            ms(alone_ms),
            f"{corrected_ms - alone_ms:+.1f} ms",
        )
    ]


@contextmanager
def houses() -> Iterator[Houses]:
    with ExitStack() as stack:
        yield Houses(*(stack.enter_context(crowded(1, POLYGLOTT_CORRECTIONS=mode)) for mode in ("model", "off")))


async def first_words_ms(both: Houses, messages: int) -> tuple[float, float]:
    """Milliseconds with a correction under way, and without."""
    correcting, silent = map(Ours, both)
    async with correcting.browser(0) as one, silent.browser(0) as other:
        await _first_word_ms(correcting, one)
        with_ms, without_ms = [], []
        for number in range(1, messages + 1):
            await until(lambda: both.correcting.house.rows(_UNDER_WAY) == [(1,)])
            with_ms.append(await _first_word_ms(correcting, one))
            without_ms.append(await _first_word_ms(silent, other))
            waiting = both.correcting.house.rows("select count(*) from conversations_card where state != 'done'")
            assert number <= waiting[0][0], "a correction ended that should be thought about"
    return middle(with_ms), middle(without_ms)


async def _first_word_ms(side: Ours, socket: ClientConnection) -> float:
    """One message and its whole reply of one word."""
    heard = Heard()
    await socket.send(side.question(0, "Yo tengo un perro. 1 words"))
    while not side.take(heard, json.loads(await socket.recv())):
        pass
    return (heard.here[0] - heard.asked) * 1000
