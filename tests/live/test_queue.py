"""A fair place for the model: one reply at once, learners in turn, and how much one learner may want."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack

from tests.live.house import House
from tests.live.talking import talking
from tests.patience import until
from tests.prompted import Prompted
from tutor.ollama.testing import Reply, ScriptedOllama

MESSAGE = "Ayer comí una zanahoria."


def asked(ollama: ScriptedOllama) -> list[str]:
    """The newest message of each request, in the order in which the model got them."""
    return [request.body["messages"][-1]["content"] for request in ollama.chats]


async def test_learners_are_served_in_turn_and_told_their_place(house: House, ollama: ScriptedOllama) -> None:
    held = {message: Prompted(["La ", "mandarina."]) for message in ("ana 1", "ben", "emil", "ana 2", "ana 3")}
    ollama.script(lambda body: held[body["messages"][-1]["content"]].reply)
    async with AsyncExitStack() as sockets:
        ana = [await sockets.enter_async_context(talking(house, "ana", house.fresh())) for _ in range(3)]
        ben = await sockets.enter_async_context(talking(house, "ben", house.fresh("ben")))
        emil = await sockets.enter_async_context(talking(house, "emil", house.fresh("emil")))
        await ana[0].send("ana 1")
        await until(lambda: len(ollama.chats) == 1)
        for talker, message in ((ana[1], "ana 2"), (ana[2], "ana 3"), (ben, "ben"), (emil, "emil")):
            await talker.send(message)
            await talker.until(lambda frame: frame["type"] == "accepted")
            await talker.until(lambda frame: frame["type"] == "progress" and frame["position"] is not None)
        held["ana 1"].let_go()
        await emil.until_position(1)
        for reply in held.values():
            reply.let_go()
        await asyncio.gather(*(talker.until_over() for talker in (*ana, ben, emil)))
        assert asked(ollama)[0] == "ana 1"
        # Ana, who wants three replies, is behind those who want one as soon as she has had one.
        assert asked(ollama)[1:3] == ["ben", "emil"]
        assert asked(ollama)[3:] == ["ana 2", "ana 3"]
        positions = [frame["position"] for frame in emil.heard("progress") if frame["state"] == "queued"]
        assert positions == sorted(positions, reverse=True)
        assert positions[-1] == 1


async def test_one_learner_has_four_open_replies_at_most(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Reply(opening="hang"))
    async with AsyncExitStack() as sockets:
        talkers = [await sockets.enter_async_context(talking(house, "ana", house.fresh())) for _ in range(5)]
        for talker in talkers[:4]:
            await talker.send(MESSAGE)
            await talker.until(lambda frame: frame["type"] == "accepted")
        client_id = await talkers[4].send(MESSAGE)
        refused = await talkers[4].refused()
        assert (refused["code"], refused["client_id"]) == ("too_many_waiting", client_id)
        # They do not keep anybody else out, nor run at the same time.
        await until(lambda: len(ollama.chats) >= 1)
        assert len(ollama.chats) == 1
        for talker in talkers[:4]:
            await talker.tell(type="stop", reply=await talker.until_turn())
            await talker.until_over()


async def test_sixty_messages_an_hour(house: House, ollama: ScriptedOllama) -> None:
    async with talking(house, "ben", house.fresh("ben")) as ben:
        assert (await ben.say(MESSAGE))["state"] == "done"
        house.write(
            "with recursive n(i) as (select 1 union all select i + 1 from n where i < 59) "
            "insert into conversations_turn (public_id, ordinal, text, client_id, created, author_id, conversation_id) "
            "select lower(hex(randomblob(16))), 100 + i, 'zanahoria', lower(hex(randomblob(16))), t.created, "
            "t.author_id, c.id from n, conversations_turn t, conversations_conversation c "
            "where t.id = (select max(id) from conversations_turn where client_id is not null) and c.public_id = ?",
            house.fresh("ben").replace("-", ""),
        )
        client_id = await ben.send(MESSAGE)
        refused = await ben.refused()
        assert (refused["code"], refused["client_id"]) == ("too_many_messages", client_id)
        assert "60" in refused["message"]
    async with talking(house, "ana", house.fresh()) as ana:
        assert (await ana.say(MESSAGE))["state"] == "done"
