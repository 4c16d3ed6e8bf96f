"""Models differ: one thinks unless told not to, one cannot leave it, one has two names, and each fails in its way."""

from __future__ import annotations

import urllib.request
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from tests.live.house import House
from tests.live.talking import talking
from tests.live.test_faults import look_again
from tests.patience import PATIENCE_S
from tutor.ollama.testing import Model, Reply, Say, ScriptedOllama
from tutor.ollama.testing.wire import CHAT, error_reply, line

MESSAGE = "Ayer comí una zanahoria."
THINKS = ("completion", "tools", "thinking")


@pytest.fixture(autouse=True)
async def _as_it_was(house: House, ollama: ScriptedOllama) -> AsyncIterator[None]:
    """Whatever a test has installed, the next one finds the usual model, and the house knows it."""
    yield
    if [model.name for model in ollama.models] != ["qwen2.5:7b"] or ollama.models[0].capabilities == THINKS:
        await install(house, ollama, Model("qwen2.5:7b"))


async def install(house: House, ollama: ScriptedOllama, *models: Model) -> None:
    """These models and no others, as the house knows by now."""
    ollama.models[:] = models
    await look_again(house)


async def test_a_model_that_thinks_is_told_not_to(house: House, ollama: ScriptedOllama) -> None:
    def answer(body: Mapping[str, Any]) -> Say:
        if body.get("think") is False:
            return Say(["¡Hola! ¿Una mandarina?"])
        return Say([], thinking=["Hm. "] * 200, done_reason="length")

    await install(house, ollama, Model("qwen2.5:7b", capabilities=THINKS, digest="7" * 64))
    ollama.script(answer)
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
    assert (final["state"], final["text"]) == ("done", "¡Hola! ¿Una mandarina?")
    assert [chat.body["think"] for chat in ollama.chats] == [False]


async def test_a_model_that_does_not_think_is_not_asked_about_it(house: House, ollama: ScriptedOllama) -> None:
    await install(house, ollama, Model("qwen2.5:7b"))
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.say(MESSAGE)
    assert "think" not in ollama.chats[-1].body


async def test_a_model_that_knows_levels_only_gets_the_least_and_room_for_it(
    house: House, ollama: ScriptedOllama
) -> None:
    await install(house, ollama, Model("tutor:latest", family="gptoss", parameter_size="20.9B", capabilities=THINKS))
    ollama.script(Say(["¡Hola! ¿Una mandarina?"], thinking=["The learner greets."]))
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
    body = ollama.chats[-1].body
    assert (final["state"], final["text"]) == ("done", "¡Hola! ¿Una mandarina?")
    assert (body["think"], body["options"]["num_predict"]) == ("low", 256 + 1024)


async def test_a_server_that_refuses_the_question_is_asked_without_it(house: House, ollama: ScriptedOllama) -> None:
    def answer(body: Mapping[str, Any]) -> Say | Reply:
        if "think" in body:
            return error_reply('"qwen2.5:7b" does not support thinking', 400)
        return Say(["¡Hola! ¿Una mandarina?"])

    await install(house, ollama, Model("qwen2.5:7b", capabilities=THINKS, digest="7" * 64))
    ollama.script(answer)
    async with talking(house, "ana", house.fresh()) as ana:
        assert (await ana.say(MESSAGE))["state"] == "done"
    assert ["think" in chat.body for chat in ollama.chats] == [True, False]


async def test_a_model_that_thinks_all_the_same_gets_room_once(house: House, ollama: ScriptedOllama) -> None:
    def answer(body: Mapping[str, Any]) -> Say:
        if body["options"]["num_predict"] > 1_000:
            return Say(["<think>", "Hm. " * 50, "</think>", "¡Hola! ¿Una mandarina?"])
        return Say(["<think>", "Hm. " * 50], done_reason="length")

    ollama.script(answer)
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
    assert (final["state"], final["text"]) == ("done", "¡Hola! ¿Una mandarina?")
    assert len(ollama.chats) == 2


FAULTS = {
    "model_crashed": "an error was encountered while running the model: unexpected EOF",
    "out_of_memory": "model requires more system memory (5.6 GiB) than is available (3.1 GiB)",
    "cannot_load": "unable to load model: /usr/share/ollama/models/blobs/sha256-1234",
    "engine_error": "something that nobody has heard of",
}


@pytest.mark.parametrize("code", FAULTS)
async def test_faults_are_told_apart_and_the_engines_words_are_kept_for_administrators(
    house: House, ollama: ScriptedOllama, code: str
) -> None:
    ollama.script(error_reply(FAULTS[code], 500))
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
    assert (final["state"], final["error"]) == ("failed", code)
    page = faults_page(house, "ada", final["reply"])
    assert FAULTS[code] in page
    assert final["reply"] in page
    assert "zanahoria" not in page


async def test_a_killed_model_keeps_the_words_so_far(house: House, ollama: ScriptedOllama) -> None:
    died = b'{"error":"an error was encountered while running the model: unexpected EOF"}\n'
    ollama.script(Reply([line("Una mandarina", path=CHAT), died], headers={"Content-Type": "application/x-ndjson"}))
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
    assert (final["state"], final["error"], final["text"]) == ("interrupted", "model_crashed", "Una mandarina")


async def test_a_refusal_is_one(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(error_reply("top_k must be positive", 400))
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
    assert (final["state"], final["error"]) == ("failed", "refused")


async def test_a_file_with_two_names_is_loaded_under_either(house: House, ollama: ScriptedOllama) -> None:
    """The engine names another one as loaded, with the same digest: it reads, and is not being loaded."""
    own, other = Model("qwen2.5:7b", digest="5" * 64), Model("tutor:latest", digest="5" * 64)
    await install(house, ollama, own, other)
    ollama.script({"models": [other.ps_entry(4096)]}, path="/api/ps")
    ollama.script(Say(["¡Hola!"], first_delay_s=2.5))
    async with talking(house, "ana", house.fresh()) as ana:
        assert (await ana.say(MESSAGE))["state"] == "done"
        assert "loading" not in {frame["state"] for frame in ana.heard("progress")}


async def test_a_model_that_is_in_memory_and_reads_is_waited_for(hasty_house: House, ollama: ScriptedOllama) -> None:
    """A long prompt on a slow computer: the engine holds the model, and says nothing for longer than usual."""
    own = Model("qwen2.5:7b", digest="5" * 64)
    await install(hasty_house, ollama, own)
    ollama.script({"models": [own.ps_entry(4096)]}, path="/api/ps")
    ollama.script(Say(["¡Una mandarina!"], first_delay_s=180 * 0.03 + 1.0))
    async with talking(hasty_house, "ana", hasty_house.fresh()) as ana:
        assert (await ana.say("zanahoria " * 100))["state"] == "done"


def faults_page(house: House, person: str, reply: str) -> str:
    address = f"{house.url}/console/hosts/faults/?reply={reply}"
    request = urllib.request.Request(address, headers={"Cookie": house.cookie(person)})
    with urllib.request.urlopen(request, timeout=PATIENCE_S) as answer:
        return str(answer.read().decode())
