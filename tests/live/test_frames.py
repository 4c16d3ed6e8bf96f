"""What a socket may send, how often, and what it must take in: nothing of it ends the process."""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import socket
import struct
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from uuid import uuid4

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live.house import House
from tests.live.talking import Frame, Talker, knocking, post, post_command, talking
from tests.live.test_giving_up import deaf_socket, long_talk, masked
from tests.patience import PATIENCE_S, until
from tutor.ollama.testing import Say, ScriptedOllama

MESSAGE = "Ayer comí una zanahoria."
TALK = str(uuid4())


def sending(text: str) -> str:
    return f'{{"type":"send","conversation":"{TALK}","client_id":"{TALK}","text":"{text}"}}'


def subscribing(after: str) -> str:
    return f'{{"type":"subscribe","conversation":"{TALK}","after":{after}}}'


NONSENSE: dict[str, str | bytes] = {
    "empty": "",
    "no json": "zanahoria",
    "an array": '[{"type":"ping"}]',
    "a number": "1",
    "null": "null",
    "binary": b'{"type":"ping"}',
    "deep": "[" * 20_000,
    "deep in a field": '{"type":"ping","x":' + '{"a":' * 5_000 + "1" + "}" * 5_000 + "}",
    "NaN": '{"type":"ack","received":NaN}',
    "infinite": '{"type":"ack","received":1e999}',
    "negative": '{"type":"ack","received":-1}',
    "a lone surrogate": sending("\\ud800"),
    "NUL": sending("a\\u0000b"),
    "blank": sending(" \\n "),
    "unknown": '{"type":"websocket.disconnect"}',
    "no type": "{}",
    "more fields": '{"type":"ping","admin":true}',
    "no uuid": '{"type":"stop","reply":"1 or 1=1"}',
    "huge numbers": subscribing("9" * 5_000),
    "a large ordinal": subscribing("9223372036854775807"),
    "64 KB and more": json.dumps({"type": "send", "text": "a" * 65_536}),
    "a megabyte": "a" * 1_000_000,
}


@pytest.mark.parametrize("kind", NONSENSE)
async def test_nonsense_is_refused_and_the_fifth_time_is_the_last(house: House, kind: str) -> None:
    async with knocking(house, "ana") as socket_:
        talker = Talker(socket_, "")
        for _ in range(5):
            await socket_.send(NONSENSE[kind])
        assert await talker.until_closed() == 4400
        kinds = [frame["type"] for frame in talker.frames]
        assert kinds == ["refused"] * 5 + ["bye"]
        assert {frame["code"] for frame in talker.heard("refused")} == {"bad_frame"}
    # The same through the other door; a body beyond the cap is another refusal.
    raw = NONSENSE[kind]
    status, body = await asyncio.to_thread(
        post, house, "ana", "/talk/commands/", raw.encode() if isinstance(raw, str) else b"\xff", "application/json"
    )
    assert (status, json.loads(body)["frames"][0]["code"]) == (200, "bad_frame")


async def test_a_message_that_is_too_long_is_given_back(house: House, ollama: ScriptedOllama) -> None:
    async with talking(house, "ana", house.fresh()) as ana:
        for _ in range(6):
            client_id = await ana.send("zanahoria" + "ñ" * 8_000)
            refused = await ana.until(lambda frame: frame["type"] == "refused")
            assert (refused["code"], refused["client_id"]) == ("too_long", client_id)
            assert "8,000" in refused["message"]
        assert (await ana.say("ñ" * 8_000))["state"] == "done"
        assert ana.turns[-1]["text"] == "ñ" * 8_000


