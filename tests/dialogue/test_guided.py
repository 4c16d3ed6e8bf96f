"""Guided talk: the requests, and the reading of what a model answers to them."""

from __future__ import annotations

import itertools
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.dialogue.talks import BUDGET, PRESET, garden, talk
from tutor.dialogue import Unreadable
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


@given(st.lists(st.integers(0, 90), max_size=6), st.integers(0, len(REPLY)))
def test_a_reader_shows_only_what_is_new(cuts: list[int], shown: int) -> None:
    written = answer("Claro que sí.", "¿Cuándo riegas las plantas?")
    edges = [0, *sorted(cuts), len(written)]
    reader = GARDEN.reader(REPLY[:shown])
    new = "".join([reader.feed(written[a:b]) for a, b in itertools.pairwise(edges)]) + reader.finish()
    assert REPLY[:shown] + new == REPLY


@pytest.mark.parametrize("content", ["", "Claro que sí.", "{}", '{"reaction":""}', '{"text":"x"}', "[1]", '"a"'])
def test_what_is_no_reply_is_unreadable(content: str) -> None:
    reader = GARDEN.reader()
    assert reader.feed(content) == ""
    with pytest.raises(Unreadable):
        reader.finish()


def test_a_continuation_that_says_something_else_is_unreadable() -> None:
    reader = GARDEN.reader("Ya veo.")
    assert reader.feed(answer("Otra cosa.")) == ""
    with pytest.raises(Unreadable):
        reader.finish()


@pytest.mark.parametrize("shown", range(len("Ça va. Et toi\u00a0?")))
def test_a_space_that_belongs_to_a_line_is_not_doubled(shown: int) -> None:
    whole = "Ça va. Et toi\u00a0?"
    reader = GARDEN.reader(whole[:shown])
    assert whole[:shown] + reader.feed(answer("Ça va.", "Et toi\u00a0?")) == whole


def test_a_cut_answer_keeps_its_words() -> None:
    reader = GARDEN.reader()
    assert reader.feed('{"reaction":"Ya veo.","question":"¿Tienes al') == "Ya veo. ¿Tienes al"
    assert reader.finish() == ""


def test_the_opener_follows_the_seed() -> None:
    assert {GARDEN.opener(talk(seed=seed)) for seed in range(4)} == set(garden().openers)


def test_leave_is_taken_once() -> None:
    assert GARDEN.ended(talk(HELLO, "adiós", "¡Adiós y buen día!"))
    assert not GARDEN.ended(talk(HELLO))
