"""What code hears in a learner's message."""

from __future__ import annotations

import pytest

from tutor.dialogue.message_signals import folded, is_foreign, is_noise


@pytest.mark.parametrize("message", ["", "???", "...", "👍", "asdf", "qwertz jklö", "aaaaaaaa", "bcdfg hjkl", "\n"])
def test_noise(message: str) -> None:
    assert is_noise(message)


@pytest.mark.parametrize(
    "message",
    [
        "Sí",
        "2",
        "3 €",
        "No.",
        "hmm",
        "Ich habe Angst.",
        "Schwarz",
        "tschüss",
        "Rhythmus",
        "Max",
        "dos kg",
        "asdf? no sé",
    ],
)
def test_words_and_numbers_are_not_noise(message: str) -> None:
    assert not is_noise(message)


@pytest.mark.parametrize(
    ("message", "studied", "own"),
    [
        ("I went to the cinema with my friends", "es", "en"),
        ("what is this", "fr", "en"),
        ("I don't know the word", "de", "en"),
        ("Ich bin sehr müde", "es", "de"),
        ("je ne sais pas", "en", "fr"),
        ("no sé qué es esto", "en", "es"),
        ("I am from Germany and you", "es", "de"),
        ("want pizza because hungry", "es", "en"),  # two small words: just enough
        ("Я не знаю", "fr", "ru"),
        ("我不知道", "en", "zh-Hans"),
    ],
)
def test_another_language_is_noticed(message: str, studied: str, own: str) -> None:
    assert is_foreign(message, studied, own)


@pytest.mark.parametrize(
    ("message", "studied", "own"),
    [
        ("Ayer yo voy al cine con mi amigo", "es", "en"),
        ("Me gusta The Lord of the Rings", "es", "en"),
        ("No", "es", "en"),
        ("Yo tengo un password para el computer", "es", "en"),
        ("Je suis allé au cinéma avec mes amis", "fr", "en"),
        ("Ich war in der Stadt", "de", "en"),
        ("I was in the garden with my son", "en", "de"),
        ("Me and him are good friends", "en", "es"),
        ("Es ist die alte Stadt", "de", "es"),
        ("J'ai un chat", "fr", "es"),
        ("Pizza", "es", "en"),
        ("Pizza because hambre", "es", "en"),  # one is not
    ],
)
def test_the_studied_language_is_left_alone(message: str, studied: str, own: str) -> None:
    assert not is_foreign(message, studied, own)


def test_messages_are_folded_before_patterns_look() -> None:
    assert folded(" I\u2019m\n  cafe\u0301 ") == "I'm café"


def test_marks_without_end_keep_their_first_and_last_ones() -> None:
    assert folded("¡Hola" + "!" * 900 + " ?") == "¡Hola!!!!!! ?"
    assert folded("a" + "¿? " * 300 + "b") == "a¿? ¿ ¿? b"
    assert folded("Sí... ¿y tú?") == "Sí... ¿y tú?"


def test_of_an_endless_message_the_beginning_and_the_end_are_heard() -> None:
    heard = folded("Tengo un gato. " + "bla " * 1990 + "¿Y tú?")
    assert heard.startswith("Tengo un gato.")
    assert heard.endswith("¿Y tú?")
    assert len(heard) < 1_010
