"""Corrections beside a talk, over the real socket of a real server process."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.checkers.scripted import languagetool
from tests.live.correcting import WRONG, card_of, changes
from tests.live.doubting import TutorSays, doubting
from tests.live.house import House, running
from tests.live.talking import talking
from tests.patience import PATIENCE_S, until
from tests.prompted import Prompted
from tutor.ollama.testing import Say, ScriptedOllama, faults


@pytest.fixture
def ollama() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        yield server


@pytest.fixture
def correcting(ollama: ScriptedOllama) -> Iterator[House]:
    with running(ollama.base_url, POLYGLOTT_CORRECTIONS="model") as house:
        yield house


async def test_a_message_is_corrected_after_its_reply(correcting: House, ollama: ScriptedOllama) -> None:
    ollama.script(doubting("el", "las", 9.0))
    correcting.write("update conversations_conversation set level = 'A2'")
    async with talking(correcting, "ana", correcting.fresh()) as ana:
        final = await ana.say(WRONG)
        card = await card_of(ana)
        assert final["text"] == TutorSays
        assert changes(card) == [
            ("tiene", "tengo", "sure", "Verb and person"),
            ("el", "las", "sure", "Article"),
        ]
        found = card["body"]["findings"]
        assert [WRONG[one["start"] : one["end"]] for one in found] == ["tiene", "el"]
        assert [one["witness"] for one in found] == ["a rule", "the model"]
    # The reply was asked for first, and each sentence then copied; only where there was a doubt, corrected freely.
    asked = [(bool(chat.body.get("format")), bool(chat.body.get("logprobs"))) for chat in ollama.chats]
    assert asked[:4] == [(False, False), (True, True), (True, True), (True, False)]
    async with talking(correcting, "ana", ana.conversation) as again:
        assert again.turns[-1]["cards"] == [card]


async def test_what_rules_know_waits_for_no_model(correcting: House, ollama: ScriptedOllama) -> None:
    """It stands while the model is asked, and a hint taken meanwhile stays taken."""
    answer, held = doubting("el", "las", 9.0), Prompted([])
    ollama.script(lambda body: held.reply if body.get("format") else answer(body))
    correcting.write("update conversations_conversation set level = 'B2'")
    async with talking(correcting, "ana", correcting.fresh()) as ana:
        await ana.say(WRONG)
        early = await ana.until(lambda frame: frame["type"] == "card" and frame["body"] is not None)
        assert early["state"] in {"queued", "running"}
        assert [WRONG[one["start"] : one["end"]] for one in early["body"]["findings"]] == ["tiene"]
        await ana.tell(type="climb", card=early["card"], index=0)
        higher = await ana.until(lambda frame: frame["type"] == "card")
        assert higher["body"]["findings"][0]["rung"] != early["body"]["findings"][0]["rung"]
        ollama.script(answer)
        held.let_go()
        card = await card_of(ana)
        assert card["body"]["findings"][0]["old"] == "tiene"
        assert card["body"]["findings"][0]["rung"] == higher["body"]["findings"][0]["rung"]


async def test_whoever_writes_on_waits_for_no_correction(correcting: House, ollama: ScriptedOllama) -> None:
    """It gives the model up at once, and its card comes when nobody waits."""
    answer, held = doubting("el", "las", 9.0), Prompted([])
    ollama.script(lambda body: held.reply if body.get("format") else answer(body))
    correcting.write("update conversations_conversation set level = 'A2'")
    async with talking(correcting, "ana", correcting.fresh()) as ana:
        await ana.say(WRONG)
        await until(lambda: len(ollama.chats) == 2)
        assert (await ana.say("Busco el gafas."))["text"] == TutorSays
        reply, correction, second, *_ = ollama.chats
        await correction.wait_hung_up(PATIENCE_S)
        assert [bool(chat.body.get("format")) for chat in (reply, correction, second)] == [False, True, False]
        ollama.script(answer)
        # What is being asked now hears no new script: somebody else's reply is in its way.
        async with talking(correcting, "ben", correcting.fresh("ben")) as ben:
            await ben.say("Yo tengo un perro.")
        cards = {card["turn"]: changes(card) for card in [await card_of(ana), await card_of(ana)]}
        rights = [[change[1] for change in cards[turn["turn"]]] for turn in ana.turns[-2:]]
        assert rights == [["tengo", "las"], ["las"]]


async def test_the_talk_is_read_again_after_a_correction(correcting: House, ollama: ScriptedOllama) -> None:
    """An engine with one place for a prompt has lost it: nobody waits for that reading when the next message comes."""
    ollama.script(doubting("el", "las", 9.0))
    async with talking(correcting, "ana", correcting.fresh()) as ana:
        await ana.say(WRONG)
        await card_of(ana)
        await until(lambda: len(ollama.chats) == 5 and ollama.chats[-1].over)
        await ana.say("Yo tengo un gato.")
    warm, reply = ollama.chats[4:6]
    assert warm.body["options"]["num_predict"] == 1
    assert warm.body["messages"][1:4] == reply.body["messages"][1:4]
    assert TutorSays in str(warm.body["messages"])


async def test_what_is_right_gets_no_card_to_look_at(correcting: House, ollama: ScriptedOllama) -> None:
    ollama.script(doubting("perro", "gato", 0.2))
    async with talking(correcting, "ana", correcting.fresh()) as ana:
        await ana.say("Yo tengo un perro.")
        assert (await card_of(ana))["body"]["findings"] == []


async def test_without_a_model_rules_still_speak(correcting: House, ollama: ScriptedOllama) -> None:
    answer = doubting("el", "las", 9.0)
    ollama.script(lambda body: faults.FAULTS["reset_mid_stream"]() if body.get("format") else answer(body))
    async with talking(correcting, "ana", correcting.fresh()) as ana:
        await ana.say(WRONG)
        card = await card_of(ana)
        assert (card["state"], changes(card)) == ("done", [("tiene", "tengo", "sure", "Verb and person")])


async def test_a_question_about_the_language_is_not_corrected(correcting: House, ollama: ScriptedOllama) -> None:
    ollama.script(doubting("el", "las", 9.0))
    async with talking(correcting, "ana", correcting.fresh()) as ana:
        await ana.say("what does gata mean?")
        await ana.say("Yo tiene un perro.")
        card = await card_of(ana)
        assert card["turn"] == ana.turns[-1]["turn"]
    assert correcting.rows("select count(*) from conversations_card where kind = 'correction'") == [(1,)]


async def test_the_ladder_is_climbed_and_a_finding_disputed(correcting: House, ollama: ScriptedOllama) -> None:
    """At B1 the learner looks again first; the answer is in no frame before it is asked for."""
    ollama.script(doubting("xyz", "xyz", 0.0))
    talk = correcting.fresh()
    correcting.write("update conversations_conversation set level = 'B1'")
    async with talking(correcting, "ana", talk) as ana:
        await ana.say("Yo tiene un perro.")
        card = await card_of(ana)
        (first,) = card["body"]["findings"]
        assert (first["rung"], first["answer"], first["why"], first["more"]) == ("where", None, "", True)
        rungs: list[str] = []
        found = first
        for _ in range(3):
            assert "tengo" not in str(card["body"]) or rungs == ["kind", "choices"]
            await ana.tell(type="climb", card=card["card"], index=0)
            card = await card_of(ana)
            (found,) = card["body"]["findings"]
            rungs.append(found["rung"])
        assert (rungs, found["answer"], found["more"]) == (["kind", "choices", "answer"], "tengo", False)
        for disputed in (True, False):
            await ana.tell(type="dispute", card=card["card"], index=0)
            assert (await card_of(ana))["body"]["findings"][0]["disputed"] is disputed
        await ana.tell(type="climb", card=card["card"], index=7)
        assert (await ana.until(lambda frame: frame["type"] == "refused"))["code"] == "not_found"


async def test_nobody_looks_where_it_is_switched_off(ollama: ScriptedOllama) -> None:
    ollama.script(doubting("el", "las", 9.0))
    with running(ollama.base_url, POLYGLOTT_CORRECTIONS="off") as house:
        async with talking(house, "ana", house.fresh()) as ana:
            await ana.say(WRONG)
            await ana.say("Yo tengo un perro.")
        assert house.rows("select count(*) from conversations_card") == [(0,)]


@pytest.fixture
def ruled(ollama: ScriptedOllama) -> Iterator[House]:
    with running(ollama.base_url, POLYGLOTT_CORRECTIONS="rules") as house:
        yield house


def told(house: House, when: str, kinds: str = "[]") -> None:
    house.write("update conversations_conversation set level = 'A2'")
    house.write("update learners_study set corrections = ?, correction_kinds = ?", when, kinds)


async def test_who_asks_is_told_and_others_are_left_alone(ruled: House, ollama: ScriptedOllama) -> None:
    told(ruled, "asked")
    ollama.script(doubting("xyz", "xyz", 0.0))
    async with talking(ruled, "ana", ruled.fresh()) as ana:
        await ana.say("Yo tiene un perro.")
        await ana.say("Tengo un perro.")
        assert ruled.rows("select count(*) from conversations_card") == [(0,)]
        wrong, right = (turn["turn"] for turn in ana.turns[-2:])
        await ana.tell(type="check", turn=wrong)
        card = await card_of(ana)
        assert (card["turn"], changes(card)) == (wrong, [("tiene", "tengo", "sure", "Verb and person")])
        await ana.tell(type="check", turn=right)
        clean = await card_of(ana)
        assert (clean["turn"], clean["body"]["findings"], clean["body"]["asked"]) == (right, [], True)
        await ana.tell(type="check", turn=wrong)
        assert (await card_of(ana))["card"] == card["card"]


async def test_after_the_talk_they_wait_until_the_learner_wants_them(ruled: House, ollama: ScriptedOllama) -> None:
    told(ruled, "after")
    ollama.script(doubting("xyz", "xyz", 0.0))
    async with talking(ruled, "ana", ruled.fresh()) as ana:
        await ana.say("Yo tiene un perro.")
        waiting = await card_of(ana)
        assert (waiting["state"], waiting["body"]) == ("done", None)
        assert "tengo" not in str(ana.frames)
        async with talking(ruled, "ana", ana.conversation) as again:
            assert again.turns[-1]["cards"] == [waiting]
        await ana.tell(type="reveal", conversation=ana.conversation)
        assert changes(await card_of(ana)) == [("tiene", "tengo", "sure", "Verb and person")]
        await ana.tell(type="reveal", conversation=ana.conversation)
        assert (await ana.until(lambda frame: frame["type"] == "refused"))["code"] == "nothing_to_reveal"


async def test_only_the_kinds_that_the_learner_wants(ruled: House, ollama: ScriptedOllama) -> None:
    told(ruled, "live", '["agreement"]')
    ollama.script(doubting("xyz", "xyz", 0.0))
    async with talking(ruled, "ana", ruled.fresh()) as ana:
        await ana.say("Yo tiene un perro. La pan es bueno.")
        assert [one[:2] for one in changes(await card_of(ana))] == [("La", "El")]


async def test_a_grammar_checker_beside_the_house_is_heard(ollama: ScriptedOllama) -> None:
    """It makes sure what the model only holds possible, and what it sees alone is a place without its answer."""
    ollama.script(doubting("gafas", "lentes", 4.0))
    with (
        languagetool({"gafas": ("lentes",), "verde": ("verdes",)}) as checker,
        running(ollama.base_url, POLYGLOTT_CORRECTIONS="model", LANGUAGETOOL_URL=checker.url) as house,
    ):
        house.write("update conversations_conversation set level = 'A2'")
        async with talking(house, "ana", house.fresh()) as ana:
            await ana.say("Busco gafas verde.")
            found = (await card_of(ana))["body"]["findings"]
    assert [(one["old"], one["answer"], one["certainty"], one["witness"]) for one in found] == [
        ("gafas", "lentes", "sure", "the model · a grammar checker"),
        ("verde", None, "place", "a grammar checker"),
    ]
    assert {asked["text"] for asked in checker.asked} <= {"Busco gafas verde.", "Busco lentes verde."}


@pytest.mark.parametrize(
    ("always", "certainty", "witness"),
    [
        ("", "sure", "the model · two blind comparisons"),
        ("A", "possible", "the model"),
        ("B", "possible", "the model"),
    ],
)
async def test_a_bigger_model_chooses_blindly_in_both_orders(
    correcting: House, ollama: ScriptedOllama, always: str, certainty: str, witness: str
) -> None:
    """Whoever always says A has chosen nothing."""
    doubts = doubting("el", "las", 4.0)

    def answer(body: Mapping[str, Any]) -> Any:
        if "correct" not in ((body.get("format") or {}).get("properties") or {}):
            return doubts(body)
        first = body["messages"][-1]["content"].splitlines()[0]
        return Say([json.dumps({"correct": always or ("A" if "las gafas" in first else "B")})])

    ollama.script(answer)
    correcting.write("update conversations_conversation set level = 'A2'")
    async with talking(correcting, "ana", correcting.fresh()) as ana:
        await ana.say("Busco el gafas.")
        (found,) = (await card_of(ana))["body"]["findings"]
    assert (found["answer"], found["certainty"], found["witness"]) == ("las", certainty, witness)
    asked = [
        chat.body["messages"][-1]["content"] for chat in ollama.chats if "A: " in chat.body["messages"][-1]["content"]
    ]
    assert asked == ["A: Busco el gafas.\nB: Busco las gafas.", "A: Busco las gafas.\nB: Busco el gafas."]
