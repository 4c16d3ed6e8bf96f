"""A class signs in at the same moment, while a reply grows."""

from __future__ import annotations

import asyncio
import time
from itertools import pairwise

from tests.live.house import House
from tests.live.signing_in import enrol, sign_in, sign_in_at_once
from tests.live.talking import talking
from tutor.ollama.testing import Reply, ScriptedOllama
from tutor.ollama.testing.wire import line

CLASS = 30
WORDS, PAUSE_S = 3_000, 0.03


async def test_the_first_is_in_at_once_and_the_rest_one_by_one(house: House, ollama: ScriptedOllama) -> None:
    """Alone somebody takes as long as one hash; were all hashed together, the first would come in with the last."""
    names = enrol(house, CLASS)
    alone_s = min(sign_in(house, "ana")[0] for _ in range(3))
    ollama.script(Reply([step for number in range(WORDS) for step in (line(f"{number} "), PAUSE_S)]), once=True)
    async with talking(house, "ben", house.fresh("ben")) as talker:
        await talker.send("¡Hola!")
        reply = await talker.until_turn()
        await talker.until_text("7 ")
        arrivals: list[float] = []
        entering = asyncio.create_task(asyncio.to_thread(sign_in_at_once, house, names))
        while not entering.done():
            await talker.hear()
            arrivals.append(time.monotonic())
        await talker.tell(type="stop", reply=reply)
        await talker.until_over()
    seconds = sorted(took_s for took_s, _status in entering.result())
    assert {status for _took_s, status in entering.result()} == {302}
    assert seconds[0] < seconds[-1] / 4, seconds
    assert seconds[0] < 6 * alone_s, (alone_s, seconds)
    gaps = [later - earlier for earlier, later in pairwise(arrivals)]
    assert max(gaps) < seconds[-1] / 4, (max(gaps), seconds)
