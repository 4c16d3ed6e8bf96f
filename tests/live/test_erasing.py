"""A deleted conversation can be taken back for a while; after that its words are nowhere in the database's files."""

from __future__ import annotations

import asyncio
import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest

from tests.live.conftest import in_order
from tests.live.house import House, running
from tests.live.seed import OVER
from tests.live.talking import post, talking
from tests.patience import until
from tutor.ollama.testing import Say, ScriptedOllama


@pytest.fixture
def forgetful(ollama: ScriptedOllama) -> Iterator[House]:
    """A house in which nothing that was deleted can be taken back for long."""
    with running(ollama.base_url, POLYGLOTT_UNDO_S="1") as house, in_order(house, ollama):
        yield house


def somewhere(house: House, word: str) -> list[str]:
    """The database's files in which this word still stands, byte for byte."""
    files = [path for path in Path(house.var).glob("polyglott.sqlite3*") if path.is_file()]
    return [path.name for path in files if word.encode() in path.read_bytes()]


async def test_a_session_that_has_run_out_is_erased_with_what_was_looked_for(house: House) -> None:
    await until(lambda: not somewhere(house, OVER))
    assert somewhere(house, house.sessions["ana"])


async def test_undone_in_time(house: House, ollama: ScriptedOllama) -> None:
    talk = house.fresh()
    async with talking(house, "ana", talk) as ana:
        final = await ana.say("¿Y la zanahoria?")
    assert (await asyncio.to_thread(post, house, "ana", f"/talk/{talk}/delete"))[0] == 302
    assert (await asyncio.to_thread(post, house, "ana", f"/talk/{talk}/undo"))[0] == 302
    async with talking(house, "ana", talk) as ana:
        assert ana.last["text"] == final["text"]


async def test_erased_from_the_files(forgetful: House, ollama: ScriptedOllama) -> None:
    house = forgetful
    mine, theirs, name = (f"{word}-{uuid4().hex}" for word in ("zanahoria", "mandarina", "melocoton"))
    ollama.script(Say(["La ", theirs, *[" palabra"] * 200]))
    talk, other = house.fresh(), house.fresh()
    async with talking(house, "ana", talk) as ana, talking(house, "ana", other) as stays:
        for number in range(6):
            await ana.say(f"{mine} {number} " + "y algo más " * 300)
        await stays.say("Esto se queda.")
        await ana.tell(type="retry", reply=ana.last["reply"])
    await asyncio.to_thread(post, house, "ana", f"/talk/{talk}/rename", f"title={name}".encode())
    assert somewhere(house, mine)
    assert somewhere(house, theirs)
    assert somewhere(house, name)
    await asyncio.to_thread(post, house, "ana", f"/talk/{talk}/delete")
    ollama.script(Say(["Hecho."]))
    await until(lambda: not somewhere(house, mine) and not somewhere(house, name))
    # The other conversation was answered with the same words and stays as it was.
    public_ids = house.rows(
        "select count(*) from conversations_conversation where public_id = ?", talk.replace("-", "")
    )
    assert public_ids == [(0,)]
    async with talking(house, "ana", other) as stays:
        assert theirs in stays.last["text"]
        await asyncio.to_thread(post, house, "ana", f"/talk/{other}/delete")
    await until(lambda: not somewhere(house, theirs))
    assert post(house, "ana", f"/talk/{talk}/undo")[0] == 404


@contextmanager
def disk(folder: Path) -> Iterator[tuple[Path, Path]]:
    """A small disk of its own: its image, and the folder where it is mounted. For who may mount only."""
    image, mounted = folder / "disk.img", folder / "disk"
    mounted.mkdir()
    with image.open("wb") as made:
        made.truncate(96 * 1024 * 1024)
    try:
        subprocess.run(["mkfs.ext4", "-q", image], check=True, capture_output=True)
        subprocess.run(["mount", "-o", "loop", image, mounted], check=True, capture_output=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("no disk can be made and mounted here")
    try:
        yield image, mounted
    finally:
        subprocess.run(["umount", mounted], check=True)


async def test_erased_from_the_disk(ollama: ScriptedOllama, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not only from the files: what a file is cut by stays on the disk until something else is written there."""
    House()  # the template of all houses stays where it is
    word = f"zanahoria-{uuid4().hex}"
    with disk(tmp_path) as (image, mounted):
        monkeypatch.setenv("POLYGLOTT_TESTS_VAR", str(mounted))
        with running(ollama.base_url, POLYGLOTT_UNDO_S="1") as house:
            talk = house.fresh()
            ollama.script(Say(["La ", word, " es buena."]))
            async with talking(house, "ana", talk) as ana:
                for number in range(6):
                    await ana.say(f"{word} {number} " + "y algo más " * 300)
            os.sync()
            assert word.encode() in image.read_bytes()
            await asyncio.to_thread(post, house, "ana", f"/talk/{talk}/delete")
            await until(lambda: (house.var / "polyglott.sqlite3-wal").stat().st_size == 0)
            await until(lambda: not somewhere(house, word))
            house.stop()
            os.sync()
            assert image.read_bytes().count(word.encode()) == 0


def test_the_log_is_written_over_from_end_to_end(forgetful: House) -> None:
    forgetful.stop()
    assert not list(forgetful.var.glob("*-wal"))
    tables = forgetful.rows("select name from sqlite_master where name = 'log_filler'")
    assert tables == []
    assert forgetful.rows("pragma integrity_check") == [("ok",)]
    forgetful.start()
