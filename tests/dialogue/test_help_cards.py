"""Help in the middle of a talk: the cases of learners, what must stand on the card, and what the tutor says."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import pytest

from tests.dialogue.talks import garden, talk
from tutor.dialogue import scenario
from tutor.dialogue.guided import GuidedDialogue
from tutor.dialogue.help_cards import HelpCard, read_card, sentence, with_changes

HELLO = "¡Hola! Soy Rosa. ¿Qué plantas te gustan?"
QUESTION = "¿Qué plantas te gustan?"
SIMPLER = "¿Te gustan las plantas?"
GARDEN = GuidedDialogue(garden(), "es")
OWN_LANGUAGES = ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "zh"]


def reply(*words: str, **more: Any) -> str:
    found = GARDEN.authored_reply(talk(HELLO, *words, **more))
    assert found is not None
    return found.text


def card(*words: str, **more: Any) -> HelpCard:
    found = GARDEN.help(talk(HELLO, *words, **more))
    assert found is not None
    return found


@pytest.mark.parametrize(
    ("words", "word", "mark", "meaning"),
    [
        ("what does gata mean?", "gata", "la · f.", "cat"),
        ("¿como se dice dog?", "perro", "el · m.", "dog"),
        ("what is dog in spanish", "perro", "el · m.", "dog"),
        ("what does dog mean", "perro", "el · m.", "dog"),
    ],
)
def test_a_word_is_looked_up(words: str, word: str, mark: str, meaning: str) -> None:
    found = card(words)
    assert (found.source, found.word, found.mark, found.meaning) == ("dictionary", word, mark, meaning)
    assert reply(words) == QUESTION


def test_a_word_stands_in_the_tutors_own_sentence() -> None:
    assert card("what does plantas mean").example == QUESTION
    assert "perro" in card("how do you say dog").example.lower()


@pytest.mark.parametrize(
    ("words", "told", "wanted"),
    [
        ("what does huerta mean", "I can't look up “huerta” yet.", "meaning"),
        ("how do you say wheelbarrow", "I can't look up “wheelbarrow” yet.", "translation"),
        ("¿Ya terminamos? ¿Cómo lo hice?", "Still open: name something to eat.", ""),
    ],
)
def test_what_nobody_wrote_is_said_honestly_and_may_be_asked_of_a_model(words: str, told: str, wanted: str) -> None:
    found = card(words)
    assert any(told in note for note in found.notes)
    assert found.wanted == wanted
    assert reply(words) == QUESTION


@pytest.mark.parametrize(
    "words",
    [
        "I don't understand. Can you say it in English?",
        "no entiendo nada",
        "ayuda",
        "más despacio por favor",
        "no sé qué más decir",
        "idk",
    ],
)
def test_who_is_stuck_gets_the_meaning_simpler_words_and_three_answers(words: str) -> None:
    assert card(words).notes == ("No problem.", "The question means: “What plants do you like?”")
    assert reply(words) == SIMPLER
    answers = GARDEN.answers(talk(HELLO, words, SIMPLER))
    assert answers == ("Las rosas.", "Me gustan las rosas.", "Me gustan ___.")


def test_who_is_stuck_twice_gets_another_question() -> None:
    once = reply("ayuda")
    words = ("ayuda", once, "no entiendo")
    assert reply(*words) == "¿Tienes un gato?"
    assert "cat" in card(*words).notes[1]


def test_whoever_learns_portuguese_is_helped_too() -> None:
    market = GuidedDialogue(scenario("market"), "pt")
    hello = market.opener(talk(language="pt", level="A1"))
    for words, word, meaning in (
        ("o que significa queijo?", "queijo", "cheese"),
        ("como se diz apple", "maçã", "apple"),
    ):
        found = market.help(talk(hello, words, language="pt", level="A1"))
        assert found is not None
        assert (found.word, found.meaning) == (word, meaning)
    stuck = market.answers(talk(hello, "não entendo", language="pt", level="A1"))
    assert stuck[0] == "Maçãs, por favor."


def test_who_writes_in_the_own_language_is_asked_to_try() -> None:
    found = card("I like roses and my sister likes them too")
    assert found.notes[0].startswith("Try it in the language that you are learning.")
    assert reply("I like roses and my sister likes them too") == SIMPLER


@pytest.mark.parametrize(
    ("own", "words"), [("en", "Mi mother murió last week. Estoy muy triste y quiero morir."), ("ja", "死にたい")]
)
def test_distress_gets_the_fixed_sentence_alone(own: str, words: str) -> None:
    assert reply(words, own_language=own) == sentence("distress", own)
    assert GARDEN.help(talk(HELLO, words, own_language=own)) is None


def test_the_house_may_say_it_in_its_own_words() -> None:
    ours = "Please go to Mrs. Vidal in room 12, now."
    assert reply("quiero morir", distress=ours) == ours


def test_the_same_question_in_the_own_language_is_its_translation_where_both_are_written() -> None:
    french = GuidedDialogue(scenario("market"), "fr")
    asked = talk(
        french.opener(talk(language="fr", level="A1")), "ich verstehe nichts", language="fr", own_language="de"
    )
    found = french.help(asked)
    assert found is not None
    assert "Die Frage bedeutet: „Was möchten Sie heute kaufen?“" in found.notes


@pytest.mark.parametrize(
    ("language", "own", "told"),
    [
        ("es", "en", "Why are you learning Spanish?"),
        ("pt", "es", "¿Por qué aprendes portugués?"),
        ("fr", "de", "Why are you learning French?"),
    ],
)
def test_the_question_why_names_the_language_that_is_learned(language: str, own: str, told: str) -> None:
    course = GuidedDialogue(scenario("acquaintance"), language)
    why = course.lines.move("why")
    assert why is not None
    found = course.help(
        talk(f"Ok. {why.at('A1')}", "???!", "Ok. " + why.at("A1"), "idk", language=language, own_language=own)
    )
    assert found is not None
    assert any(told in note for note in found.notes)


def test_an_own_language_that_nobody_wrote_is_helped_in_english() -> None:
    assert card("ayuda", own_language="sv").notes[0] == "No problem."


@pytest.mark.parametrize("own", OWN_LANGUAGES)
def test_every_sentence_is_there(own: str) -> None:
    plain = (
        "no_problem",
        "check_unknown",
        "check_nothing",
        "grammar_unknown",
        "own_language",
        "distress",
        "calm",
        "unclear",
    )
    for name in plain:
        assert sentence(name, own)
        assert "{" not in sentence(name, own)
    placed = ("means", "simpler", "could_say", "word_unknown", "report_done", "report_open", "report_free")
    for name in placed:
        assert "{" in sentence(name, own)
    assert sentence("distress", own) != sentence("distress", "sv") or own == "en"


def changes(found: HelpCard) -> list[tuple[str, str | None]]:
    return [(one.old, one.new) for one in found.changes]


def test_what_was_written_wrong_is_mended_when_somebody_asks() -> None:
    found = card("yo fue al cine", "¿Qué película?", "voy ir a la playa", "¿Y luego?", "corrige mis errores por favor")
    assert changes(found) == [("fue", "fui"), ("voy ir", "voy a ir")]
    assert found.changes[0].why == "The verb changes with the person who does it."


def test_a_sentence_and_the_question_about_it_in_one_message() -> None:
    words = "La pan es bueno. le gusta a comer zapatos. was that correct?"
    assert changes(card(words)) == [("La", "El"), ("a", "")]
    # It answers the tutor as well, and so the talk goes on.
    assert QUESTION not in GARDEN.replies(talk(HELLO, "Me gustan las rosas. was that correct?"))


def test_only_the_message_before_is_meant_by_was_that_right() -> None:
    assert changes(card("yo fue al cine", "¿Sí?", "Tengo un perro.", "¿Cómo se llama?", "was that right?")) == []


def test_what_was_found_beside_the_talk_is_told_too_without_a_hint_to_climb() -> None:
    row = {"old": "perro", "new": "perros", "certainty": "possible", "kind": "number", "disputed": False}
    place = {**row, "old": "grande", "certainty": "place"}
    disputed = {**row, "old": "otra", "disputed": True}
    context = talk(HELLO, "correct me")
    found = with_changes(card("yo fue al cine", "¿Sí?", "correct me"), [row, place, disputed], context)
    assert changes(found) == [("fue", "fui"), ("perro", "perros"), ("grande", None)]


def test_nothing_found_is_not_called_right() -> None:
    found = card("Tengo un perro.", "¿Sí?", "was that right?")
    assert found.notes == ("I found no mistake that I am sure of. There may still be one.",)


def test_a_card_is_read_as_it_was_stored() -> None:
    found = card("yo fue al cine", "¿Sí?", "correct me")
    assert read_card(asdict(found)) == found
