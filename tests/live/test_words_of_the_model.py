"""What a model's machinery says is no word of the tutor's: on no screen, in no row, and in nothing that goes back."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from tests.live.house import House
from tests.live.talking import Frame, Talker, talking
from tests.patience import until
from tests.prompted import Prompted
from tutor.ollama.testing import Say, ScriptedOllama

MESSAGE = "Ayer comí una zanahoria."
ENGLISH = [
    "That is nice! ",
    "Did you eat the mandarina ",
    "with your family, ",
    "or were you alone at home ",
    "that day?",
]


def thinking_of(house: House, reply: str) -> str:
    query = "select thinking from conversations_reply where public_id = ?"
    return str(house.rows(query, reply.replace("-", ""))[0][0])


def sent_back(ollama: ScriptedOllama) -> list[dict[str, str]]:
    """The messages of the newest request."""
    messages: list[dict[str, str]] = ollama.chats[-1].body["messages"]
    return messages


@pytest.mark.parametrize(
    "chunks",
    [
        ["<think>", "The learner greets.", "</think>", "\n\n¡Hola!"],
        ["<th", "ink>The learner greets.</thi", "nk>\n\n¡Hola!"],
        ["The learner greets.", "\n</think>\n\n¡Hola!"],
        [
            "<|channel|>analysis<|message|>The learner ",
            "greets.",
            "<|end|><|start|>assistant<|channel|>final<|message|>¡Hola!",
        ],
        ["[THINK]The learner greets.[/THINK]", "¡Hola!", "</s>"],
        ["<think>The learner greets.</think>¡Hola!<|im_end|>", "\n<|im_start|>user\n", "Adiós"],
        ["<think>The learner greets.</think>", "Tutor: ¡Hola!", "\n\nLearner: Adiós"],
    ],
)
async def test_machinery_is_taken_out_everywhere(house: House, ollama: ScriptedOllama, chunks: Sequence[str]) -> None:
    ollama.script(Say(chunks), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
        assert (final["state"], final["error"], final["text"]) == ("done", "", "¡Hola!")
        assert ana.last["text"] == "¡Hola!"
        assert house.stored(final["reply"])["text"] == "¡Hola!"
        assert thinking_of(house, final["reply"]).strip() == "The learner greets."
        await ana.say("¿Y tú?")
    assert sent_back(ollama)[-2] == {"role": "assistant", "content": "¡Hola!"}
    assert "greets" not in str(sent_back(ollama))


async def test_thinking_that_was_shown_is_taken_back_by_a_new_epoch(house: House, ollama: ScriptedOllama) -> None:
    reply = Prompted(["The learner ", "greets.", "\n</think>\n\n¡Hola! ", "¿Una mandarina?"])
    ollama.script(reply.reply, once=True)
    talk = house.fresh()
    async with talking(house, "ana", talk) as ana:
        await ana.send(MESSAGE)
        reply.say(2)
        await ana.until_text("The learner greets.")
        assert ana.last["epoch"] == 1
        reply.say()
        await ana.until(lambda frame: frame["type"] == "turn" and frame["reply"]["epoch"] == 2)
        assert ana.last["text"] == "¡Hola! "
        async with talking(house, "ana", talk) as late:
            assert (late.last["epoch"], late.last["text"]) == (2, "¡Hola! ")
        reply.let_go()
        final = await ana.until_over()
    assert final["text"] == "¡Hola! ¿Una mandarina?"
    stored = house.stored(final["reply"])
    assert (stored["text"], stored["epoch"], stored["earlier_texts"]) == (final["text"], 2, "[]")


async def test_honest_words_about_a_tag_stay(house: House, ollama: ScriptedOllama) -> None:
    said = "La etiqueta `<think>` no es de HTML, y </think> tampoco. ¿Una mandarina?"
    ollama.script(Say([said]), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        assert (await ana.say("La zanahoria dice <think>."))["text"] == said
        await ana.say("Ya.")
    assert [one["content"] for one in sent_back(ollama)[-3:-1]] == ["La zanahoria dice <think>.", said]


async def test_a_model_that_only_thought_has_not_answered(house: House, ollama: ScriptedOllama) -> None:
    """Not even when it was given more room."""
    ollama.script(Say(["<think>Hm, a mandarina."], done_reason="length"))
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
    assert (final["state"], final["error"], final["text"]) == ("failed", "only_thought", "")
    assert len(ollama.chats) == 2


async def test_a_reply_at_its_limit_is_cut_at_a_sentence_and_goes_on(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(["¡Qué bien! Ayer compré una mandarina y un kilo de nar"], done_reason="length"), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
        assert (final["state"], final["error"], final["text"]) == ("done", "length", "¡Qué bien!")
        assert {"resume", "retry"} <= set(final["can"])
        ollama.script(Say([" Ayer compré una mandarina."]), once=True)
        await ana.tell(type="resume", reply=final["reply"])
        whole = await ana.until_over()
        assert (whole["state"], whole["error"]) == ("done", "")
        assert whole["text"] == "¡Qué bien! Ayer compré una mandarina."
    assert sent_back(ollama)[-1] == {"role": "assistant", "content": "¡Qué bien!"}


async def test_a_limit_within_the_only_sentence_cuts_at_a_word(house: House, ollama: ScriptedOllama) -> None:
    said = "Ayer fui al mercado y compré manzanas, peras y un kilo de nar"
    ollama.script(Say([said], done_reason="length"), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
        assert (final["state"], final["error"], final["text"]) == ("done", "length", said.removesuffix(" nar"))
        await ana.say("¿Y qué más?")
    assert sent_back(ollama)[-2]["content"] == said.removesuffix(" nar")


async def test_a_model_that_goes_round_in_circles_is_stopped(house: House, ollama: ScriptedOllama) -> None:
    reply = Prompted(["Me ", "gusta ", "mucho ", "la ", "mandarina ", "fresca. "] * 40)
    ollama.script(reply.reply, once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.send(MESSAGE)
        reply.say(100)
        final = await ana.until_over()
        assert (final["state"], final["error"]) == ("done", "repetition")
        assert final["text"] == "Me gusta mucho la mandarina fresca."
        assert "retry" in final["can"]
        await ana.say("¿Y tú?")
    assert sent_back(ollama)[-2]["content"] == "Me gusta mucho la mandarina fresca."


async def test_another_language_is_asked_for_once_more(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(ENGLISH), once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        ollama.script(lambda body: Say(["¡Qué bien! ¿Comiste también una mandarina?"]) if _insists(body) else None)
        final = await ana.say(MESSAGE)
        assert (final["state"], final["error"]) == ("done", "")
        assert final["text"] == "¡Qué bien! ¿Comiste también una mandarina?"
        assert final["epoch"] == 2
    first, second = ollama.chats[-2:]
    assert second.body["messages"][:-1] == first.body["messages"][:-1]
    assert "English" not in house.stored(final["reply"])["text"]


async def test_a_model_that_goes_on_in_another_language_is_marked(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(ENGLISH))
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say(MESSAGE)
    assert (final["state"], final["error"], final["text"]) == ("done", "wrong_language", "".join(ENGLISH))
    assert len(ollama.chats) == 2


async def test_who_asks_for_the_own_language_gets_it(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(Say(ENGLISH))
    async with talking(house, "ana", house.fresh()) as ana:
        final = await ana.say("Explain zanahoria in English, please.")
    assert (final["state"], final["error"], final["text"]) == ("done", "", "".join(ENGLISH))
    assert len(ollama.chats) == 1


@pytest.mark.parametrize(
    ("begun", "continued", "whole"),
    [
        ("¡T", Say(["¡Tengo", " una mandarina."]), "¡Tengo una mandarina."),
        ("¡T", Say(["¡T", "engo", " una mandarina."]), "¡Tengo una mandarina."),
        ("¡T", Say(["engo", " una mandarina."]), "¡Tengo una mandarina."),
        ("¡L", "chat_prefill_echo_short_stream", "¡Lárgos gatos!"),
        (
            "Los gatos son animales muy independientes y",
            "chat_prefill_echo_stream",
            "Los gatos son animales muy independientes y inteligentes.",
        ),
        (
            "Los gatos son animales muy independientes y",
            "chat_prefill_no_echo_stream",
            "Los gatos son animales muy independientes y inteligentes.",
        ),
    ],
)
async def test_an_echo_is_left_out_after_continue(
    house: House, ollama: ScriptedOllama, begun: str, continued: Say | str, whole: str
) -> None:
    reply = Prompted([begun, " y más"])
    ollama.script(reply.reply, once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.send(MESSAGE)
        reply.say()
        await ana.until_text(begun)
        await _stop(ana)
        if isinstance(continued, str):
            ollama.replay(continued)
        else:
            ollama.script(continued, once=True)
        await ana.tell(type="resume", reply=ana.last["reply"])
        final = await ana.until_over()
    assert (final["state"], final["text"]) == ("done", whole)


async def test_requests_take_turns_as_strict_templates_want_it(house: House, ollama: ScriptedOllama) -> None:
    async with talking(house, "ana", house.fresh()) as ana:
        ollama.script(Say([]), once=True)
        assert (await ana.say("Mi zanahoria uno."))["state"] == "failed"
        await ana.say("Mi zanahoria dos.")
    roles = [message["role"] for message in sent_back(ollama)]
    assert roles == ["system", "user", "assistant", "user"]
    assert sent_back(ollama)[-1]["content"] == "Mi zanahoria uno.\n\nMi zanahoria dos."


async def test_a_message_that_no_model_can_take_whole_is_given_back(house: House, ollama: ScriptedOllama) -> None:
    async with talking(house, "ana", house.fresh()) as ana:
        turns = len(ana.turns)
        client_id = await ana.send("zanahoria " + "моя морковь " * 650)
        refused = await ana.until(lambda frame: frame["type"] == "refused")
        assert (refused["code"], refused["client_id"]) == ("message_too_long", client_id)
        assert "two parts" in refused["message"]
        assert len(ana.turns) == turns
    assert not ollama.chats


async def _stop(talker: Talker) -> Frame:
    await talker.tell(type="stop", reply=talker.last["reply"])
    return await talker.until(lambda frame: frame["type"] == "reply" and frame["state"] == "stopped")


def _insists(body: dict[str, list[dict[str, str]]]) -> bool:
    return "not in Spanish" in body["messages"][-1]["content"]


async def test_a_checkpoint_keeps_the_newest_epoch(house: House, ollama: ScriptedOllama) -> None:
    reply = Prompted(["The learner greets.", "</think>\n\n¡Una mandarina! ", "¿Sí?"])
    ollama.script(reply.reply, once=True)
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.send(MESSAGE)
        reply.say(2)
        await ana.until(lambda frame: frame["type"] == "turn" and frame["reply"]["epoch"] == 2)
        number = ana.last["reply"]
        await until(lambda: house.stored(number)["text"] == "¡Una mandarina! ")
        assert house.stored(number)["epoch"] == 2
        reply.let_go()
        await ana.until_over()
