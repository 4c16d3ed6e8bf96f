"""What may be said next at each moment of a guided talk."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.talks import progress
from tutor.dialogue import scenario
from tutor.dialogue.selection import Choice

HELLO = "¡Hola! Soy Rosa. ¿Qué plantas te gustan?"
CAT = "¿Hay algún gato en tu jardín?"
NAME = "¿Cómo se llama tu animal?"
SUN = "¿Hay mucho sol en tu casa?"
EAT = "¿Qué comes de tu jardín?"


def choice(*words: str, **more: Any) -> Choice:
    return progress(HELLO, *words, **more).choice()


def test_what_was_not_understood_gets_a_plain_word_and_the_next_questions() -> None:
    first = choice("Las orquídeas")
    assert first == Choice("Vale.", (CAT, SUN, EAT))


def test_nothing_is_said_twice() -> None:
    later = choice("manzanas", f"Mis manzanas son rojas. {CAT}", "manzanas")
    assert later == Choice("Tengo muchas manzanas.", (SUN,))
    spent = choice("x", f"Vale. {CAT}", "y", f"Ya veo. {SUN}", "z")
    assert spent == Choice("Ajá.", (EAT,))


@pytest.mark.parametrize(
    ("words", "reaction"),
    [
        ("manzanas", "Mis manzanas son rojas."),
        ("¿Cuánto cuestan las manzanas?", "Las manzanas son gratis."),
        ("mansana", "Mis manzanas son rojas."),
        ("no me gustan las manzanas", "Vale."),
        ("¿Cómo te llamas?", "Mi nombre es Rosa."),
        ("what's your name?", "Mi nombre es Rosa."),
        ("Las rosas. ¿Y tú?", "A mí me gustan las rosas."),
        ("¿Tienes un gato?", "Yo tengo una gata."),
        ("¿Cuál es la capital de Francia?", "Eso no lo sé."),
        ("gracias", "De nada."),
    ],
)
def test_what_was_said_is_answered(words: str, reaction: str) -> None:
    assert choice(words).reaction == reaction


def test_a_question_goes_on_with_the_subject_just_named() -> None:
    assert choice("Tengo un perro").questions == (NAME,)
    assert choice("Rosas", f"Vale. {CAT}", "Sí").questions == (NAME,)


def test_who_denies_is_not_asked_about_it() -> None:
    denied = choice("Rosas", f"Vale. {CAT}", "No")
    assert denied == Choice("Aquí tampoco hay animales.", (SUN, EAT))
    assert NAME not in choice("No tengo perro").questions


def test_what_the_learner_has_told_is_not_asked() -> None:
    assert EAT not in choice("Como manzanas").questions


@pytest.mark.parametrize("level", ["A1", "A2", "B1", "B2"])
def test_the_line_is_of_the_learners_level(level: str) -> None:
    wanted = {"A1": "¿Tienes un gato?", "A2": CAT}.get(level, "¿Hay animales en tu jardín?")
    assert choice("Orquídeas", level=level).questions[0] == wanted


def test_a_talk_ends_when_its_goals_are_met_and_it_has_lasted() -> None:
    almost = ("manzanas", f"Mis manzanas son rojas. {CAT}", "No", f"Aquí tampoco hay animales. {SUN}")
    assert choice(*almost, "Mucho").replies() == ("Vale. Ha sido un placer. ¡Hasta otra tarde!",)
    assert len(choice(*almost, "¿Cómo te llamas?").questions) == 0  # what was asked is answered; nothing is left to ask
    assert choice(*almost[:2], "No").questions


def test_a_real_goodbye_ends_it_and_nothing_else() -> None:
    assert choice("Tengo que irme, adiós").replies() == ("¡Adiós y hasta pronto!",)
    assert progress(HELLO, "adiós", "¡Adiós y hasta pronto!").ended()
    assert not progress(HELLO, "adiós").ended()
    assert progress(HELLO, "¿Ya terminamos?").intent.kind == "report"


def test_a_question_about_the_language_tells_nothing() -> None:
    assert progress(HELLO, "what does gata mean?").heard_now.affirmed == frozenset()
    assert progress(HELLO, "¿Cómo se dice manzana?", "x", "Bien").goals_met() == ()
    assert progress(HELLO, "Como manzanas").goals_met() == ("eat",)


@pytest.mark.parametrize(
    ("words", "reaction"),
    [
        ("Muy bien", "Gracias. El cocinero va a estar contento."),
        ("No muy bien", "Lo siento. Se lo digo al cocinero."),
    ],
)
def test_a_question_says_what_is_as_good_as_a_yes_to_it(words: str, reaction: str) -> None:
    restaurant = scenario("restaurant")
    talked = progress("Ya veo. ¿Le gusta la comida?", words, scenario=restaurant)
    assert talked.choice().reaction == reaction
    elsewhere = progress("Ya veo. ¿Qué quiere beber?", words, scenario=restaurant)
    assert elsewhere.choice().reaction != reaction
