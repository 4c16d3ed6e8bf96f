"""Which goals are met: by the learner's own words alone, and never by a denial."""

from __future__ import annotations

from typing import Any

import pytest

from tests.dialogue.talks import talk
from tutor.dialogue import TalkProgress, goals_of, moves_on, talk_progress
from tutor.dialogue.shared_lines import shared_lines

MARKET = "¡Hola! Soy Carmen. ¿Qué quiere?"
NAME = "¡Hola! ¿Cómo te llamas?"
DONE = ("Quiero dos kilos de manzanas.", "Muy bien.", "¿Cuánto cuesta?", "Dos euros.", "Pago con tarjeta.")
ALL = ("ask_for", "quantity", "price", "pay")


def progress(*words: str, style: str = "market", **more: Any) -> TalkProgress:
    return talk_progress(talk(*words, style=style, **more))


@pytest.mark.parametrize(
    ("words", "met"),
    [
        ("Quiero manzanas, por favor.", ("ask_for",)),
        ("Dos kilos de manzanas", ("ask_for", "quantity")),
        ("¿Cuánto cuesta?", ("price",)),
        ("how much is it?", ("price",)),
        ("No quiero manzanas.", ()),
        ("no quiero saber el precio", ()),
        ("Quiero pan, pero no manzanas.", ("ask_for",)),
        ("No", ()),
        ("no entiendo nada", ()),
        ("¿cómo se dice apple?", ()),
    ],
)
def test_what_meets_a_goal(words: str, met: tuple[str, ...]) -> None:
    assert progress(MARKET, words).met == met


def test_the_tutors_words_meet_nothing() -> None:
    assert progress("Tengo manzanas, dos kilos. Cuestan dos euros. ¿Paga con tarjeta?", "¡Hola!").met == ()


@pytest.mark.parametrize(
    "words", ["No.", "no", "Nada", "nunca", "¡Hola!", "Sí", "No quiero decirlo", "No, no te lo digo"]
)
def test_neither_a_denial_nor_a_greeting_answers_a_question(words: str) -> None:
    assert progress(NAME, words, style="acquaintance").met == ()


@pytest.mark.parametrize("words", ["Ana", "Me llamo Ana", "No. Me llamo Ana.", "Hola, Ana"])
def test_a_name_does(words: str) -> None:
    assert progress(NAME, words, style="acquaintance").met == ("introduce",)


def test_a_goal_once_met_stays_met() -> None:
    assert progress(MARKET, "Quiero pan.", "Aquí tiene.", "No quiero pan.").met == ("ask_for",)


def test_all_met_is_not_yet_over_and_the_last_line_is() -> None:
    assert progress(MARKET, *DONE) == TalkProgress(ALL, "reached")
    ending = "Aquí lo tiene todo. ¡Muchas gracias y hasta pronto!"
    assert progress(MARKET, *DONE, ending) == TalkProgress(ALL, "over")
    assert progress(MARKET, "adiós", shared_lines("es").goodbye[0]).stage == "over"


@pytest.mark.parametrize("style", ["market", "free", "patient", "gone"])
@pytest.mark.parametrize(("words", "own"), [("¿Ya terminamos? ¿Cómo lo hice?", "en"), ("how did I do?", "en")])
def test_who_asks_how_it_went_is_heard_in_every_way_of_talking(style: str, words: str, own: str) -> None:
    told = talk(MARKET, words, style=style, own_language=own)
    assert talk_progress(told).asks_how_it_went
    assert moves_on(told)


def test_where_nothing_can_be_heard_there_are_no_goals() -> None:
    assert [goal.id for goal in goals_of("market", 3, "es-MX")] == list(ALL)
    assert goals_of("market", 3, "sv") == goals_of("patient", 1, "es") == goals_of("gone", 1, "es") == ()
    assert progress("Hej!", "Jag vill ha äpplen.", language="sv") == TalkProgress()
    assert not moves_on(talk("Hola", "¿Qué tal?", style="patient"))
