"""What people wrote about the points of grammar that learners ask about most."""

from __future__ import annotations

import pytest

from tests.dialogue.talks import talk
from tutor.dialogue import dialogue_for
from tutor.dialogue.grammar import point_of, points, topic_of
from tutor.dialogue.intents import intent_of

STUDIED = ("es", "en", "fr", "de")


@pytest.mark.parametrize("language", STUDIED)
def test_the_most_frequent_points_are_there(language: str) -> None:
    assert len(points(language)) >= 24
    for point in points(language):
        assert point.sides or point.topics
        assert len(point.sides) != 1
        assert all(len(text) <= 600 for text in (point.en, point.es, point.fr, point.de))
        # In every own language of the four but the studied one itself.
        assert all(getattr(point, own) for own in STUDIED if own != language)


@pytest.mark.parametrize(
    ("message", "studied", "own", "told"),
    [
        ("what's the difference between ser and estar?", "es", "en", "“Ser” says what something is"),
        ("ser or estar?", "es", "en", "“Ser” says what something is"),
        ("is it por or para?", "es", "en", "“Para” looks at the goal"),
        ("why soy and not estoy", "es", "en", "“Ser” says what something is"),
        ("when do I use the subjunctive?", "es", "en", "The subjunctive comes after wishes"),
        ("quelle est la différence entre muy et mucho ?", "es", "fr", "« Muy » (très)"),
        ("tu oder vous?", "fr", "de", "„Tu“ sagt man"),
        ("wann benutze ich c'est und wann il est", "fr", "de", "„C'est“ steht vor einem Nomen"),
        ("der ou die ?", "de", "fr", "Chaque nom est masculin"),
        ("diferencia entre nicht y kein", "de", "es", "«Kein» niega"),
        ("diferencia entre since y for", "en", "es", "«Since» dice el comienzo"),
        ("make o do?", "en", "es", "«Make» es crear algo"),
        ("what's the difference between ser and estar?", "es", "ja", "“Ser” says what something is"),
    ],
)
def test_a_point_is_explained_in_the_own_language(message: str, studied: str, own: str, told: str) -> None:
    market = dialogue_for("market", guided=True, language=studied)
    opener = market.opener(talk(language=studied))
    card = market.help(talk(opener, message, language=studied, own_language=own, style="market"))
    assert card is not None
    assert card.notes[0].startswith(told)
    assert (card.source, card.wanted) == ("authored", "")


def test_what_nobody_wrote_is_said_and_may_be_asked_of_a_model() -> None:
    market = dialogue_for("market", guided=True, language="es")
    opener = market.opener(talk())
    card = market.help(talk(opener, "whats the difference between huerta and jardín", style="market"))
    assert card is not None
    assert (card.notes, card.wanted) == (("I can't explain grammar yet, and I would rather not guess.",), "explanation")


def test_a_choice_in_the_talk_is_no_question_of_grammar() -> None:
    assert intent_of("¿Café o té?", "es", "en").kind == "question"
    assert point_of(["café", "té"], "es") is None
    assert topic_of("me gusta el café", "es") is not None  # asked for only where grammar is asked about
