"""What becomes of a correction under way when the server ends, when its talk goes, and when a preset is changed."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from tests.live.correcting import WRONG, card_of, changes
from tests.live.doubting import doubting
from tests.live.house import House, running
from tests.live.talking import post, talking
from tests.patience import PATIENCE_S, until
from tests.prompted import Prompted
from tutor.ollama.testing import Model, ScriptedOllama

RIGHTS = ["tengo", "las"]
_STATES = "select state, error_code from conversations_card"


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        server.models.append(Model("qwen2.5:14b"))
        yield server


@pytest.fixture
def house(ollama: ScriptedOllama) -> Iterator[House]:
    with running(ollama.base_url, POLYGLOTT_CORRECTIONS="model") as house:
        house.write("update conversations_conversation set level = 'A2'")
        yield house


@asynccontextmanager
async def under_way(house: House, ollama: ScriptedOllama) -> AsyncIterator[str]:
    """A talk in which one message is being corrected; from then on the model answers as it should."""
    answer, held = doubting("el", "las", 9.0), Prompted([])
    ollama.script(lambda body: held.reply if body.get("format") else answer(body))
    talk = house.fresh()
    async with talking(house, "ana", talk) as ana:
        await ana.say(WRONG)
        await until(lambda: len(ollama.chats) == 2)
        ollama.script(answer)
        yield talk
    await ollama.chats[1].wait_hung_up(PATIENCE_S)


async def corrected(house: House, talk: str) -> dict[str, Any]:
    """The talk's card once it is done, for somebody who comes now."""
    await until(lambda: house.rows(_STATES) == [("done", "")])
    async with talking(house, "ana", talk) as ana:
        card: dict[str, Any] = ana.turns[-1]["cards"][0]
        return card


@pytest.mark.parametrize("ended", [House.kill, House.stop])
async def test_a_restart_makes_it_again(house: House, ollama: ScriptedOllama, ended: Callable[[House], object]) -> None:
    async with under_way(house, ollama) as talk:
        await asyncio.to_thread(ended, house)
    await asyncio.to_thread(house.start)
    assert [change[1] for change in changes(await corrected(house, talk))] == RIGHTS


async def test_what_the_learner_did_with_a_finding_meanwhile_stays(house: House, ollama: ScriptedOllama) -> None:
    """What rules found is there while it is made again, and disputed by then."""
    async with under_way(house, ollama) as talk:
        assert await asyncio.to_thread(house.stop) == 0
    assert house.rows(_STATES) == [("interrupted", "restart")]
    ollama.script(Prompted([]).reply)
    await asyncio.to_thread(house.start)
    async with talking(house, "ana", talk) as ana:
        (card,) = ana.turns[-1]["cards"]
        assert [change[1] for change in changes(card)] == RIGHTS[:1]
        await ana.tell(type="dispute", card=card["card"], index=0)
        await ana.until(lambda frame: frame["type"] == "card" and frame["body"]["findings"][0]["disputed"])
        ollama.script(doubting("el", "las", 9.0))
        # What is being asked now hears no new script: a message of her own is in its way.
        await ana.say("¿Y tú?")
        card = await ana.until(lambda frame: frame.get("card") == card["card"] and frame["state"] == "done")
    assert [(one["answer"], one["disputed"]) for one in card["body"]["findings"]] == [("tengo", True), ("las", False)]


async def test_a_talk_that_is_deleted_takes_it_along(house: House, ollama: ScriptedOllama) -> None:
    """And brings it back when that is undone."""
    async with under_way(house, ollama) as talk:
        await asyncio.to_thread(post, house, "ana", f"/talk/{talk}/delete")
        await ollama.chats[1].wait_hung_up(PATIENCE_S)
        await until(lambda: house.rows(_STATES) == [("stopped", "")])
        assert len(ollama.chats) == 2
    await asyncio.to_thread(post, house, "ana", f"/talk/{talk}/undo")
    assert [change[1] for change in changes(await corrected(house, talk))] == RIGHTS


async def test_nothing_is_loaded_anew(house: House, ollama: ScriptedOllama) -> None:
    """A talk keeps how its preset lets it write; what its model is loaded with is the house's of now, for all."""
    older = house.fresh()
    (reply,) = house.rows("select preset_version_id from conversations_conversation limit 1")[0]
    (options,) = house.rows("select options from catalogue_presetversion where id = ?", reply)[0]
    newer = json.loads(options) | {"num_ctx": 8192, "temperature": 0.1}
    house.copy("catalogue_presetversion", reply, number=2, options=json.dumps(newer))
    ollama.script(doubting("el", "las", 9.0))
    async with talking(house, "ana", older) as ana:
        await ana.say(WRONG)
        await card_of(ana)
    asked = [chat.body["options"] for chat in ollama.chats]
    assert {one["num_ctx"] for one in asked} == {8192}
    assert [one["temperature"] for one in asked[:4]] == [0.7, 0.0, 0.0, 0.0]


async def test_the_preset_of_corrections_is_asked_with(house: House, ollama: ScriptedOllama) -> None:
    """With its options, and its model where that is here; whoever looks finds which one it was."""
    async with talking(house, "ana", house.fresh()) as ana:
        ollama.script(doubting("el", "las", 9.0))
        await ana.say(WRONG)
        await card_of(ana)
        ((first,),) = house.rows(
            "select v.id from catalogue_presetversion v join catalogue_preset p on p.id = v.preset_id "
            "where p.purpose = 'correction'"
        )
        assert house.rows("select preset_version_id from conversations_card") == [(first,)]
        options = json.dumps({"num_ctx": 2048, "num_predict": 256, "top_p": 0.4})
        second = house.copy("catalogue_presetversion", first, number=2, model="qwen2.5:14b", options=options)
        await ana.say(WRONG)
        await card_of(ana)
        house.copy("catalogue_presetversion", second, number=3, model="gone:7b")
        await ana.say(WRONG)
        await card_of(ana)
    asked = [(chat.body["model"], chat.body["options"]) for chat in ollama.chats if chat.body.get("format")]
    assert len(asked) == 9
    assert [(model, one["num_ctx"], one["top_p"]) for model, one in asked[::3]] == [
        ("qwen2.5:7b", 4096, 0.9),
        ("qwen2.5:14b", 2048, 0.4),
        ("qwen2.5:7b", 4096, 0.4),
    ]
    versions = house.rows("select preset_version_id from conversations_card order by id")
    assert versions == [(first,), (second,), (second + 1,)]
