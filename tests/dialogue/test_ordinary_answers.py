"""Ordinary answers hold words that could also ask for help, end the talk or insult; they are heard as answers."""

from __future__ import annotations

import pytest

from tutor.dialogue.intents import intent_of

OWN = ("en", "es", "fr", "de", "it", "pt", "ja", "zh", "ko", "ar")
ANSWERS = {
    "en": (
        "I'm lost in the city sometimes",
        "I need help with my homework",
        "I speak Spanish and English",
        "I learn English",
        "I read a book in English",
        "I am confused about the bus",
        "I don't remember the name of the film",
        "I give up sugar",
        "I have no idea what film it was",
        "I have to go to school at eight",
    ),
    "es": (
        "Buenas noches",
        "Leo libros en español",
        "Aprendo español",
        "No me acuerdo del nombre",
        "No tengo ni idea de cocina",
        "Estoy perdido en la ciudad",
        "Me muero de hambre",
        "Paso los domingos con mi familia",
    ),
    "fr": (
        "Pardon, je suis en retard",
        "Je lis en français",
        "J'apprends le français",
        "J'ai besoin d'aide pour les devoirs",
        "Je ne me souviens pas du nom",
        "Je suis perdu dans la ville",
    ),
    "de": (
        "Ich brauche Hilfe bei den Hausaufgaben",
        "Ich lerne Deutsch",
        "Ich lese auf Deutsch",
        "Ich erinnere mich nicht an den Namen",
        "Ich verstehe nichts von Fußball",
        "Am Ende war es gut",
        "Ich muss um acht gehen",
    ),
    "it": ("Ciao", "Ciao, sono Tom", "Leggo un libro in inglese"),
    "pt": ("Boa noite", "Eu leio em português", "Estou perdido na cidade"),
}


@pytest.mark.parametrize(("language", "message"), [(code, one) for code, those in ANSWERS.items() for one in those])
def test_an_ordinary_answer_raises_no_alarm(language: str, message: str) -> None:
    heard = {own: intent_of(message, language, own).kind for own in OWN if own != language}
    assert {own: kind for own, kind in heard.items() if kind not in {"answer", "own_language"}} == {}


@pytest.mark.parametrize(
    ("message", "language"),
    [
        ("c'est quoi le prix", "fr"),
        ("C'est quoi ton nom ?", "fr"),
        ("Was ist der Preis?", "de"),
        ("Was ist los?", "de"),
    ],
)
def test_a_question_in_the_talk_asks_for_no_meaning(message: str, language: str) -> None:
    heard = {own: intent_of(message, language, own).kind for own in OWN if own != language}
    assert set(heard.values()) == {"question"}


def test_a_greeting_in_the_own_language_is_no_goodbye_and_a_yes_no_cry_for_help() -> None:
    assert intent_of("안녕", "es", "ko").kind == "own_language"
    assert intent_of("네", "es", "ko").kind == "own_language"
    assert intent_of("音楽もおいしいしね", "es", "ja").kind == "own_language"
