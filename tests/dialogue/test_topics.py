"""What ordinary messages are heard to be about: words that mean two things, and bad news among other things."""

from __future__ import annotations

import pytest

from tests.dialogue.talks import talk
from tutor.dialogue.scenario_files import shipped
from tutor.dialogue.selection import ScenarioProgress
from tutor.dialogue.topics import topics_in


@pytest.mark.parametrize(
    ("language", "message", "topic"),
    [
        ("en", "I'll go to the beach", "bad"),
        ("en", "Sorry for my English", "bad"),
        ("en", "I went there by plane", "plan"),
        ("en", "I like the people", "people"),
        ("es", "¿Qué te gusta a ti?", "drink"),
        ("es", "Mi amigo vino a casa", "drink"),
        ("es", "Mi papá es médico", "food"),
        ("es", "Por la mañana fui al parque", "plan"),
        ("es", "Mi sueño es viajar", "tired"),
        ("es", "Trabajo aquí hace dos años", "age"),
        ("es", "Estoy muerto de hambre", "loss"),
        ("fr", "Ça m'a plu", "weather"),
        ("fr", "Je vais bien", "plan"),
        ("fr", "Je suis mort de faim", "loss"),
        ("fr", "J'habite ici depuis deux ans", "age"),
        ("de", "Ich war schon in Berlin", "fun"),
        ("de", "Man kann hier gut essen", "family"),
        ("de", "Am Morgen war ich müde", "plan"),
    ],
)
def test_a_word_that_means_two_things_is_not_heard_as_the_other(language: str, message: str, topic: str) -> None:
    assert topic not in topics_in(message, language).affirmed


@pytest.mark.parametrize(
    ("language", "message", "topic"),
    [
        ("en", "I'm ill today", "bad"),
        ("en", "For three people", "people"),
        ("es", "Un té, por favor", "drink"),
        ("es", "Tengo veinticinco años", "age"),
        ("es", "Voy a jugar al tenis", "plan"),
        ("fr", "Il a beaucoup plu", "weather.rain"),
        ("fr", "Je vais aller au cinéma", "plan"),
        ("fr", "J'ai vingt et un ans", "age"),
        ("de", "Es war schön", "fun"),
        ("de", "Ich bin zwölf Jahre alt", "age"),
    ],
)
def test_it_is_heard_where_it_is_meant(language: str, message: str, topic: str) -> None:
    assert topic in topics_in(message, language).affirmed


@pytest.mark.parametrize(
    ("language", "message", "says"),
    [
        ("en", "My dog died last year", "I'm very sorry."),
        ("es", "Mi hermano murió", "Lo siento mucho."),
        ("fr", "Mon frère est mort", "Je suis vraiment désolée."),
        ("de", "Unser Hund ist gestorben", "Das tut mir sehr leid."),
    ],
)
def test_bad_news_is_heard_before_all_else_and_nothing_more_is_asked_about_it(
    language: str, message: str, says: str
) -> None:
    scenario = shipped()["acquaintance"]
    lines = scenario.lines[language]
    pet = lines.move("pet")
    assert pet is not None
    choice = ScenarioProgress(scenario, lines, talk(pet.at("A2"), message, language=language)).choice()
    about_it = [move.at("A2") for move in lines.moves if set(move.on) & {"pet", "family.siblings"}]
    assert choice.reaction == says
    assert not set(choice.questions) & set(about_it)


def test_what_is_not_sold_here_is_not_promised() -> None:
    scenario = shipped()["market"]
    for language, message in (
        ("es", "¿Tiene pollo?"),
        ("en", "Two kilos of chicken, please"),
        ("de", "Haben Sie Milch?"),
    ):
        lines = scenario.lines[language]
        not_sold = next(one.say for one in lines.reactions if "food.meat" in one.on)
        assert ScenarioProgress(scenario, lines, talk("…", message, language=language)).choice().reaction in not_sold


def test_potatoes_are_no_apples_though_both_are_pommes() -> None:
    scenario = shipped()["market"]
    asked = talk("…", "Combien coûtent les pommes de terre ?", language="fr")
    choice = ScenarioProgress(scenario, scenario.lines["fr"], asked).choice()
    assert choice.reaction == "Les pommes de terre coûtent deux euros le kilo."


def test_no_alcohol_is_served_to_anybody() -> None:
    scenario = shipped()["restaurant"]
    for language, message in (("es", "Quiero una cerveza"), ("en", "A beer, please"), ("fr", "Un verre de vin")):
        lines = scenario.lines[language]
        none = next(one.say for one in lines.reactions if "drink.alcohol" in one.on)
        assert ScenarioProgress(scenario, lines, talk("…", message, language=language)).choice().reaction in none
