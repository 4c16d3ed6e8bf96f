"""Reports of talks over the real socket of a real server process: made at the end, made anew, kept, erased."""

from __future__ import annotations

import json
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest

from tests.live.house import House, running
from tests.live.talking import talking
from tests.patience import until
from tutor.ollama.testing import Reply, Say, ScriptedOllama

WELL = {
    "well": [{"quote": "un gato muy negro", "why": "“Negro” agrees with “gato”."}, {"quote": "dos perros", "why": "x"}]
}


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        yield server


def reports(house: House) -> list[tuple[str, dict[str, Any]]]:
    rows = house.rows("select state, body from conversations_talkreport order by id")
    return [(state, json.loads(body)) for state, body in rows]


def page(house: House, conversation: str, person: str = "ana", room: str = "talk") -> str:
    tail = "report/" if room == "talk" else ""
    address = f"{house.url}/{room}/{conversation}/{tail}"
    request = urllib.request.Request(address, headers={"Cookie": house.cookie(person)})
    with urllib.request.urlopen(request, timeout=60) as answer:
        return str(answer.read().decode())


async def test_the_end_of_a_guided_talk_makes_the_report_with_its_corrections() -> None:
    with running(POLYGLOTT_CORRECTIONS="rules", POLYGLOTT_ENGINE="off") as house:
        market = house.fresh(like=2)
        async with talking(house, "ana", market) as ana:
            await ana.say("Yo tiene prisa. Adiós, hasta mañana.")
            await until(lambda: bool(reports(house)))
        [(state, body)] = reports(house)
        assert (state, [(one["old"], one["new"]) for one in body["to_work_on"]]) == ("done", [("tiene", "tengo")])
        shown = page(house, market)
        assert "Yo <del>tiene</del>" in shown
        assert len(reports(house)) == 1
        assert "Yo <del>tiene</del>" in page(house, market, "clara", "review")


async def test_a_talk_that_goes_on_is_looked_back_at_anew(ollama: ScriptedOllama) -> None:
    with running(ollama.base_url, POLYGLOTT_REPORTS="code") as house:
        talk = house.fresh()
        assert "Nothing has been said" in page(house, talk)
        async with talking(house, "ana", talk) as ana:
            await ana.say("Tengo un gato porque me gustan los animales.")
        assert "You gave a reason" in page(house, talk)
        assert "You gave a reason" in page(house, talk)
        async with talking(house, "ana", talk) as ana:
            await ana.say("¿Tienes tú un perro?")
        assert "You asked a question" in page(house, talk)
        assert [body["messages"] for _, body in reports(house)] == [2]
        assert not [chat for chat in ollama.chats if chat.body.get("format")]


async def test_a_bigger_model_adds_what_can_be_found(ollama: ScriptedOllama) -> None:
    ollama.script(lambda body: Say([json.dumps(WELL) if body.get("format") else "¡Qué bien!"]))
    with running(ollama.base_url, POLYGLOTT_REPORTS="model") as house:
        talk = house.fresh()
        async with talking(house, "ana", talk) as ana:
            await ana.say("En casa hay un gato muy negro.")
        page(house, talk)
        await until(lambda: reports(house)[0][0] == "done")
        shown = page(house, talk)
        assert "un gato muy negro" in shown
        assert "the model's words" in shown
        assert "dos perros" not in shown
        asked = [chat.body for chat in ollama.chats if chat.body.get("format")]
        assert len(asked) == 1
        model, prompt = house.rows("select model, prompt_version from conversations_talkreport")[0]
        assert (bool(model), prompt) == (True, "report-1")


async def test_what_a_restart_cut_off_is_made_again(ollama: ScriptedOllama) -> None:
    ollama.script(lambda body: Reply(opening="hang") if body.get("format") else Say(["¡Qué bien!"]))
    with running(ollama.base_url, POLYGLOTT_REPORTS="model") as house:
        talk = house.fresh()
        async with talking(house, "ana", talk) as ana:
            await ana.say("En casa hay un gato muy negro.")
        page(house, talk)
        await until(lambda: any(chat.body.get("format") for chat in ollama.chats))
        house.kill()
        ollama.script(lambda body: Say([json.dumps(WELL) if body.get("format") else "¡Qué bien!"]))
        house.start()
        assert reports(house)[0][0] == "interrupted"
        page(house, talk)
        await until(lambda: reports(house)[0][0] == "done")
        assert len(reports(house)[0][1]["praise"]) == 1


async def test_a_deleted_talk_takes_its_report_along(ollama: ScriptedOllama) -> None:
    with running(ollama.base_url, POLYGLOTT_REPORTS="code", POLYGLOTT_UNDO_S="0") as house:
        talk = house.fresh()
        async with talking(house, "ana", talk) as ana:
            await ana.say("Tengo un gato porque me gustan los animales.")
        page(house, talk)
        house.write(
            "update conversations_conversation set deleted = '2020-01-01 00:00:00' where public_id = ?",
            talk.replace("-", ""),
        )
        await until(lambda: reports(house) == [])
