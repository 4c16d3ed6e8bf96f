"""Guided talk: the requests, and the reading of what a model answers to them."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dialogue.talks import BUDGET, PRESET, garden, talk
from tutor.dialogue import AuthoredReply, Unreadable
from tutor.dialogue.guided import NUM_PREDICT, GuidedDialogue
from tutor.dialogue.types import Message, ModelRequest

GARDEN = GuidedDialogue(garden())
HELLO = "¡Hola! Soy Rosa. ¿Te gustan las plantas?"
REPLY = "Claro que sí. ¿Cuándo riegas las plantas?"


def enums(request: ModelRequest) -> dict[str, list[str]]:
    assert request.format is not None
    return {name: field["enum"] for name, field in request.format["properties"].items()}


def test_the_options_that_a_choice_needs_override_the_preset() -> None:
    options = GARDEN.request(talk(HELLO, "Sí"), BUDGET, PRESET).options
    needed = {"temperature": 0.0, "repeat_penalty": 1.0, "num_predict": NUM_PREDICT}
    assert options == {**PRESET, **needed}


def test_the_prompt_never_changes_and_requests_are_prefixes_of_each_other() -> None:
    words: list[str] = [HELLO]
    before: list[Message] = []
    for reaction, question in (("Ya veo.", "¿Tienes algún árbol?"), ("¡Qué bien!", "¿Hay mucho sol en tu casa?")):
        words.append("Sí, tomates")
        sent = list(GARDEN.request(talk(*words), BUDGET, PRESET).messages)
        assert sent[: len(before)] == before
        before = sent
        words.append(f"{reaction} {question}")
    assert "Ya veo." in before[0]["content"]


def test_the_tutors_words_stand_in_the_history_as_the_model_wrote_them() -> None:
    sent = GARDEN.request(talk(HELLO, "Sí", REPLY, "Nunca", "¡De nada! ¿Tienes algún árbol?", "No"), BUDGET, PRESET)
    told = [json.loads(m["content"]) for m in sent.messages if m["role"] == "assistant"]
    assert told == [
        {"question": HELLO},
        {"reaction": "Claro que sí.", "question": "¿Cuándo riegas las plantas?"},
        {"reaction": "¡De nada!", "question": "¿Tienes algún árbol?"},
    ]


def test_the_version_names_prompt_and_scenario() -> None:
    assert GARDEN.request(talk(HELLO, "Sí"), BUDGET, PRESET).prompt_version == "guided-2 es/garden-3"


def test_the_schema_leaves_nothing_else() -> None:
    request = GARDEN.request(talk(HELLO, "Sí"), BUDGET, PRESET)
    assert request.format is not None
    assert list(request.format["properties"]) == ["reaction", "question"] == request.format["required"]
    assert request.format["additionalProperties"] is False
    special = GARDEN.request(talk(HELLO, "adiós"), BUDGET, PRESET)
    assert enums(special) == {"reaction": ["¡Adiós y buen día!"]}


def test_warming_reads_what_the_first_request_begins_with() -> None:
    warm = GARDEN.warm(talk(HELLO), BUDGET, PRESET)
    asked = GARDEN.request(talk(HELLO, "Sí"), BUDGET, PRESET)
    assert warm.messages[:2] == asked.messages[:2]
    assert warm.options["num_predict"] == 1
    assert {**warm.options, "num_predict": 0} == {**asked.options, "num_predict": 0}


@pytest.mark.parametrize("cut", range(len(REPLY)))
def test_a_continuation_can_only_complete_what_is_shown(cut: int) -> None:
    request = GARDEN.continuation(talk(HELLO, "Sí"), REPLY[:cut], BUDGET, PRESET)
    offered = enums(request)
    whole = [f"{r} {q}" for r in offered["reaction"] for q in offered["question"]]
    assert REPLY in whole
    assert all(one.startswith(REPLY[:cut]) for one in whole)


def test_words_of_an_older_scenario_are_kept_and_a_question_follows() -> None:
    request = GARDEN.continuation(talk(HELLO, "Sí"), "Palabras de antes", BUDGET, PRESET)
    assert enums(request)["reaction"] == ["Palabras de antes"]
    assert enums(request)["question"]


def test_a_cut_farewell_can_be_completed() -> None:
    request = GARDEN.continuation(talk(HELLO, "adiós"), "¡Adi", BUDGET, PRESET)
    assert enums(request) == {"reaction": ["¡Adiós y buen día!"]}


def answer(reaction: str, question: str = "") -> str:
    fields = {"reaction": reaction, "question": question}
    return json.dumps({name: words for name, words in fields.items() if words}, ensure_ascii=False)


ASKED = talk(HELLO, "Sí")


@given(st.lists(st.integers(0, 90), max_size=6), st.integers(0, len(REPLY)))
def test_a_reader_shows_only_what_is_new(cuts: list[int], shown: int) -> None:
    written = answer("Claro que sí.", "¿Cuándo riegas las plantas?")
    edges = [0, *sorted(cuts), len(written)]
    reader = GARDEN.reader(ASKED, REPLY[:shown])
    new = "".join([reader.feed(written[a:b]).text for a, b in itertools.pairwise(edges)]) + reader.finish().text
    assert REPLY[:shown] + new == REPLY
    assert reader.settled


@pytest.mark.parametrize("content", ["", "Claro que sí.", "{}", '{"reaction":""}', '{"text":"x"}', "[1]", '"a"'])
def test_what_is_no_reply_is_unreadable(content: str) -> None:
    reader = GARDEN.reader(ASKED)
    assert reader.feed(content).text == ""
    with pytest.raises(Unreadable):
        reader.finish()


@pytest.mark.parametrize("shown", ["", "Ya veo."])
def test_words_that_no_line_begins_with_are_never_shown(shown: str) -> None:
    reader = GARDEN.reader(ASKED, shown)
    assert reader.feed(answer("Otra cosa.")).text == ""
    assert not reader.settled
    with pytest.raises(Unreadable):
        reader.finish()


def test_a_fence_before_the_object_is_left_out() -> None:
    reader = GARDEN.reader(ASKED)
    assert (
        reader.feed("```json\n" + answer("Ya veo.", "¿Tienes algún árbol?") + "\n```").text
        == "Ya veo. ¿Tienes algún árbol?"
    )


def test_once_what_was_written_fits_one_line_only_the_rest_is_shown() -> None:
    reader = GARDEN.reader(ASKED)
    assert reader.feed('{"reaction":"C').text == "Claro que sí. ¿"
    assert reader.feed('laro que sí.","question":"¿H').text == "Hay mucho sol en tu casa?"
    whole = reader.settled
    assert whole
    assert reader.feed("ay muc").text == reader.finish().text == ""


def test_a_cut_answer_keeps_its_words() -> None:
    reader = GARDEN.reader(ASKED)
    assert reader.feed('{"reaction":"Ya veo.","question":"¿').text == "Ya veo. ¿"
    assert reader.finish().text == ""
    cut = reader.finish("length").flaw
    assert cut == "length"


def test_where_one_line_is_left_no_model_is_asked() -> None:
    farewell = GARDEN.authored_reply(talk(HELLO, "adiós"))
    assert farewell == AuthoredReply("¡Adiós y buen día!", GARDEN.prompt_version)
    assert GARDEN.authored_reply(talk(HELLO, "adiós"), "¡Adi") == AuthoredReply("ós y buen día!", GARDEN.prompt_version)
    assert GARDEN.authored_reply(talk(HELLO, "Tengo una rosa.")) is not None  # one reaction, one question
    assert GARDEN.authored_reply(ASKED) is None
    rest = GARDEN.authored_reply(ASKED, REPLY[:-5])
    assert rest is not None
    assert rest.text == REPLY[-5:]


def test_the_opener_follows_the_seed() -> None:
    assert {GARDEN.opener(talk(seed=seed)) for seed in range(4)} == set(garden().openers)


def test_leave_is_taken_once() -> None:
    assert GARDEN.ended(talk(HELLO, "adiós", "¡Adiós y buen día!"))
    assert not GARDEN.ended(talk(HELLO))
