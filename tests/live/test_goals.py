"""Goals tick off while one talks, over the real socket of a real server process."""

from __future__ import annotations

from tests.live.house import House
from tests.live.talking import talking
from tutor.ollama.testing import ScriptedOllama


async def test_goals_are_told_as_they_are_met_and_again_to_who_comes_back(house: House, ollama: ScriptedOllama) -> None:
    market = house.fresh(like=2)
    ollama.say('{"reply": "')
    async with talking(house, "ana", market) as ana:
        assert ana.heard("goals")[-1]["met"] == []
        await ana.send("Quiero dos kilos de manzanas.")
        told = await ana.until(lambda frame: frame["type"] == "goals" and bool(frame["met"]))
        assert told == {
            "type": "goals", "conversation": market, "met": ["ask_for", "quantity"], "stage": "open", "asked": False,
        }  # fmt: skip
    async with talking(house, "ana", market) as again:
        assert again.heard("goals")[-1]["met"] == ["ask_for", "quantity"]


async def test_the_last_line_ends_the_talk(house: House) -> None:
    market = house.fresh(like=2)
    async with talking(house, "ana", market) as ana:
        await ana.send("Adiós, hasta mañana.")
        told = await ana.until(lambda frame: frame["type"] == "goals" and frame["stage"] == "over")
        assert told["met"] == []


async def test_a_free_talk_without_goals_tells_of_none_while_it_goes_on(house: House, ollama: ScriptedOllama) -> None:
    ollama.say("Muy bien.")
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.say("Tengo un perro.")
        assert [frame["met"] for frame in ana.heard("goals")] == [[]]
        await ana.send("¿Ya terminamos? ¿Cómo lo hice?")
        await ana.until(lambda frame: frame["type"] == "goals" and frame["asked"])
