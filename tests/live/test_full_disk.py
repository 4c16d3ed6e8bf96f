"""The disk is full while people write, sign in and read: each is told in a sentence, and what was held back is stored
once there is room."""

from __future__ import annotations

import asyncio
import os
import subprocess
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.cast import PASSWORD
from tests.live.house import House, running
from tests.live.talking import post, post_command, talking
from tests.patience import PATIENCE_S
from tests.prompted import Prompted
from tutor.ollama.testing import ScriptedOllama

DISK_BYTES = 24 * 1024 * 1024
WORDS = [" ".join(f"mandarina-{part}-{number}" for number in range(350)) + ". " for part in range(4)]
SENTENCE = "The disk of this server is full"


@pytest.fixture
def small_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder of its own size, for who may mount one; houses stand there from now on."""
    House()  # the template of all houses stays where it is
    try:
        subprocess.run(
            ["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs", tmp_path], check=True, capture_output=True
        )
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk can be mounted here")
    monkeypatch.setenv("POLYGLOTT_TESTS_VAR", str(tmp_path))
    yield tmp_path
    subprocess.run(["umount", "--lazy", tmp_path], check=True)


@contextmanager
def full(disk: Path) -> Iterator[None]:
    filler = disk / "filler"
    with filler.open("wb", buffering=0) as filling:
        try:
            while True:
                os.write(filling.fileno(), bytes(4096))
        except OSError:
            pass
    try:
        yield
    finally:
        filler.unlink()


def page(house: House, path: str, person: str = "") -> tuple[int, str]:
    request = urllib.request.Request(f"{house.url}{path}", headers={"Cookie": house.cookie(person)})
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refusal:
        with refusal:
            return refusal.code, refusal.read().decode()


def sign_in(house: House) -> tuple[int, str]:
    words = urllib.parse.urlencode({"login": "ben", "password": PASSWORD})
    status, body = post(house, "nobody", "/sign-in/", words.encode())
    return status, body.decode()


async def test_everybody_is_told_and_nothing_is_lost(small_disk: Path, ollama: ScriptedOllama) -> None:
    reply = Prompted(WORDS)
    ollama.script(reply.reply, once=True)
    with running(ollama.base_url) as house:
        talk = house.fresh()
        async with talking(house, "ana", talk) as ana:
            await ana.send("Ayer comí una zanahoria.")
            await ana.until_text(reply.say(1))
            with full(small_disk):
                reply.say(2)
                await ana.until(lambda frame: frame["type"] == "progress" and frame["error"] == "not_saved")
                await ana.until_text("mandarina-2-349")
                # Reading goes on.
                assert (await asyncio.to_thread(page, house, f"/talk/{talk}/", "ana"))[0] == 200
                for told in (
                    await asyncio.to_thread(sign_in, house),
                    await asyncio.to_thread(page, house, f"/review/{talk}/", "clara"),
                ):
                    assert (told[0], SENTENCE in told[1]) == (503, True)
                sent = {
                    "type": "send",
                    "conversation": house.conversations["ben"][0],
                    "client_id": str(uuid4()),
                    "text": "Hola",
                }
                status, frames = await asyncio.to_thread(post_command, house, "ben", **sent)
                assert (status, [frame["code"] for frame in frames]) == (200, ["not_saved"])
                reply.say(1)
                await ana.until_text("mandarina-3-349")
            await ana.until(lambda frame: frame["type"] == "progress" and frame["error"] == "")
            assert house.stored(ana.last["reply"])["text"] == ana.last["text"]
            reply.let_go()
            final = await ana.until_over()
            assert (final["state"], final["text"]) == ("done", "".join(WORDS))
        assert house.stored(final["reply"])["text"] == final["text"]
        assert (await asyncio.to_thread(sign_in, house))[0] == 302
        assert (await asyncio.to_thread(page, house, f"/review/{talk}/", "clara"))[0] == 200
        assert house.rows("pragma integrity_check") == [("ok",)]
        assert "mandarina" not in house.logged()
