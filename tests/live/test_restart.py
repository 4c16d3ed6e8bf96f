"""The process dies or is told to end in the middle of a reply: words stay, everybody is told, the next one goes on."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Iterator

import pytest

from tests.live.conftest import wait_for_engine
from tests.live.house import House, running
from tests.live.talking import Talker, talking
from tests.patience import PATIENCE_S, until
from tests.prompted import Prompted
from tutor.ollama.testing import Say, ScriptedOllama, faults

MESSAGE = "Ayer comí una zanahoria."
# Checkpoints are a second apart. A machine that is busy at the moment is asked again.
CHECKPOINT_S = 1.5
TRIES = 5
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
    reply = Prompted(WORDS)
    ollama.script(reply.reply, once=True)
    talk = house.fresh()
    async with talking(house, "ana", talk) as ana:
        await ana.send(MESSAGE)
        took_s = [await stored_after_s(house, ana, reply)]
        while len(took_s) < TRIES and min(took_s) > CHECKPOINT_S:
            took_s.append(await stored_after_s(house, ana, reply))
        assert min(took_s) <= CHECKPOINT_S
        saved = reply.said
        await ana.until_text(reply.say(3))
        heard = reply.said
        house.kill()
        assert await ana.until_closed() == 1006
    await ollama.chats[0].wait_hung_up(PATIENCE_S)
    house.start()
    async with talking(house, "ana", talk) as ana:
        found = ana.last
        assert (found["state"], found["error"]) == ("interrupted", "restart")
        kept = found["text"]
        # What was stored is not lost; of what came after it some may be.
        assert kept.startswith(saved)
        assert heard.startswith(kept)
        ollama.script(Say(["y ", "fin."]), once=True)
        await ana.tell(type="resume", reply=found["reply"])
        final = await ana.until_over()
        assert (final["state"], final["epoch"], final["text"]) == ("done", 2, f"{kept}y fin.")
        row = house.stored(found["reply"])
        assert (row["state"], row["text"]) == ("done", f"{kept}y fin.")
        assert kept in row["earlier_texts"]
        assert house.open_replies() == 0


async def stored_after_s(house: House, talker: Talker, reply: Prompted) -> float:
    """Let some more words be heard; the seconds until they are in the database."""
    await talker.until_text(reply.say(4))
    began = time.monotonic()
    await until(lambda: house.stored(talker.last["reply"])["text"] == reply.said)
    return time.monotonic() - began


async def test_told_to_end(house: House, ollama: ScriptedOllama) -> None:
    reply = Prompted(WORDS)
    ollama.script(reply.reply, once=True)
    ollama.script(faults.hang_before_headers())
    talk, waiting = house.fresh(), house.fresh("ben")
    async with talking(house, "ana", talk) as ana, talking(house, "ben", waiting) as ben:
        await ana.send(MESSAGE)
        await ana.until_text(reply.say(4))
        await ben.send(MESSAGE)
        await ben.until_turn()
        ended = asyncio.create_task(asyncio.to_thread(house.stop))
        codes = list(await asyncio.gather(ana.until_closed(), ben.until_closed()))
        # By itself, though neither reply would have ended.
        assert await ended == 0
        assert codes == [4012, 4012]
        assert [talker.frames[-1]["type"] for talker in (ana, ben)] == ["bye", "bye"]
        heard = ana.last["text"]
    row = house.stored(ana.last["reply"])
    assert (row["state"], row["error_code"]) == ("interrupted", "restart")
    assert row["text"].startswith(heard)
    assert house.open_replies() == 0
    await until(lambda: all(asked.over for asked in ollama.chats))
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
    """Another program writes: words keep coming meanwhile, and are stored when it is done."""
    reply = Prompted(WORDS[:10])
    ollama.script(reply.reply, once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.send(MESSAGE)
        await ana.until_text(reply.say(2))
        other = sqlite3.connect(house.var / "polyglott.sqlite3", isolation_level=None)
        other.execute("begin immediate")
        began = time.monotonic()
        # A checkpoint is tried meanwhile, and waits.
        while time.monotonic() - began < CHECKPOINT_S:
            await asyncio.sleep(0.2)
            await ana.until_text(reply.say())
        # Whoever waits for the other program waits for twenty seconds.
        assert time.monotonic() - began < 15
        reply.let_go()
        await asyncio.sleep(0.5)
        assert house.open_replies() == 1
        other.execute("rollback")
        other.close()
        final = await ana.until_over()
        assert final["state"] == "done"
        assert house.stored(final["reply"])["text"] == final["text"]
