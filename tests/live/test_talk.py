"""A talk over the real socket of a real server process, with a scripted Ollama behind it."""

from __future__ import annotations

import asyncio
from uuid import uuid4

from tests.live.house import House
from tests.live.talking import Talker, post_command, talking
from tests.patience import until
from tests.prompted import Prompted
from tutor.ollama.testing import Say, ScriptedOllama

WORDS = ["¡Muy ", "bien! ", "¿Una ", "mandarina ", "o dos", "?"]
MESSAGE = "Ayer comí una zanahoria."


async def test_words_arrive_as_they_are_written(house: House, ollama: ScriptedOllama) -> None:
    reply = Prompted(WORDS)
    ollama.script(reply.reply, once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        client_id = await ana.send(MESSAGE)
        accepted = await ana.until(lambda frame: frame["type"] == "accepted")
        assert accepted["client_id"] == client_id
        for _ in WORDS:
            await ana.until_text(reply.say())
            assert ana.last["text"] == reply.said
        reply.let_go()
        final = await ana.until_over()
        deltas = ana.heard("delta")
        assert len(deltas) >= len(WORDS) - 1
        assert (final["state"], final["text"]) == ("done", "".join(WORDS))
        begun = ana.turns[-1]["reply"]["text"]
        assert begun + "".join(delta["text"] for delta in deltas) == "".join(WORDS)
        assert house.stored(final["reply"])["text"] == final["text"]


async def test_a_guided_talk_streams_authored_lines(house: House, ollama: ScriptedOllama) -> None:
    async with talking(house, "ana", house.fresh(like=2)) as ana:
        final = await ana.say("Buenos días, quiero una zanahoria.")
        assert final["state"] == "done"
        assert "{" not in final["text"]
        assert final["text"]


async def test_a_reply_grows_with_nobody_looking(house: House, ollama: ScriptedOllama) -> None:
    reply = Prompted(WORDS)
    ollama.script(reply.reply, once=True)
    talk = house.fresh()
    async with talking(house, "ana", talk) as ana:
        await ana.send(MESSAGE)
        await ana.until(lambda frame: frame["type"] == "accepted")
    assert house.open_replies() == 1
    reply.let_go()
    await until(lambda: house.open_replies() == 0)
    async with talking(house, "ana", talk) as ana:
        assert (ana.last["state"], ana.last["text"]) == ("done", "".join(WORDS))


async def test_a_second_tab_and_a_reload_see_the_reply_from_its_first_word(
    house: House, ollama: ScriptedOllama
) -> None:
    reply = Prompted(WORDS * 4)
    ollama.script(reply.reply, once=True)
    talk = house.fresh()
    async with talking(house, "ana", talk) as ana, talking(house, "ana", talk) as second:
        await ana.send(MESSAGE)
        await ana.until_text(reply.say(4))
        async with talking(house, "ana", talk) as late:
            assert late.last["text"] == reply.said
            assert late.last["state"] == "running"
        async with talking(house, "ana", talk) as reloaded:
            await reloaded.until_text(reply.say(4))
            reply.let_go()
            finals = await asyncio.gather(ana.until_over(), second.until_over(), reloaded.until_over())
            assert reloaded.heard("delta")
        assert {final["text"] for final in finals} == {"".join(WORDS * 4)}


async def test_the_same_message_twice_is_one_message(house: House, ollama: ScriptedOllama) -> None:
    reply = Prompted(WORDS)
    ollama.script(reply.reply, once=True)
    talk, client_id = house.fresh(), str(uuid4())
    async with talking(house, "ana", talk) as ana, talking(house, "ana", talk) as second:
        await asyncio.gather(
            ana.send(MESSAGE, client_id), second.send(MESSAGE, client_id), ana.send(MESSAGE, client_id)
        )
        first = await ana.until(lambda frame: frame["type"] == "accepted")
        again = await second.until(lambda frame: frame["type"] == "accepted")
        assert first["turn"] == again["turn"]
        status, frames = await asyncio.to_thread(
            post_command, house, "ana", type="send", conversation=talk, client_id=client_id, text=MESSAGE
        )
        assert (status, frames[0]["turn"]) == (200, first["turn"])
        reply.let_go()
        await ana.until_over()
    assert house.rows("select count(*) from conversations_turn where client_id = ?", client_id.replace("-", "")) == [
        (1,)
    ]
    assert len(ollama.chats) == 1


async def test_two_tabs_at_once_and_the_second_keeps_its_text(house: House, ollama: ScriptedOllama) -> None:
    reply = Prompted(WORDS)
    ollama.script(reply.reply, once=True)
    talk = house.fresh()
    async with talking(house, "ana", talk) as one, talking(house, "ana", talk) as two:
        sent = await asyncio.gather(one.send(MESSAGE), two.send("¿Y la zanahoria?"))
        answered = {"accepted", "refused"}
        answers = await asyncio.gather(*(tab.until(lambda frame: frame["type"] in answered) for tab in (one, two)))
        assert sorted(answer["type"] for answer in answers) == ["accepted", "refused"]
        for answer, client_id in zip(answers, sent, strict=True):
            assert answer["client_id"] == client_id
        refused = next(answer for answer in answers if answer["type"] == "refused")
        assert refused["code"] == "busy"
        reply.let_go()
        await asyncio.gather(one.until_over(), two.until_over())
        assert [turn["text"] for turn in one.turns] == [turn["text"] for turn in two.turns]
        # Sent again once the reply is there, it goes through.
        assert (await two.say("¿Y la zanahoria?"))["state"] == "done"


async def test_try_again_is_another_attempt_and_the_first_is_kept(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(["La ", "mandarina "], done=False), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        first = await ana.say(MESSAGE)
        assert (first["state"], first["error"]) == ("interrupted", "unfinished")
        assert first["can"][:3] == ["copy", "resume", "retry"]
        ollama.script(Say(WORDS), once=True)
        await ana.tell(type="retry", reply=first["reply"])
        second = await ana.until_over()
        assert (second["attempt"], second["state"], second["text"]) == (2, "done", "".join(WORDS))
        kept = house.stored(first["reply"])
        assert (kept["text"], kept["chosen"]) == (first["text"], 0)
        await ana.tell(type="retry", reply=first["reply"])
        assert (await ana.refused())["code"] in {"not_found", "not_the_last"}


async def test_continue_goes_on_with_the_same_reply_and_keeps_both_texts(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(["La ", "mandarina "], done=False), once=True)
    async with talking(house, "ana", house.fresh()) as ana, talking(house, "ana", ana.conversation) as second:
        first = await ana.say(MESSAGE)
        reply = Prompted(["es ", "dulce."])
        ollama.script(reply.reply, once=True)
        await second.until_over()
        await asyncio.gather(*(tab.tell(type="resume", reply=first["reply"]) for tab in (ana, second)))
        assert await first_refusal(ana, second) in {"busy", "not_the_last"}
        reply.let_go()
        final = await ana.until_over()
        assert (final["reply"], final["epoch"], final["state"]) == (first["reply"], 2, "done")
        assert final["text"] == "La mandarina es dulce."
        kept = house.stored(first["reply"])
        assert "La mandarina " in kept["earlier_texts"]
        assert ollama.chats[-1].body["messages"][-1] == {"role": "assistant", "content": "La mandarina"}
        # Asked for in two tabs at once, it went on once.
        assert (len(ollama.chats), kept["epoch"]) == (2, 2)


async def first_refusal(*tabs: Talker) -> str:
    """Hear all of them until one is refused something; the code."""
    hearing = [asyncio.create_task(tab.refused()) for tab in tabs]
    done, others = await asyncio.wait(hearing, return_when=asyncio.FIRST_COMPLETED)
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    return str(done.pop().result()["code"])


async def test_nothing_to_continue_without_words(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say([""]), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        empty = await ana.say(MESSAGE)
        assert (empty["state"], empty["can"]) == ("failed", ["retry"])
        await ana.tell(type="resume", reply=empty["reply"])
        assert (await ana.refused())["code"] == "nothing_to_continue"


async def test_script_from_model_and_learner_is_text(house: House, ollama: ScriptedOllama) -> None:
    attack = "<script>alert(1)</script> **mandarina** [x](javascript:alert(2)) <img src=x onerror=alert(3)>"
    ollama.script(Say([attack[:9], attack[9:]]), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(f"zanahoria {attack}")
        html = final["html"]
        assert "<strong>mandarina</strong>" in html
        for live in ("<script", "<img", 'href="javascript', "<iframe"):
            assert live not in html.lower()
        assert final["text"] == attack
        assert ana.turns[-1]["text"] == f"zanahoria {attack}"
