"""Bad days of an engine: each ends in a state with a reason, keeps every word, and can be tried again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

import pytest

from tests.live.conftest import wait_for_engine
from tests.live.house import House
from tests.live.talking import Frame, new_conversation, post, talking
from tutor.ollama.testing import Model, Reply, Say, ScriptedOllama, faults
from tutor.ollama.testing.faults import FAULTS

MESSAGE = "Ayer comí una zanahoria."
BEGUN = ("La man", "darina ")
SAID = "".join(BEGUN)

# What becomes of a reply on each bad day: state, reason, and what is left of the words.
ENDS = {
    "close_before_headers": ("failed", "cut_off", ""),
    "reset_before_headers": ("failed", "cut_off", ""),
    "reset_mid_stream": ("interrupted", "cut_off", SAID),
    "close_mid_stream": ("interrupted", "cut_off", SAID),
    "close_delimited_cut": ("interrupted", "unfinished", SAID),
    "close_delimited_cut_in_line": ("interrupted", "cut_off", SAID),
    "malformed_line": ("interrupted", "protocol", SAID),
    "list_line": ("interrupted", "protocol", SAID),
    "error_mid_stream": ("interrupted", "out_of_memory", SAID),
    "error_object_mid_stream": ("interrupted", "engine_error", SAID),
    "error_number_mid_stream": ("interrupted", "engine_error", SAID),
    "scalar_mid_stream": ("interrupted", "engine_error", SAID),
    "model_missing": ("failed", "model_missing", ""),
    "server_error": ("failed", "out_of_memory", ""),
    "bad_gateway_page": ("failed", "engine_error", ""),
    "redirect": ("failed", "engine_error", ""),
    "endless_line": ("failed", "protocol", ""),
    "invalid_utf8": ("interrupted", "protocol", SAID),
    "no_done": ("interrupted", "unfinished", SAID),
    "empty_body": ("failed", "unfinished", ""),
    "empty_reply": ("failed", "unreadable", ""),
    "only_thinking": ("failed", "only_thought", ""),
    "wrong_content_type": ("failed", "protocol", ""),
    "gzip_bomb": ("failed", "protocol", ""),
    "huge_headers": ("failed", "protocol", ""),
}
# Odd, but replies all the same.
PROPER = {
    "bytewise": "¡Mañana! 👩‍👩‍👧 你好",
    "line_separators": "ab\u2028c\u2029d",
    "blank_lines": "Hola",
    "done_early": "Hola",
    "message_missing": "Hola",
}
# What ends because time is up: words that drip for ever, silence in the middle, an engine that is always full, silence
# from the start.
SLOW: dict[str, tuple[Callable[[], Reply], tuple[str, str]]] = {
    "drip": (lambda: faults.drip(0.1), ("interrupted", "too_long")),
    "stall_mid_stream": (faults.stall_mid_stream, ("interrupted", "stalled")),
    "busy": (faults.busy, ("failed", "engine_busy")),
    "hang_before_headers": (faults.hang_before_headers, ("failed", "slow_start")),
    "hang_before_first_token": (faults.hang_before_first_token, ("failed", "slow_start")),
}
# Tested below, each for what is special about it.
SPECIAL = {"done_false", "huge_line", "endless"}


def test_every_fault_has_a_test() -> None:
    assert set(FAULTS) == ENDS.keys() | PROPER.keys() | SPECIAL | SLOW.keys()


def scripted(fault: str) -> Reply:
    make = FAULTS[fault]
    takes_pieces = "pieces" in make.__code__.co_varnames[: make.__code__.co_argcount]
    return make(BEGUN) if takes_pieces else make()


async def say_on(house: House, ollama: ScriptedOllama, reply: Reply | Say) -> Frame:
    """Say something while the engine answers like that, and check what holds after every fault."""
    ollama.script(reply)
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
        kept = house.stored(final["reply"])
        assert (kept["state"], kept["text"], kept["error_code"]) == (final["state"], final["text"], final["error"])
        heard = "".join(frame["text"] for frame in ana.heard("delta"))
        assert final["text"].startswith(ana.turns[-1]["reply"]["text"] + heard)
        ollama.script(Say(["¡Una mandarina!"]))
        if "retry" in final["can"]:
            await ana.tell(type="retry", reply=final["reply"])
            assert (await ana.until_over())["text"] == "¡Una mandarina!"
    return final


@pytest.mark.parametrize("fault", ENDS)
async def test_a_fault_ends_the_reply_with_its_reason(house: House, ollama: ScriptedOllama, fault: str) -> None:
    final = await say_on(house, ollama, scripted(fault))
    assert (final["state"], final["error"], final["text"]) == ENDS[fault]
    assert ("resume" in final["can"]) == bool(final["text"])


@pytest.mark.parametrize("fault", PROPER)
async def test_an_odd_reply_is_a_reply(house: House, ollama: ScriptedOllama, fault: str) -> None:
    final = await say_on(house, ollama, scripted(fault))
    assert (final["state"], final["text"]) == ("done", PROPER[fault])


async def test_the_repeat_guard_leaves_an_unfinished_reply(house: House, ollama: ScriptedOllama) -> None:
    final = await say_on(house, ollama, faults.done_false())
    assert (final["state"], final["error"], final["text"]) == ("interrupted", "unfinished", "la la la")


@pytest.mark.parametrize("size", [None, 900_000])
async def test_too_many_words_are_cut_and_marked(house: House, ollama: ScriptedOllama, size: int | None) -> None:
    before = house.rss_bytes
    final = await say_on(house, ollama, faults.huge_line(size) if size else faults.endless())
    assert (final["state"], final["error"], len(final["text"])) == ("interrupted", "too_long", 32_000)
    assert house.rss_bytes - before < 50_000_000


async def test_thoughts_without_end_are_cut(house: House, ollama: ScriptedOllama) -> None:
    """Nobody sees them, but they stand in memory and in the database."""
    final = await say_on(house, ollama, Say(["Hola."], thinking=["Hm. " * 10_000] * 20))
    assert (final["state"], final["error"], final["text"]) == ("failed", "too_long", "")
    reply = final["reply"].replace("-", "")
    [(kept,)] = house.rows("select length(thinking) from conversations_reply where public_id = ?", reply)
    assert kept < 300_000


async def test_what_takes_too_long_is_given_up(hasty_house: House, ollama: ScriptedOllama) -> None:
    """All of them side by side, each for somebody else."""
    answers = {name: make() for name, (make, _) in SLOW.items()}
    ollama.script(lambda body: answers[body["messages"][-1]["content"]])
    await look_again(hasty_house)

    async def end(name: str, person: str) -> tuple[str, str]:
        talk = hasty_house.fresh()
        hasty_house.give(talk, person)
        async with talking(hasty_house, person, talk) as talker:
            final = await talker.say(name)
            return final["state"], final["error"]

    ends = await asyncio.gather(*map(end, SLOW, ("ana", "ben", "clara", "emil", "max")))
    assert dict(zip(SLOW, ends, strict=True)) == {name: wanted for name, (_, wanted) in SLOW.items()}


async def test_a_server_error_before_the_first_word_is_tried_once_more(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(faults.server_error(), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        assert (await ana.say(MESSAGE))["state"] == "done"
    assert len(ollama.chats) == 2
    ollama.script(faults.server_error())
    async with talking(house, "ana", house.fresh()) as ana:
        assert (await ana.say(MESSAGE))["error"] == "out_of_memory"
    assert len(ollama.chats) == 4


async def test_loading_is_said_while_nothing_comes(house: House, ollama: ScriptedOllama) -> None:
    ollama.loaded.clear()
    ollama.script(Reply(opening="hang"), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.send(MESSAGE)
        await ana.until(lambda frame: frame["type"] == "progress" and frame["state"] == "loading")
        ollama.loaded.append("qwen2.5:7b")
        await ana.until(
            lambda frame: frame["type"] == "progress" and frame["state"] == "running" and frame["prompt_evaluation"]
        )
        await ana.tell(type="stop", reply=ana.last["reply"])
        assert (await ana.until_over())["state"] == "stopped"


async def test_no_engine_at_all(house: House, ollama: ScriptedOllama) -> None:
    """It goes away, a talk fails plainly, it comes back, and the same message is answered."""
    read = len(house.logged())
    ollama.call(ollama.refuse())
    wait_for_engine(house, "ollama offline", read)
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
        assert (final["state"], final["error"], final["can"]) == ("failed", "offline", ["retry"])
        ollama.call(ollama.start())
        wait_for_engine(house, "ollama answers", read)
        await ana.tell(type="retry", reply=final["reply"])
        assert (await ana.until_over())["state"] == "done"


async def test_gone_between_two_probes(house: House, ollama: ScriptedOllama) -> None:
    """The picture of the engines says that it answers, and it does not."""
    read = len(house.logged())
    async with talking(house, "ana", house.fresh()) as ana:
        ollama.call(ollama.stop())
        final = await ana.say(MESSAGE)
        assert (final["state"], final["error"]) == ("failed", "offline")
    wait_for_engine(house, "ollama offline", read)
    ollama.call(ollama.start())
    wait_for_engine(house, "ollama answers", read)


async def test_another_model_takes_over_and_that_is_said(house: House, ollama: ScriptedOllama) -> None:
    ollama.models[:] = [Model("llama3.1:8b", parameter_size="8.0B")]
    async with talking(house, "ana", house.fresh()) as ana:
        await look_again(house)
        assert (await ana.say(MESSAGE))["state"] == "done"
        said = [frame for frame in ana.heard("subscribed") if frame["switched_from"]]
        assert (said[-1]["switched_from"], said[-1]["model"]) == ("qwen2.5:7b", "llama3.1:8b")
        assert said[-1]["conversation"] == ana.conversation
    ollama.models[:] = [Model("qwen2.5:7b")]
    await look_again(house)


async def test_a_small_model_never_takes_over_a_free_talk(house: House, ollama: ScriptedOllama) -> None:
    ollama.models[:] = [Model("qwen2.5:0.5b", parameter_size="494.03M")]
    await look_again(house)
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
        assert (final["state"], final["error"]) == ("failed", "model_missing")
    assert not ollama.chats
    ollama.models[:] = [Model("qwen2.5:7b")]
    await look_again(house)


async def look_again(house: House) -> None:
    """As an administrator asks for it: until the house knows what is installed now."""
    assert (await asyncio.to_thread(post, house, "ada", "/console/look-again/"))[0] == 302


async def test_the_prompt_is_taken_in_while_the_learner_thinks(house: House, ollama: ScriptedOllama) -> None:
    talk = new_conversation(house)
    async with talking(house, "ana", talk) as ana:
        assert (await ana.say(MESSAGE))["state"] == "done"
    warm, chat = (request.body for request in ollama.chats)
    assert warm["options"]["num_predict"] == 1
    assert chat["messages"][:2] == warm["messages"][:2]
