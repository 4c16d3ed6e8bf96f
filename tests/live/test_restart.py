"""The process dies or is told to end in the middle of a reply: words stay, everybody is told, the next one goes on."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator

import pytest

from tests.live.conftest import wait_for_engine
from tests.live.house import House, running
from tests.live.talking import talking
from tutor.ollama.testing import Say, ScriptedOllama
from tutor.ollama.testing.received import until

MESSAGE = "Ayer comí una zanahoria."
DELAY_S = 0.1
WORDS = [f"mandarina {number} " for number in range(60)]


@pytest.fixture(scope="module")
def own_house(engine: ScriptedOllama) -> Iterator[House]:
    """A house of its own, in real time: a checkpoint each second."""
    with running(engine.base_url, POLYGLOTT_PROBE_EVERY_S="1") as house:
        yield house


@pytest.fixture
def house(own_house: House, ollama: ScriptedOllama) -> Iterator[House]:
    if own_house.process is None:
        own_house.start()
    yield own_house
    assert own_house.open_replies() == 0
    logged = own_house.logged().lower()
    assert not [word for word in ("zanahoria", "mandarina", "traceback") if word in logged]


async def test_killed_in_the_middle(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(WORDS, delay_s=DELAY_S), once=True)
    talk = house.fresh()
    async with talking(house, "ana", talk) as ana:
        await ana.send(MESSAGE)
        await ana.until_text("mandarina 20 ")
        heard = ana.last["text"]
        house.kill()
        assert await ana.until_closed() == 1006
    await ollama.chats[0].wait_hung_up()
    house.start()
    async with talking(house, "ana", talk) as ana:
        found = ana.last
        assert (found["state"], found["error"]) == ("interrupted", "restart")
        kept = found["text"]
        assert kept
        assert heard.startswith(kept) or kept.startswith(heard)
        # A checkpoint a second, and some slack for a busy machine: at the engine's pace, so many words at most.
        assert heard.count("mandarina") - kept.count("mandarina") <= 1.5 / DELAY_S
        ollama.script(Say(["y ", "fin."], delay_s=0.05), once=True)
        await ana.tell(type="resume", reply=found["reply"])
        final = await ana.until_over()
        assert (final["state"], final["epoch"], final["text"]) == ("done", 2, f"{kept}y fin.")
        row = house.stored(found["reply"])
        assert (row["state"], row["text"]) == ("done", f"{kept}y fin.")
        assert kept in row["earlier_texts"]
        assert house.open_replies() == 0


async def test_told_to_end(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(WORDS, delay_s=DELAY_S), once=True)
    ollama.script(Say(WORDS, first_delay_s=60))
    talk, waiting = house.fresh(), house.fresh("ben")
    async with talking(house, "ana", talk) as ana, talking(house, "ben", waiting) as ben:
        await ana.send(MESSAGE)
        await ana.until_text("mandarina 3 ")
        await ben.send(MESSAGE)
        await ben.until_turn()
        began = time.monotonic()
        ended = asyncio.create_task(asyncio.to_thread(house.stop))
        codes = list(await asyncio.gather(ana.until_closed(), ben.until_closed()))
        code = await ended
        took_s = time.monotonic() - began
        assert codes == [4012, 4012]
        assert [talker.frames[-1]["type"] for talker in (ana, ben)] == ["bye", "bye"]
        assert (code, took_s < 10) == (0, True)
        heard = ana.last["text"]
    row = house.stored(ana.last["reply"])
    assert (row["state"], row["error_code"]) == ("interrupted", "restart")
    assert row["text"].startswith(heard)
    assert house.open_replies() == 0
    await until(lambda: all(asked.over for asked in ollama.chats), 5)
    # It comes back, but no engine does: that is said, and the message need not be typed again.
    ollama.call(ollama.refuse())
    read = len(house.logged())
    house.start()
    async with talking(house, "ben", waiting) as ben:
        assert (ben.last["state"], ben.last["can"]) == ("interrupted", ["retry"])
        await ben.tell(type="retry", reply=ben.last["reply"])
        assert (await ben.until_over())["error"] == "offline"
        ollama.call(ollama.start())
        ollama.script(Say(["mandarina"]))
        wait_for_engine(house, "ollama answers", read)
        await ben.tell(type="retry", reply=ben.last["reply"])
        assert (await ben.until_over())["state"] == "done"


async def test_a_locked_database_holds_up_no_words(house: House, ollama: ScriptedOllama) -> None:
    """Another program writes for longer than we wait for it: words keep coming, and are stored when it is done."""
    ollama.script(Say([f"mandarina {number} " for number in range(10)], delay_s=DELAY_S), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.send(MESSAGE)
        await ana.until_text("mandarina 1 ")
        other = sqlite3.connect(house.var / "polyglott.sqlite3", isolation_level=None)
        other.execute("begin immediate")
        began = time.monotonic()
        await ana.until_text("mandarina 9 ")
        assert time.monotonic() - began < 8
        await asyncio.sleep(1)
        assert house.open_replies() == 1
        other.execute("rollback")
        other.close()
        final = await ana.until_over()
        assert final["state"] == "done"
        assert house.stored(final["reply"])["text"] == final["text"]