@pytest.mark.parametrize(("chosen", "accepted"), [("es", "en"), ("", "es-MX, en;q=0.5")])
async def test_refused_in_the_language_of_the_pages(house: House, chosen: str, accepted: str) -> None:
    """At both doors, whether it was chosen or the browser asks for it; and so is the reason why a socket closes."""
    query = "update accounts_user set interface_language = ? where username = 'ana'"
    house.write(query, chosen)
    talk = house.fresh()
    long: dict[str, Any] = {"type": "send", "conversation": talk, "client_id": str(uuid4()), "text": "a" * 8001}
    strange: dict[str, Any] = {"type": "subscribe", "conversation": str(uuid4()), "after": -1}
    stop: dict[str, Any] = {"type": "stop", "reply": str(uuid4())}
    async with talking(house, "ana", talk, accept=accepted) as ana:
        for command in (long, strange, stop):
            await ana.tell(**command)
            said = (await ana.refused())["message"]
            _, [frame] = await asyncio.to_thread(post_command, house, "ana", accept=accepted, **command)
            assert frame["message"] == said
            assert re.search("mensaje|conversación", said), said
    async with talking(house, "nobody", talk, subscribe=False, accept=accepted) as nobody:
        if not chosen:
            assert "sesión" in (await nobody.until(lambda frame: frame["type"] == "bye"))["message"]
    house.write(query, "")


async def test_twenty_frames_a_second(house: House, ollama: ScriptedOllama) -> None:
    """Twenty are taken, the next is given back. A machine that stands still for that second is given another one."""
    async with talking(house, "ana", house.fresh()) as ana:
        client_id, answer = await twenty_and_a_message(ana)
        for _ in range(4):
            if answer["type"] == "accepted":
                await ana.until_over()
                client_id, answer = await twenty_and_a_message(ana)
        assert (answer["type"], answer["code"], answer["client_id"]) == ("refused", "too_fast", client_id)
        await asyncio.sleep(1.1)
        assert (await ana.say(MESSAGE))["state"] == "done"


async def twenty_and_a_message(talker: Talker) -> tuple[str, Frame]:
    """After a pause; the message's id and what becomes of it. The twenty cost the house nothing to take in."""
    await asyncio.sleep(1.1)
    for _ in range(20):
        await talker.tell(type="ack", received=0)
    client_id = await talker.send(MESSAGE)
    return client_id, await talker.until(lambda frame: frame["type"] in {"accepted", "refused"})


async def test_whoever_goes_on_too_fast_is_shown_out(house: House) -> None:
    async with talking(house, "ana", house.fresh()) as ana:
        heard = asyncio.create_task(ana.until_closed())
        with contextlib.suppress(ConnectionClosed):
            for _ in range(300):
                await ana.tell(type="ack", received=0)
        assert await heard == 4400


