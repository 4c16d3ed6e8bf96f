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

GARDEN = GuidedDialogue(garden(), "es")
HELLO = "¡Hola! Soy Rosa. ¿Qué plantas te gustan?"
REPLY = "Vale. ¿Hay mucho sol en tu casa?"
ASKED = talk(HELLO, "Las orquídeas")
OFFERED = ["Vale. ¿Hay algún gato en tu jardín?", REPLY, "Vale. ¿Qué comes de tu jardín?"]
GOODBYE = "¡Adiós y hasta pronto!"


def enum(request: ModelRequest) -> list[str]:
    assert request.format is not None
    found = request.format["properties"]["reply"]["enum"]
    assert isinstance(found, list)
    return found


def answer(reply: str) -> str:
    return json.dumps({"reply": reply}, ensure_ascii=False)


def test_the_options_that_a_choice_needs_override_the_preset() -> None:
    options = GARDEN.request(ASKED, BUDGET, PRESET).options
    needed = {"temperature": 0.0, "repeat_penalty": 1.0, "num_predict": NUM_PREDICT}
    assert options == {**PRESET, **needed}


def test_the_prompt_never_changes_and_requests_are_prefixes_of_each_other() -> None:
    words: list[str] = [HELLO]
    before: list[Message] = []
    for reply in (OFFERED[0], "Ya veo. ¿Hay mucho sol en tu casa?"):
        words.append("Orquídeas")
        sent = list(GARDEN.request(talk(*words), BUDGET, PRESET).messages)
        assert sent[: len(before)] == before
        before = sent
        words.append(reply)
    assert "¿Qué comes de tu jardín?" in before[0]["content"]


def test_the_tutors_words_stand_in_the_history_as_the_model_wrote_them() -> None:
    sent = GARDEN.request(talk(HELLO, "Sí", REPLY, "Nunca"), BUDGET, PRESET)
    told = [json.loads(m["content"]) for m in sent.messages if m["role"] == "assistant"]
    assert told == [{"reply": HELLO}, {"reply": REPLY}]


def test_the_version_names_prompt_and_scenario() -> None:
    assert GARDEN.request(ASKED, BUDGET, PRESET).prompt_version == "guided-3 es/garden-3"


def test_the_schema_leaves_nothing_else() -> None:
    request = GARDEN.request(ASKED, BUDGET, PRESET)
    assert request.format is not None
    assert list(request.format["properties"]) == request.format["required"] == ["reply"]
    assert request.format["additionalProperties"] is False
    assert enum(request) == OFFERED


def test_warming_reads_what_the_first_request_begins_with() -> None:
    warm = GARDEN.warm(talk(HELLO), BUDGET, PRESET)
    asked = GARDEN.request(ASKED, BUDGET, PRESET)
    assert warm.messages[:2] == asked.messages[:2]
    assert warm.options["num_predict"] == 1
    assert {**warm.options, "num_predict": 0} == {**asked.options, "num_predict": 0}


@pytest.mark.parametrize("cut", range(len(REPLY)))
def test_a_continuation_can_only_complete_what_is_shown(cut: int) -> None:
    offered = enum(GARDEN.continuation(ASKED, REPLY[:cut], BUDGET, PRESET))
    assert REPLY in offered
    assert all(one.startswith(REPLY[:cut]) for one in offered)


def test_words_of_an_older_version_are_kept_and_a_question_follows() -> None:
    offered = enum(GARDEN.continuation(ASKED, "Palabras de antes", BUDGET, PRESET))
    assert offered == [one.replace("Vale.", "Palabras de antes") for one in OFFERED]


@given(st.lists(st.integers(0, 60), max_size=6), st.integers(0, len(REPLY)))
def test_a_reader_shows_only_what_is_new(cuts: list[int], shown: int) -> None:
    written = answer(REPLY)
    edges = [0, *sorted(cuts), len(written)]
    reader = GARDEN.reader(ASKED, REPLY[:shown])
    new = "".join([reader.feed(written[a:b]).text for a, b in itertools.pairwise(edges)]) + reader.finish().text
    assert REPLY[:shown] + new == REPLY
    assert reader.settled


@pytest.mark.parametrize("content", ["", "Claro que sí.", "{}", '{"reply":""}', '{"text":"x"}', "[1]", '"a"'])
def test_what_is_no_reply_is_unreadable(content: str) -> None:
    reader = GARDEN.reader(ASKED)
    assert reader.feed(content).text == ""
    with pytest.raises(Unreadable):
        reader.finish()


@pytest.mark.parametrize("shown", ["", "Vale."])
def test_words_that_no_line_begins_with_are_never_shown(shown: str) -> None:
    reader = GARDEN.reader(ASKED, shown)
    assert reader.feed(answer("Otra cosa.")).text == ""
    assert not reader.settled
    with pytest.raises(Unreadable):
        reader.finish()


def test_a_fence_before_the_object_is_left_out() -> None:
    assert GARDEN.reader(ASKED).feed("```json\n" + answer(REPLY)).text == REPLY


def test_once_what_was_written_fits_one_reply_only_the_rest_is_shown() -> None:
    reader = GARDEN.reader(ASKED)
    assert reader.feed('{"reply":"V').text == "Vale. ¿"
    assert reader.feed("ale. ¿Hay m").text == "Hay mucho sol en tu casa?"
    whole = reader.settled
    assert whole
    assert reader.feed("uch").text == reader.finish().text == ""


def test_a_cut_answer_keeps_its_words() -> None:
    reader = GARDEN.reader(ASKED)
    assert reader.feed('{"reply":"Vale. ¿').text == "Vale. ¿"
    cut = reader.finish("length").flaw
    assert cut == "length"


def test_where_one_reply_is_left_no_model_is_asked() -> None:
    version = GARDEN.prompt_version
    assert GARDEN.authored_reply(talk(HELLO, "adiós")) == AuthoredReply(GOODBYE, version)
    assert GARDEN.authored_reply(talk(HELLO, "adiós"), "¡Adi") == AuthoredReply(GOODBYE[4:], version)
    assert GARDEN.authored_reply(talk(HELLO, "Tengo un perro")) is not None  # one question goes on with the dog
    assert GARDEN.authored_reply(ASKED) is None
    rest = GARDEN.authored_reply(ASKED, REPLY[:-5])
    assert rest is not None
    assert rest.text == REPLY[-5:]


def test_the_opener_is_of_the_level_and_the_same_for_a_talk() -> None:
    assert GARDEN.opener(talk()) == HELLO
    assert GARDEN.opener(talk(level="B2")) == "¡Muy buenas! Soy Rosa. ¿Qué plantas te gustan más y por qué?"


def test_rude_words_get_one_calm_sentence_and_the_question_again() -> None:
    reply = GARDEN.authored_reply(talk(HELLO, "f*** you stupid robot"))
    assert reply is not None
    assert reply.text == "Sin insultos, por favor. ¿Qué plantas te gustan?"


def test_keys_hit_at_random_are_said_not_to_be_understood() -> None:
    reply = GARDEN.authored_reply(talk(HELLO, "asdfgh"))
    assert reply is not None
    assert reply.text == "No he entendido eso. ¿Qué plantas te gustan?"


def test_leave_is_taken_once() -> None:
    assert GARDEN.ended(talk(HELLO, "adiós", GOODBYE))
    assert not GARDEN.ended(talk(HELLO))
