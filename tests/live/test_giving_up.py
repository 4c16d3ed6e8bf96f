"""What is not waited for for ever: in a house where minutes are seconds."""

from __future__ import annotations

import asyncio
import contextlib
import json
import socket
import struct

import pytest
from websockets.exceptions import ConnectionClosed

from tests.live.house import House
from tests.live.talking import talking
from tests.patience import until
from tutor.ollama.testing import Say, ScriptedOllama, faults

MESSAGE = "Ayer comí una zanahoria."
BEGUN = ("La man", "darina ")


@pytest.fixture
def house(hasty_house: House) -> House:
    return hasty_house


async def test_after_a_silence_the_words_are_kept_and_gone_on_with(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(faults.stall_mid_stream(BEGUN), once=True)
    ollama.script(Say(["¡Una mandarina!"]))
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
        assert (final["state"], final["error"], final["text"]) == ("interrupted", "stalled", "".join(BEGUN))
        assert final["can"][:3] == ["copy", "resume", "retry"]
        assert house.stored(final["reply"])["text"] == final["text"]
        await ana.tell(type="retry", reply=final["reply"])
        assert (await ana.until_over())["text"] == "¡Una mandarina!"


async def test_busy_is_waited_for_in_the_queue(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(faults.busy())
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.send(MESSAGE)
        await ana.until_position(1)
        ollama.script(Say(["¡Una mandarina!"]))
        final = await ana.until_over()
        assert (final["state"], final["text"]) == ("done", "¡Una mandarina!")
        assert len(ollama.chats) >= 2


async def test_a_silent_socket_is_looked_at_now_and_then(house: House, ollama: ScriptedOllama) -> None:
    """Even while words keep coming: a minute (here 1.8 s) after its session is gone, it is closed."""
    ollama.script(faults.drip(0.1), once=True)
    session, talk = house.another_session("ana"), house.fresh()
    async with talking(house, "ana", talk) as elsewhere, talking(house, session, talk) as ana:
        await ana.send(MESSAGE)
        await ana.until(lambda frame: frame["type"] == "delta")
        house.write("delete from django_session where session_key = ?", session)
        assert await ana.until_closed() == 4401
        assert house.open_replies() == 1
        await elsewhere.tell(type="stop", reply=ana.last["reply"])
        assert (await elsewhere.until_over())["state"] == "stopped"


async def long_talk(house: House, ollama: ScriptedOllama, person: str, turns: int = 4) -> str:
    """One whose last four turns, sent once, are more than a page may leave unread."""
    ollama.script(Say(["".join(f"mandarina {number} " for number in range(2_000))]))
    talk = house.fresh()
    house.give(talk, person)
    async with talking(house, person, talk) as talker:
        for _ in range(turns):
            assert (await talker.say("zanahoria " * 700))["state"] == "done"
    return talk


async def test_a_page_that_takes_nothing_in_is_left_behind(house: House, ollama: ScriptedOllama) -> None:
    """It reads, but never says so: a quarter of a megabyte is sent, then nothing, then 4408. The talk goes on."""
    talk = await long_talk(house, ollama, "ana")
    async with talking(house, "ana", talk, subscribe=False) as lazy:
        lazy.acknowledged = 1 << 40
        with contextlib.suppress(ConnectionClosed):
            for _ in range(4):
                await lazy.tell(type="subscribe", conversation=talk)
                await asyncio.sleep(0.1)
        assert await lazy.until_closed() == 4408
        assert 256 * 1024 < lazy.received < 1_500_000
    ollama.script(Say(["mandarina"]))
    async with talking(house, "ana", talk, subscribe=False) as ana:
        await ana.subscribe(after=4)
        assert (await ana.say(MESSAGE))["text"] == "mandarina"


async def test_a_page_that_reads_nothing_costs_little(house: House, ollama: ScriptedOllama) -> None:
    talk = await long_talk(house, ollama, "ben")
    before = house.rss_bytes
    with deaf_socket(house, "ben") as deaf:
        for _ in range(60):
            try:
                deaf.sendall(masked(json.dumps({"type": "subscribe", "conversation": talk}).encode()))
            except OSError:
                break
            await asyncio.sleep(0.06)
        assert house.rss_bytes - before < 20_000_000
        await until(lambda: is_closed(deaf))


def deaf_socket(house: House, person: str) -> socket.socket:
    """A websocket of our own making, which never reads: its buffers are as small as the system lets them be."""
    plain = socket.socket()
    plain.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    plain.connect(("127.0.0.1", house.port))
    head = (
        f"GET /ws/talk HTTP/1.1\r\nHost: 127.0.0.1:{house.port}\r\nOrigin: {house.url}\r\n"
        f"Cookie: {house.cookie(person)}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    plain.sendall(head.encode())
    assert plain.recv(12) == b"HTTP/1.1 101"
    return plain


def masked(text: bytes) -> bytes:
    """A frame as browsers send it: one whose size is spelt longer than it must be ends the connection."""
    size = bytes([0x80 | len(text)]) if len(text) < 126 else bytes([0x80 | 126]) + struct.pack(">H", len(text))
    return b"\x81" + size + b"\0\0\0\0" + text


def is_closed(plain: socket.socket) -> bool:
    """Whether the server has let go of the connection (everything it said is read away first)."""
    try:
        plain.sendall(b"\x89\x80\0\0\0\0")
        plain.setblocking(False)
        while True:
            if not plain.recv(65_536):
                return True
    except BlockingIOError:
        return False
    except OSError:
        return True