@pytest.mark.parametrize("size", [1_000_001, 60_000_000])
@pytest.mark.parametrize("announced", [True, False])
def test_a_body_beyond_a_megabyte_is_refused(house: House, size: int, announced: bool) -> None:
    before = house.rss_bytes
    pieces = (b"a" * 50_000 for _ in range(size // 50_000 + 1))
    headers = {"Content-Length": str(len(range(size // 50_000 + 1)) * 50_000)} if announced else {}
    request = urllib.request.Request(f"{house.url}/sign-in/", pieces, headers, method="POST")
    try:
        with pytest.raises((urllib.error.HTTPError, ConnectionError, urllib.error.URLError)) as refused:
            urllib.request.urlopen(request, timeout=PATIENCE_S)
        if isinstance(refused.value, urllib.error.HTTPError):
            with refused.value as answer:
                assert answer.code == 413
        else:
            assert size > 1_000_001
    finally:
        grown = house.rss_bytes - before
    assert grown < 20_000_000, grown


async def test_sockets_leave_nothing_behind(house: House, ollama: ScriptedOllama) -> None:
    """Fifty that come and go, half of them without a word: what they held is free again."""
    talk, before = house.fresh("emil"), house.open_files()
    for _ in range(5):
        async with contextlib.AsyncExitStack() as sockets:
            talkers = [await sockets.enter_async_context(talking(house, "emil", talk)) for _ in range(10)]
            for talker in talkers[::2]:
                talker.socket.transport.abort()
    await until(lambda: house.open_files() <= before + 4)
    async with talking(house, "emil", talk) as emil:
        assert (await emil.say(MESSAGE))["state"] == "done"


def test_no_header_moves_the_house(house: House) -> None:
    """Daphne would put it before every address that is built, from the sign-in to the link in a letter."""
    for header in ("Daphne-Root-Path", "daphne-root-path", "X-Forwarded-Host", "X-Script-Name"):
        request = urllib.request.Request(f"{house.url}/sign-in/", headers={header: "/evil.example"})
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            assert b"evil" not in answer.read()
            assert "evil" not in answer.url


async def test_a_request_that_is_given_up_leaves_nothing_half_done(house: House, ollama: ScriptedOllama) -> None:
    """The browser leaves while its message is being stored: either nothing came of it, or a whole reply."""
    talks = [house.fresh("ben") for _ in range(4)] + [house.fresh("emil") for _ in range(4)]
    for number, talk in enumerate(talks):
        command = {"type": "send", "conversation": talk, "client_id": str(uuid4()), "text": MESSAGE}
        body, token = json.dumps(command).encode(), "t" * 32
        head = (
            f"POST /talk/commands/ HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nOrigin: {house.url}\r\n"
            f"Cookie: {house.cookie('ben' if number < 4 else 'emil')}; csrftoken={token}\r\nX-CSRFToken: {token}\r\n"
            f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        with socket.create_connection(("127.0.0.1", house.port)) as plain:
            plain.sendall(head.encode() + body)
            await asyncio.sleep(0.004 * number)
    asked = "select count(*) from conversations_turn t join conversations_reply r on r.turn_id = t.id "
    await until_settled(house)
    half = house.rows(f"{asked} where t.client_id is not null and r.state not in ('done', 'stopped')")
    assert half[0][0] == house.rows(f"{asked} where r.state in ('failed', 'interrupted')")[0][0]
    async with talking(house, "ben", talks[0]) as ben:
        assert (await ben.say(MESSAGE))["state"] == "done"


async def until_settled(house: House) -> None:
    """Until no reply is open and no new one has come for a while: a message may still be on its way in."""
    looked, quiet_since = -1, 0.0

    def settled() -> bool:
        nonlocal looked, quiet_since
        turns = house.rows("select count(*) from conversations_turn")[0][0]
        if house.open_replies() or turns != looked:
            looked, quiet_since = turns, time.monotonic()
        return time.monotonic() - quiet_since > 0.5

    await until(settled)


async def test_both_doors_say_the_same(house: House, ollama: ScriptedOllama) -> None:
    """Without any socket: a message sent and heard by asking again and again."""
    ollama.script(Say(["La ", "mandarina ", "es dulce."], delay_s=0.1), once=True)
    talk, client_id = house.fresh(), str(uuid4())

    def ask(**command: Any) -> list[dict]:
        status, frames = post_command(house, "ana", conversation=talk, **command)
        assert status == 200
        return frames

    accepted = ask(type="send", client_id=client_id, text=MESSAGE)
    assert accepted[0]["client_id"] == client_id
    seen: list[str] = []
    while True:
        turn = [frame for frame in ask(type="subscribe", after=1) if frame["type"] == "turn"][-1]
        seen.append(turn["reply"]["text"])
        if turn["reply"]["state"] == "done":
            break
        await asyncio.sleep(0.05)
    assert seen[-1] == "La mandarina es dulce."
    assert all(seen[-1].startswith(text) for text in seen)


async def test_whoever_reads_late_gets_every_frame_whole(house: House, ollama: ScriptedOllama) -> None:
    """Its system takes little at a time: what did not fit at once comes after it, in order."""
    talk = await long_talk(house, ollama, "ana", turns=2)
    with deaf_socket(house, "ana") as late:
        late.sendall(masked(json.dumps({"type": "subscribe", "conversation": talk}).encode()))
        await asyncio.sleep(0.1)
        frames = await asyncio.to_thread(lambda: list(heard_by(late)))
    assert [frame["type"] for frame in frames] == ["turn"] * 3 + ["goals", "subscribed"]
    assert [len(frame["text"]) for frame in frames[1:3]] == [len("zanahoria " * 700)] * 2


def heard_by(plain: socket.socket) -> Iterator[dict[str, Any]]:
    """The frames that come until all that was missing has been said."""
    plain.settimeout(PATIENCE_S)
    with plain.makefile("rb") as stream:
        while stream.readline().strip():  # the rest of the answer's head
            pass
        said: dict[str, Any] = {}
        while said.get("type") != "subscribed":
            first, size = stream.read(2)
            assert first == 0x81
            if size == 126:
                (size,) = struct.unpack(">H", stream.read(2))
            elif size == 127:
                (size,) = struct.unpack(">Q", stream.read(8))
            said = json.loads(stream.read(size))
            yield said
