"""The tutor's next words use the right form of what was wrong, where code is sure of every word."""

from __future__ import annotations

import pytest

from tutor.dialogue import TalkContext, Utterance, dialogue_for, scenario
from tutor.dialogue.corrections import by_rule, correction_language
from tutor.dialogue.recasts import recast

OPENER = "¡Hola! Soy Diego. ¿Qué hiciste el sábado?"


def said_back(key: str, language: str, message: str, level: str = "A1") -> str:
    return recast(message, scenario(key).lines[language], level)


@pytest.mark.parametrize(
    ("key", "language", "message", "expected"),
    [
        ("weekend", "es", "yo fue al cine con mi amigo", "Ah, fuiste al cine con tu amigo."),
        ("weekend", "es", "La pan es bueno", "Ah, el pan es bueno."),
        ("weekend", "es", "voy ir a la playa", "Ah, vas a ir a la playa."),
        ("weekend", "es", "Mi hermano tienen diez años.", "Ah, tu hermano tiene diez años."),
        ("weekend", "es", "Ayer voy al parque con mi hermana.", "Ah, ayer fuiste al parque con tu hermana."),
        ("market", "es", "La pan es bueno.", "Ah, el pan es bueno."),
        ("weekend", "fr", "J'ai allé au cinéma.", "Ah, tu es allé au cinéma."),
        ("weekend", "fr", "j'ai une chien", "Ah, tu as un chien."),
        ("market", "fr", "je veut des pommes", "Ah, vous voulez des pommes."),
        ("weekend", "de", "Ich habe ein Hund", "Ah, du hast einen Hund."),
        ("market", "de", "ich will das Banane", "Ah, Sie wollen die Banane."),
        ("travel", "de", "Ich kaufe mir das Banane.", "Ah, Sie kaufen sich die Banane."),
        ("weekend", "en", "He go to school", "Ah, he goes to school."),
        ("weekend", "en", "Yesterday I go to the beach.", "Ah, yesterday you went to the beach."),
    ],
)
def test_a_wrong_sentence_is_said_back_right(key: str, language: str, message: str, expected: str) -> None:
    assert said_back(key, language, message) == expected
    known = correction_language(language)
    assert known is not None
    assert by_rule(expected, known) == []


@pytest.mark.parametrize(
    ("key", "language", "message", "why"),
    [
        ("weekend", "es", "Fui al cine con mi amigo.", "it is right"),
        ("weekend", "es", "¿Yo fue al cine?", "it is a question"),
        ("weekend", "es", "Yo fue al sine", "a word that nobody here uses"),
        ("weekend", "es", "Nosotros va a la playa", "of others than the learner"),
        ("weekend", "es", "Yo tiene tu perro.", "of the tutor"),
        ("market", "es", "yo fue al cine", "to an usted it would look like the mistake"),
        ("weekend", "fr", "je vas au parc", "to a tu it would look like the mistake"),
        ("weekend", "de", "Ich gehst ins Kino", "to a du it would look like the mistake"),
    ],
)
def test_nothing_is_said_back_where_it_is_not_surely_right(key: str, language: str, message: str, why: str) -> None:
    assert said_back(key, language, message) == "", why


def test_from_b1_on_the_learner_finds_the_form_first() -> None:
    assert said_back("weekend", "es", "yo fue al cine", "A2")
    assert said_back("weekend", "es", "yo fue al cine", "B1") == ""


def replies(*said: str, level: str = "A1") -> tuple[str, ...]:
    utterances = [Utterance("tutor" if at % 2 == 0 else "learner", text) for at, text in enumerate((OPENER, *said))]
    version = scenario("weekend").version
    talk = TalkContext("es", "en", level, "weekend", version, 1, utterances)
    dialogue = dialogue_for("weekend", guided=True, language="es", version=version)
    found = dialogue.replies(talk)  # type: ignore[attr-defined] # of guided talk alone
    assert isinstance(found, tuple)
    return found


def test_the_next_line_begins_with_it() -> None:
    said = replies("yo fue al cine con mi amigo")
    assert all(one.startswith("Ah, fuiste al cine con tu amigo. ") for one in said)
    assert all("?" in one for one in said)


def test_what_is_sad_or_said_already_is_not_said_back() -> None:
    assert not any("Ah, " in one for one in replies("Mi madre están muerta"))
    again = replies("yo fue al cine", "Ah, fuiste al cine. ¿Con quién?", "yo fue al cine")
    assert not any("fuiste" in one for one in again)
