"""A talk over the real socket of a real server process, with a scripted Ollama behind it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.live.house import House, running
from tests.live.talking import talking
from tutor.ollama.testing import Say, ScriptedOllama

WORDS = ["¡Muy ", "bien! ", "¿Qué ", "comiste ", "ayer", "?"]


@pytest.fixture(scope="module")
def ollama() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        yield server


@pytest.fixture(scope="module")
def house(ollama: ScriptedOllama) -> Iterator[House]:
    with running(ollama.base_url) as house:
        yield house


async def test_words_arrive_as_they_are_written(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(WORDS, delay_s=0.1), once=True)
    async with talking(house, "ana", house.conversations["ana"][0]) as ana:
        client_id = await ana.send("Ayer comí una manzana.")
        accepted = await ana.until(lambda frame: frame["type"] == "accepted")
        assert accepted["client_id"] == client_id
        final = await ana.until_over()
        deltas = [frame for frame in ana.frames if frame["type"] == "delta"]
        assert len(deltas) >= 3
        assert (final["state"], final["text"]) == ("done", "".join(WORDS))
        assert "".join(delta["text"] for delta in deltas) == "".join(WORDS)


async def test_a_guided_talk_streams_authored_lines(house: House, ollama: ScriptedOllama) -> None:
    async with talking(house, "ana", house.conversations["ana"][2]) as ana:
        await ana.send("Buenos días, quiero manzanas.")
        final = await ana.until_over()
        assert final["state"] == "done"
        assert "{" not in final["text"]
        assert final["text"]
