"""A server is told to end while another program holds the database: it ends in time, and no word is lost."""

from __future__ import annotations

import asyncio
import shutil
import sqlite3
import stat
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.live.house import House, running
from tests.live.talking import talking
from tests.patience import PATIENCE_S
from tests.prompted import Prompted
from tutor.conversations.store import Ending
from tutor.live import unsaved
from tutor.ollama.testing import ScriptedOllama

MESSAGE = "Ayer comí una zanahoria."
WORDS = ["La ", "mandarina ", "es ", "dulce."]
IN_TIME_S = 10.0


@contextmanager
def locked(house: House) -> Iterator[None]:
    """Another program writes, and takes its time."""
    with closing(sqlite3.connect(house.var / "polyglott.sqlite3", timeout=PATIENCE_S)) as other:
        other.execute("begin immediate")
        yield
        other.rollback()


def files(house: House) -> list[Path]:
    return sorted(house.var.glob("unsaved-*"))


@pytest.fixture
def own_house(engine: ScriptedOllama) -> Iterator[House]:
    with running(engine.base_url) as house:
        yield house
        assert "zanahoria" not in house.logged()
        assert "mandarina" not in house.logged()


async def test_words_that_cannot_be_stored_wait_in_a_file(own_house: House, ollama: ScriptedOllama) -> None:
    house, talk, reply = own_house, own_house.fresh(), Prompted(WORDS)
    ollama.script(reply.reply, once=True)
    async with talking(house, "ana", talk) as ana:
        await ana.send(MESSAGE)
        await ana.until_text(reply.say(1))
        with locked(house):
            await ana.until_text(reply.say(2))
            told = time.monotonic()
            assert await asyncio.to_thread(house.stop) == 0
            assert time.monotonic() - told <= IN_TIME_S
            assert await ana.until_closed() == 4012
    [file] = files(house)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    kept = shutil.copy(file, house.var / "again")
    house.start()
    assert files(house) == []
    stored = house.stored(ana.last["reply"])
    assert (stored["state"], stored["error_code"], stored["text"]) == ("interrupted", "restart", reply.said)
    # Continued since: what an older file says of it is of yesterday.
    reply_id = ana.last["reply"]
    async with talking(house, "ana", talk) as ana:
        ollama.say(["y ", "redonda."])
        await ana.tell(type="resume", reply=reply_id)
        await ana.until_over()
    continued = house.stored(reply_id)
    house.stop()
    shutil.move(kept, file)
    house.start()
    assert files(house) == []
    assert house.stored(reply_id) == continued


def test_a_file_is_read_whole_or_not_at_all(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    broken = tmp_path / f"unsaved-{uuid4().hex[:12]}.json"
    broken.write_text('[[1, {"state": "done"')
    half = tmp_path / "unsaved-other.half"
    half.write_text("mandarina")
    assert unsaved.take_in(tmp_path) == 0
    assert broken.exists()
    assert not half.exists()
    assert broken.name in caplog.text


def test_its_words_are_overwritten_before_it_goes(tmp_path: Path, db: None) -> None:
    ending = Ending("done", 1, content={"seq": 3, "text": "una mandarina", "thinking": ""})
    file = unsaved.keep(tmp_path, "host:boot", [(10**9, ending)])
    beside = tmp_path / "the same file by another name"
    beside.hardlink_to(file)
    assert b"mandarina" in beside.read_bytes()
    assert unsaved.take_in(tmp_path) == 1
    assert list(tmp_path.iterdir()) == [beside]
    assert not beside.read_bytes().strip(b"\0")
