"""Help beside a talk, guided and free, over the real socket of a real server process."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from tests.live.house import House
from tests.live.talking import Frame, Talker, talking
from tutor.dialogue.shared_lines import shared_lines
from tutor.ollama.testing import Say, ScriptedOllama

SMALL_TALK = "¡Qué bonito! ¿Y qué más?"


def answering(**texts: str) -> Callable[[Mapping[str, Any]], Say]:
    """A script: small talk where it talks freely, and these texts where it is asked under a schema."""

    def answer(body: Mapping[str, Any]) -> Say:
        schema = body.get("format")
        if not schema:
            return Say([SMALL_TALK])
        wanted = {name: texts.get(name, "") for name in schema["required"]}
        return Say([json.dumps(wanted, ensure_ascii=False)])

    return answer


async def card_of(ana: Talker, kind: str) -> Frame:
    """The card of the newest turn, once it is whole."""

    def is_whole(frame: Frame) -> bool:
        return frame["type"] == "card" and frame["kind"] == kind and frame["state"] not in {"queued", "running"}

    return await ana.until(is_whole)


async def helped(ana: Talker, text: str, kind: str = "help") -> tuple[str, dict[str, Any]]:
    """What the tutor says to a message, and what stands under it; whichever comes first."""
    await ana.send(text)
    card, reply = None, None
    while card is None or reply is None:
        frame = await ana.hear()
        if frame["type"] == "card" and frame["kind"] == kind and frame["state"] not in {"queued", "running"}:
            card = frame["body"]
        if frame["type"] == "reply" and frame["state"] in {"done", "failed"}:
            reply = frame["text"]
    return reply, card


async def test_a_word_is_looked_up_under_the_message_and_the_question_stands_again(
    house: House, ollama: ScriptedOllama
) -> None:
    async with talking(house, "ana", house.fresh(like=2)) as ana:
        reply, card = await helped(ana, "what does manzana mean?")
        assert (card["source"], card["word"], card["mark"], card["meaning"]) == (
            "dictionary",
            "manzana",
            "la · f.",
            "apple",
        )
        assert reply in ana.turns[0]["reply"]["text"]
        assert ollama.chats == []
    async with talking(house, "ana", ana.conversation) as again:
        assert [one["body"] for one in again.turns[-1]["cards"]] == [card]


async def test_who_is_stuck_is_offered_three_answers_to_the_question_that_stands(house: House) -> None:
    async with talking(house, "ana", house.fresh(like=2)) as ana:
        reply, card = await helped(ana, "no entiendo nada", "answers")
        assert reply.endswith("?")
        assert (len(card["answers"]), card["source"]) == (3, "authored")
        assert "___" in card["answers"][2]
        while {frame["kind"] for frame in ana.heard("card")} != {"help", "answers"}:
            await ana.hear()


async def test_three_answers_are_suggested_to_who_asks_for_them_and_none_twice(house: House) -> None:
    async with talking(house, "ana", house.fresh(like=2)) as ana:
        opener = ana.turns[0]["reply"]["reply"]
        await ana.tell(type="suggest", reply=opener)
        first = await card_of(ana, "answers")
        await ana.tell(type="suggest", reply=opener)
        assert await card_of(ana, "answers") == first


async def test_in_free_talk_a_word_is_looked_up_without_the_model(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(answering())
    async with talking(house, "ana", house.fresh()) as ana:
        reply, card = await helped(ana, "what does perro mean?")
        assert (card["word"], card["meaning"]) == ("perro", "dog")
        assert ana.turns[0]["reply"]["text"].endswith(reply)
        assert ollama.chats == []


@pytest.mark.parametrize(
    ("message", "texts", "shown"),
    [
        ("what does huerta mean", {"text": "vegetable garden"}, {"word": "huerta", "meaning": "vegetable garden"}),
        ("how do you say wheelbarrow", {"text": "carretilla"}, {"word": "carretilla", "meaning": "wheelbarrow"}),
        (
            "no entiendo",
            {"text": "How are you?", "simpler": "¿Estás bien?"},
            {"notes": ["No problem.", "The question means: “How are you?”", "More simply: ¿Estás bien?"]},
        ),
    ],
)
async def test_what_nobody_wrote_a_big_model_makes_and_is_marked(
    house: House, ollama: ScriptedOllama, message: str, texts: dict[str, str], shown: dict[str, Any]
) -> None:
    ollama.script(answering(**texts, easy="Muy bien.", middle="Estoy bien, gracias.", gap="Estoy ___ porque es lunes."))
    async with talking(house, "ana", house.fresh()) as ana:
        reply, card = await helped(ana, message)
        assert card["source"] == "model"
        assert {name: card[name] for name in shown} == shown
        assert reply in ana.turns[0]["reply"]["text"]


async def test_a_model_that_answers_with_nothing_useful_leaves_the_honest_sentence(
    house: House, ollama: ScriptedOllama
) -> None:
    ollama.script(answering())
    async with talking(house, "ana", house.fresh()) as ana:
        _, card = await helped(ana, "what does huerta mean")
        assert card["source"] == "authored"
        assert card["notes"] == ["I can't look up “huerta” yet."]


async def test_in_free_talk_three_answers_come_from_the_model(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(answering(easy="Muy bien.", middle="Estoy bien, gracias.", gap="Estoy contento porque es lunes."))
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.tell(type="suggest", reply=ana.turns[0]["reply"]["reply"])
        card = await card_of(ana, "answers")
        assert card["body"]["source"] == "model"
        assert card["body"]["answers"] == ["Muy bien.", "Estoy bien, gracias.", "Estoy contento porque es ___."]


async def test_in_free_talk_distress_and_rudeness_never_reach_the_model(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(answering())
    async with talking(house, "ana", house.fresh()) as ana:
        await ana.say("Estoy muy triste y quiero morir.")
        assert ana.last["text"].startswith("This sounds very serious")
        await ana.say("you stupid robot")
        opener = ana.turns[0]["reply"]["text"]
        assert ana.last["text"].rpartition("¿")[2] in opener
        assert any(ana.last["text"].startswith(line) for line in shared_lines("es").calm)
        assert ollama.chats == []
        await ana.say("Perdón. Hoy fui al cine con mi hermana.")
        assert ana.last["text"] == SMALL_TALK


async def test_was_that_right_is_answered_at_once_and_the_talk_goes_on(house: House, ollama: ScriptedOllama) -> None:
    ollama.script(answering())
    async with talking(house, "ana", house.fresh()) as ana:
        reply, card = await helped(ana, "La pan es bueno en mi ciudad. was that correct?")
        assert [(one["old"], one["new"]) for one in card["changes"]] == [("La", "El")]
        assert reply == SMALL_TALK


async def test_in_distress_the_house_speaks_its_own_words(house: House, ollama: ScriptedOllama) -> None:
    for language, text in (("en", "Talk to us now."), ("", "Mrs. Vidal, room 12")):
        house.write("insert into conversations_distresstext (language, text) values (?, ?)", language, text)
    ollama.script(answering())
    try:
        for like in (0, 2):
            async with talking(house, "ana", house.fresh(like=like)) as ana:
                await ana.say("I want to die")
                assert ana.last["text"] == "Talk to us now.\n\nMrs. Vidal, room 12"
    finally:
        house.write("delete from conversations_distresstext")
    assert ollama.chats == []
