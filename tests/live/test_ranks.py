"""Who is asked for first at the model: whoever waits, before what nobody waits for; and nobody has a way past."""

from __future__ import annotations

import asyncio
import urllib.parse

from tests.live.house import House
from tests.live.talking import new_conversation, post, talking
from tests.patience import PATIENCE_S, until
from tests.prompted import Prompted
from tutor.ollama.testing import Say, ScriptedOllama

MESSAGE = "Ayer comí una zanahoria."


async def test_warm_ups_of_others_hold_up_nobody(house: House, ollama: ScriptedOllama) -> None:
    """Three begin new talks, one of them is in the middle of an old one as well."""
    held = Prompted([])
    ollama.script(lambda body: held.reply if body["options"]["num_predict"] == 1 else Say(["¡Una mandarina!"]))
    for person in ("ana", "ben", "emil"):
        await asyncio.to_thread(new_conversation, house, person)
    await until(lambda: len(ollama.chats) == 1)
    async with talking(house, "emil", house.fresh("emil")) as emil:
        assert (await emil.say(MESSAGE))["text"] == "¡Una mandarina!"
    warm, reply = ollama.chats[:2]
    await warm.wait_hung_up(PATIENCE_S)
    assert reply.body["messages"][-1]["content"].endswith(MESSAGE)
    # What gave way is asked again now that nobody waits.
    held.let_go()
    await until(lambda: len(ollama.chats) == 5 and all(asked.over for asked in ollama.chats))


async def test_a_test_sentence_waits_its_turn(house: House, ollama: ScriptedOllama) -> None:
    held = Prompted(["¡Una ", "mandarina!"])
    ollama.script(held.reply, once=True)
    ollama.script(Say(["¡Hola!"]))
    form = urllib.parse.urlencode({"model": "qwen2.5:7b"}).encode()
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.send(MESSAGE)
        await ana.until_text(held.say())
        tested = asyncio.create_task(asyncio.to_thread(post, house, "ada", "/console/test/", form))
        await asyncio.sleep(0.5)
        assert len(ollama.chats) == 1
        held.let_go()
        status, page = await tested
        assert (status, "¡Hola!" in page.decode()) == (200, True)
        assert (await ana.until_over())["state"] == "done"
