"""Whose conversation it is, asked for every command, through both doors; and what ends with a session."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from uuid import uuid4

import pytest
from websockets.exceptions import InvalidStatus

from tests.live.house import House
from tests.live.talking import Frame, Talker, knocking, post, post_command, talking
from tests.patience import PATIENCE_S
from tests.prompted import Prompted
from tutor.ollama.testing import ScriptedOllama, faults

MESSAGE = "Ayer comí una zanahoria."
STRANGERS = ["ben", "clara", "dora", "emil", "ada", "max"]


def commands_about(talk: str, reply: str) -> list[Frame]:
    return [
        {"type": "subscribe", "conversation": talk},
        {"type": "send", "conversation": talk, "client_id": str(uuid4()), "text": MESSAGE},
        {"type": "stop", "reply": reply},
        {"type": "retry", "reply": reply},
        {"type": "resume", "reply": reply},
        {"type": "check", "turn": str(uuid4())},
        {"type": "reveal", "conversation": talk},
    ]


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_a_strangers_ids_are_not_found(house: House, ollama: ScriptedOllama, stranger: str) -> None:
    """Clara teaches Ana and may read this talk: that is no right to write into it, nor to hear it here."""
    ollama.script(faults.stall_mid_stream(["La ", "mandarina "]), once=True)
    async with talking(house, "ana", house.fresh()) as ana, knocking(house, stranger) as socket:
        await ana.send(MESSAGE)
        await ana.until_text("mandarina")
        before = house.stored(ana.last["reply"]) | {"seq": 0, "text": ""}
        other = Talker(socket, ana.conversation)
        for command in commands_about(ana.conversation, ana.last["reply"]):
            await other.tell(**command)
            refused = await other.hear()
            assert (refused["type"], refused["code"]) == ("refused", "not_found")
            status, frames = await asyncio.to_thread(post_command, house, stranger, **command)
            assert (status, [frame["code"] for frame in frames]) == (200, ["not_found"])
        await other.tell(type="ping")
        assert (await other.hear())["type"] == "pong"
        assert (house.stored(ana.last["reply"]) | {"seq": 0, "text": ""}) == before
        await ana.tell(type="stop", reply=ana.last["reply"])
        assert (await ana.until_over())["state"] == "stopped"
        # Nothing of what happened afterwards is heard by a stranger either.
        assert {frame["type"] for frame in other.frames} == {"refused", "pong"}


async def test_an_unknown_id_is_the_same_as_a_strangers(house: House) -> None:
    async with talking(house, "ana", house.fresh(), subscribe=False) as ana:
        for command in commands_about(str(uuid4()), str(uuid4())):
            await ana.tell(**command)
            assert (await ana.hear())["code"] == "not_found"


async def test_a_message_of_another_conversation_is_not_taken_twice(house: House, ollama: ScriptedOllama) -> None:
    first, second, client_id = house.fresh(), house.fresh(), str(uuid4())
    async with talking(house, "ana", first) as ana:
        await ana.send(MESSAGE, client_id)
        await ana.until_over()
        await ana.tell(type="send", conversation=second, client_id=client_id, text=MESSAGE)
        assert (await ana.refused())["code"] == "taken"


async def test_a_deleted_conversation_is_not_found(house: House, ollama: ScriptedOllama) -> None:
    talk = house.fresh()
    async with talking(house, "ana", talk) as ana:
        final = await ana.say(MESSAGE)
        assert post(house, "ana", f"/talk/{talk}/delete")[0] == 302
        for command in commands_about(talk, final["reply"]):
            await ana.tell(**command)
            assert (await ana.refused())["code"] == "not_found"


async def test_nobody_is_signed_in(house: House) -> None:
    async with knocking(house, "no such session") as socket:
        talker = Talker(socket, "")
        assert await talker.until_closed() == 4401
        assert [frame["type"] for frame in talker.frames] == ["bye"]
    status, frames = post_command(house, "no such session", type="ping")
    assert (status, frames) == (401, [])


async def test_signing_out_closes_the_socket_while_the_reply_goes_on(house: House, ollama: ScriptedOllama) -> None:
    reply = Prompted(["La ", "mandarina ", "es dulce."])
    ollama.script(reply.reply, once=True)
    session, talk = house.another_session("ana"), house.fresh()
    async with talking(house, session, talk) as ana, talking(house, "ana", talk) as elsewhere:
        await ana.send(MESSAGE)
        reply.say(2)
        await ana.until_text("mandarina")
        ana.frames.clear()
        assert (await asyncio.to_thread(post, house, session, "/sign-out/"))[0] == 302
        assert await ana.until_closed() == 4401
        assert ana.frames[-1]["type"] == "bye"
        assert house.open_replies() == 1
        # The other device, signed in by itself, hears the rest.
        reply.let_go()
        final = await elsewhere.until_over()
        assert (final["state"], final["text"]) == ("done", "La mandarina es dulce.")


@pytest.mark.parametrize("ending", ["session", "person", "password"])
async def test_what_ends_a_session_ends_its_socket(house: House, ollama: ScriptedOllama, ending: str) -> None:
    """Found out with the next command, even when another process has done it."""
    session = house.another_session("ben")
    password = house.rows("select password from accounts_user where username = 'ben'")[0][0]
    async with talking(house, session, house.fresh("ben")) as ben:
        match ending:
            case "session":
                house.write("delete from django_session where session_key = ?", session)
            case "person":
                house.write("update accounts_user set is_active = 0 where username = 'ben'")
            case "password":
                house.write("update accounts_user set password = 'another' where username = 'ben'")
        await ben.send(MESSAGE)
        assert await ben.until_closed() == 4401
        assert not ollama.chats
        assert post_command(house, session, type="subscribe", conversation=ben.conversation)[0] in {302, 401}
    house.write("update accounts_user set is_active = 1, password = ? where username = 'ben'", password)


async def test_ten_sockets_a_person(house: House) -> None:
    async with AsyncExitStack() as sockets:
        talk = house.fresh("emil")
        for _ in range(10):
            await sockets.enter_async_context(talking(house, "emil", talk))
        async with knocking(house, "emil") as eleventh:
            assert await Talker(eleventh, "").until_closed() == 4429
        # Others come in.
        await sockets.enter_async_context(talking(house, "ana", house.fresh()))
    async with talking(house, "emil", talk) as emil:
        assert emil.turns


ORIGINS = [
    "null",
    "https://127.0.0.1:{port}",
    "http://127.0.0.1:1",
    "http://127.0.0.1",
    "http://127.0.0.1.evil.example:{port}",
    "http://evil.example",
    "http://evil.example:{port}",
    "http://127.0.0.1:{port}.evil.example",
    "http://user@evil.example:{port}",
    "ftp://127.0.0.1:{port}",
    "http://[::1]:{port}",
    "http://xn--127-0-0-1.example",
]


@pytest.mark.parametrize("origin", ORIGINS)
async def test_other_origins_get_no_socket(house: House, origin: str) -> None:
    with pytest.raises(InvalidStatus) as refused:
        async with knocking(house, "ana", origin=origin.format(port=house.port)):
            pass
    assert refused.value.response.status_code in {400, 403}


@pytest.mark.parametrize("origin", ["http://localhost:{port}", "HTTP://127.0.0.1:{port}"])
async def test_the_houses_own_origins_do(house: House, origin: str) -> None:
    async with knocking(house, "ana", origin=origin.format(port=house.port)) as socket:
        await socket.send('{"type":"ping"}')
        assert "pong" in str(await asyncio.wait_for(socket.recv(), PATIENCE_S))


async def test_another_path_is_no_door(house: House) -> None:
    with pytest.raises(InvalidStatus):
        async with knocking(house, "ana", path="/ws/elsewhere"):
            pass
