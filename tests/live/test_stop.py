"""The stop command: at any moment it keeps the words, tells the engine within a second, and is harmless twice."""

from __future__ import annotations

import asyncio
import time

from tests.live.house import House
from tests.live.talking import Frame, Talker, talking
from tutor.ollama.testing import Reply, Say, ScriptedOllama, faults
from tutor.ollama.testing.received import until

MESSAGE = "Ayer comí una zanahoria."


async def stop(talker: Talker) -> Frame:
    reply = await talker.until_turn()
    await talker.tell(type="stop", reply=reply)
    await talker.tell(type="stop", reply=reply)
    return await talker.until(lambda frame: frame["type"] == "reply" and frame["state"] not in {"queued", "running"})


async def test_while_queued(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Reply(opening="hang"), once=True)
    async with (
        talking(house, "ben", house.fresh("ben")) as ben,
        talking(house, "ana", house.fresh()) as ana,
    ):
        await ben.send(MESSAGE)
        await until(lambda: len(ollama.chats) == 1, 5)
        await ana.send(MESSAGE)
        await ana.until(lambda frame: frame["type"] == "progress" and frame["place"] == 1)
        final = await stop(ana)
        assert (final["state"], final["text"], final["can"]) == ("stopped", "", ["retry"])
        assert len(ollama.chats) == 1
        await stop(ben)


async def test_at_once_after_sending(house: House, ollama: ScriptedOllama) -> None:
    """Before the process has even read what the reply needs: nothing may stay open for ever."""
    ollama.script(Say(["La ", "mandarina"], delay_s=1.0))
    async with talking(house, "ana", house.fresh()) as ana:
        for number in range(5):
            await ana.send(f"{MESSAGE} {number}")
            final = await stop(ana)
            assert final["state"] == "stopped"
    await until(lambda: house.open_replies() == 0, 5)


async def test_before_the_first_word(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(faults.hang_before_first_token(), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.send(MESSAGE)
        await until(lambda: len(ollama.chats) == 1, 5)
        await ana.until(lambda frame: frame["type"] == "progress" and frame["reading"])
        asked, began = ollama.chats[0], time.monotonic()
        final = await stop(ana)
        assert (final["state"], final["text"]) == ("stopped", "")
        assert await asked.wait_hung_up() - began < 1.0


async def test_in_the_middle(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(faults.stall_mid_stream(["La ", "mandarina "]), once=True)
    async with talking(house, "ana", house.fresh()) as ana, talking(house, "ana", ana.conversation) as second:
        await ana.send(MESSAGE)
        await ana.until_text("mandarina")
        asked, began = ollama.chats[0], time.monotonic()
        finals = await asyncio.gather(stop(ana), second.until_over())
        assert {(final["state"], final["text"]) for final in finals} == {("stopped", "La mandarina ")}
        assert await asked.wait_hung_up() - began < 1.0
        assert house.stored(finals[0]["reply"])["text"] == "La mandarina "
        # Words that came can be gone on with.
        assert finals[0]["can"][:3] == ["copy", "resume", "retry"]


async def test_after_the_end(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(["La ", "mandarina."]), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        done = await ana.say(MESSAGE)
        await ana.tell(type="stop", reply=done["reply"])
        await ana.tell(type="ping")
        await ana.until(lambda frame: frame["type"] == "pong")
        assert house.stored(done["reply"])["state"] == "done"
        assert not ana.heard("refused")


async def test_while_the_engine_is_full(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(faults.busy())
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.send(MESSAGE)
        await until(lambda: len(ollama.chats) >= 1, 5)
        assert (await stop(ana))["state"] == "stopped"
