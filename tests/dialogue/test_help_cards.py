"""Help in the middle of a talk: the cases of learners, and what must stand in the answer."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.talks import garden, talk
from tutor.dialogue import scenario
from tutor.dialogue.guided import GuidedDialogue
from tutor.dialogue.help_cards import sentence

HELLO = "¡Hola! Soy Rosa. ¿Qué plantas te gustan?"
QUESTION = "¿Qué plantas te gustan?"
GARDEN = GuidedDialogue(garden(), "es")


def reply(*words: str, **more: Any) -> str:
    found = GARDEN.authored_reply(talk(HELLO, *words, **more))
    assert found is not None
    return found.text


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("what does gata mean?", "“gata” means “cat”."),
        ("¿como se dice dog?", "“dog” is “perro”."),
        ("what is dog in spanish", "“dog” is “perro”."),
        ("what does dog mean", "“dog” is “perro”."),
        ("what does huerta mean", "I can't look up “huerta” yet."),
        ("yo tengo un perro se llama Max. was that correct?", "I found no mistake that I am sure of."),
        ("corrige mis errores por favor", "I found no mistake that I am sure of."),
        ("difference between ser and estar", "I can't explain grammar yet"),
        ("¿Ya terminamos? ¿Cómo lo hice?", "Still open: name something to eat."),
    ],
)
def test_a_question_about_the_language_is_answered_and_the_question_stands_again(words: str, told: str) -> None:
    answer = reply(words)
    assert told in answer
    assert answer.endswith(f"The question again: {QUESTION}")


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
    answer = reply(words)
    assert "The question means: “What plants do you like?”" in answer
    assert "More simply: ¿Te gustan las plantas?" in answer
    assert "1. Las rosas.\n2. Me gustan las rosas.\n3. Me gustan …." in answer
    assert answer.endswith(QUESTION)


def test_at_the_lowest_level_nothing_is_simpler() -> None:
    assert "More simply" not in reply("ayuda", level="A1")


def test_who_is_stuck_twice_gets_another_question() -> None:
    once = reply("ayuda")
    assert reply("ayuda", once, "no entiendo").endswith("¿Hay algún gato en tu jardín?")


def test_whoever_learns_portuguese_is_helped_too() -> None:
    market = GuidedDialogue(scenario("market"), "pt")
    hello = market.opener(talk(language="pt", level="A1"))
    for words, told in (
        ("o que significa queijo?", "“queijo” means “cheese”."),
        ("como se diz apple", "“apple” is “maçã”."),
        ("não entendo", "1. Maçãs, por favor."),
    ):
        found = market.authored_reply(talk(hello, words, language="pt", level="A1"))
        assert found is not None
        assert told in found.text


def test_who_writes_in_the_own_language_is_asked_to_try() -> None:
    answer = reply("I like roses and my sister likes them too")
    assert answer.startswith("Try it in the language that you are learning.")
    assert answer.endswith(QUESTION)


@pytest.mark.parametrize(
    ("own", "words"), [("en", "Mi mother murió last week. Estoy muy triste y quiero morir."), ("ja", "死にたい")]
)
def test_distress_gets_the_fixed_sentence_alone(own: str, words: str) -> None:
    assert reply(words, own_language=own) == sentence("distress", own)


def test_the_same_question_in_the_own_language_is_its_translation_where_both_are_written() -> None:
    market = scenario("market")
    french = GuidedDialogue(market, "fr")
    asked = talk(
        french.opener(talk(language="fr", level="A1")), "ich verstehe nichts", language="fr", own_language="de"
    )
    found = french.authored_reply(asked)
    assert found is not None
    assert "Die Frage bedeutet: „Was möchten Sie heute kaufen?“" in found.text


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
    found = course.authored_reply(
        talk(f"Ok. {why.at('A1')}", "???!", "Ok. " + why.at("A1"), "idk", language=language, own_language=own)
    )
    assert found is not None
    assert told in found.text


def test_an_own_language_that_nobody_wrote_is_helped_in_english() -> None:
    assert reply("ayuda", own_language="sv").startswith("No problem.")


@pytest.mark.parametrize("own", ["ar", "de", "en", "es", "fr", "it", "ja", "ko", "pt", "zh"])
def test_every_sentence_is_there(own: str) -> None:
    for name in (
        "no_problem",
        "answers",
        "check_unknown",
        "check_nothing",
        "grammar_unknown",
        "own_language",
        "again",
        "distress",
    ):
        assert sentence(name, own)
    for name in (
        "means",
        "simpler",
        "word_means",
        "word_is",
        "word_unknown",
        "report_done",
        "report_open",
        "report_free",
    ):
        assert "{" in sentence(name, own)
    assert sentence("distress", own) != sentence("distress", "sv") or own == "en"


def test_what_was_written_wrong_is_mended_when_somebody_asks() -> None:
    answer = reply(
        "yo fue al cine", "¿Qué película?", "voy ir a la playa", "¿Y luego?", "corrige mis errores por favor"
    )
    assert "“fue” → “fui”. The verb changes with the person who does it." in answer
    assert "“voy ir” → “voy a ir”." in answer


def test_a_sentence_and_the_question_about_it_in_one_message() -> None:
    answer = reply("La pan es bueno. le gusta a comer zapatos. was that correct?")
    assert "“La” → “El”." in answer
    assert "“a” → “–”" in answer


def test_nothing_found_is_not_called_right() -> None:
    assert "I found no mistake that I am sure of. There may still be one." in reply(
        "Tengo un perro.", "¿Sí?", "was that right?"
    )
