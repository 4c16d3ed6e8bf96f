"""Law 9 over the wire: each request begins with the one before it, and every option that loads a model is the same."""

from __future__ import annotations

from itertools import pairwise

from tests.live.house import House
from tests.live.talking import new_conversation, talking
from tests.patience import until
from tests.prompted import Prompted
from tutor.ollama.testing import Say, ScriptedOllama

LOAD_TIME = ("num_ctx", "num_batch", "num_gpu", "main_gpu", "use_mmap", "num_thread")


async def test_requests_are_a_chain_of_prefixes(house: House, ollama: ScriptedOllama) -> None:
    talk = new_conversation(house)
    async with talking(house, "ana", talk) as ana:
        for number in range(8):
            ollama.script(Say([f"La mandarina {number} ", "es dulce. ¿Y la tuya?"]), once=number > 0)
            assert (await ana.say(f"Mi zanahoria número {number} es naranja."))["state"] == "done"
        ollama.script(Say(["Otra mandarina."]))
        await ana.tell(type="retry", reply=ana.last["reply"])
        assert (await ana.until_over())["attempt"] == 2
    bodies = [request.body for request in ollama.chats][:9]
    warm, *chats = bodies
    for earlier, later in pairwise(chats):
        assert later["messages"][: len(earlier["messages"])] == earlier["messages"]
        assert len(later["messages"]) == len(earlier["messages"]) + 2
    # What was taken in ahead is how the first one begins: the tutor's instructions and its greeting.
    assert chats[0]["messages"][:2] == warm["messages"][:2]
    options = [{name: body["options"].get(name) for name in LOAD_TIME} for body in bodies]
    assert all(one == options[0] for one in options)
    assert options[0]["num_ctx"] == 4096
    assert len({body.get("keep_alive") for body in bodies}) == 1


async def test_a_reply_waits_until_the_beginning_is_taken_in(house: House, ollama: ScriptedOllama) -> None:
    """Beside it, it would make the engine read everything twice. To whoever waits it is "reading"."""
    warming = Prompted([])
    ollama.script(warming.reply, once=True)
    talk = new_conversation(house)
    async with talking(house, "ana", talk) as ana:
        await until(lambda: len(ollama.chats) == 1)
        await ana.send("Mi zanahoria.")
        await ana.until(lambda frame: frame["type"] == "progress" and frame["prompt_evaluation"])
        assert len(ollama.chats) == 1
        warming.let_go()
        assert (await ana.until_over())["state"] == "done"
    warm, chat = ollama.chats
    assert warm.finished_at is not None
    assert warm.finished_at <= chat.at


async def test_a_stopped_reply_is_part_of_the_talk(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(["La mandarina "], done=False), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        assert (await ana.say("Mi zanahoria."))["state"] == "interrupted"
        assert (await ana.say("¿Qué decías?"))["state"] == "done"
    assert ollama.chats[-1].body["messages"][-3:] == [
        {"role": "user", "content": "Mi zanahoria."},
        {"role": "assistant", "content": "La mandarina "},
        {"role": "user", "content": "¿Qué decías?"},
    ]


async def test_two_talks_keep_to_themselves(house: House, ollama: ScriptedOllama) -> None:
    async with talking(house, "ana", house.fresh()) as one, talking(house, "ben", house.fresh("ben")) as two:
        await one.say("Mi zanahoria uno.")
        await two.say("Mi zanahoria dos.")
        await one.say("¿Y tú?")
    said = str(ollama.chats[-1].body["messages"])
    assert "uno" in said
    assert "dos" not in said
