"""A model that goes round in circles is noticed while it writes; drills, lists and refrains stay."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.dialogue.repetition import RepetitionWatch

GREETING = "¡Hola! ¿Qué tal? "


def watched(*pieces: str, shown: str = "") -> str | None:
    """What is kept once a repetition is noticed; None if the text stays as it is."""
    watch = RepetitionWatch(shown)
    for piece in pieces:
        kept = watch.feed(piece)
        if kept is not None:
            return kept
    return watch.finish()


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Me gusta mucho comer pan fresco " * 30, "Me gusta mucho comer pan fresco"),
        (GREETING + "Me gusta mucho el pan. " * 20, GREETING + "Me gusta mucho el pan."),
        (GREETING + "ja" * 80, GREETING + "ja"),
        ("no " * 80, "no"),
        ("n" + "o" * 200, "no"),
        ("我喜欢吃面包。" * 20, "我喜欢吃面包。"),
        ("パンが好きです。" * 20, "パンが好きです。"),
        ("".join(f"{number}. Me gusta el pan.\n" for number in range(1, 40)), "1. Me gusta el pan."),
        ("Mira:\n" + "".join(f"{number}. Repite la frase.\n" for number in range(7, 40)), "Mira:\n7. Repite la frase."),
        ("- perro\n" * 60, "- perro"),
        (" ".join(f"{number}. Me gusta el pan." for number in range(1, 40)), "1. Me gusta el pan."),
        (GREETING + "El perro come pan. El gato bebe leche. " * 9, GREETING + "El perro come pan. El gato bebe leche."),
        ("Uno dos.\n\nTres cuatro cinco seis siete.\n\n" * 12, "Uno dos.\n\nTres cuatro cinco seis siete."),
        ("_" * 400, None),
    ],
)
def test_circles_are_cut_to_one_round(text: str, kept: str | None) -> None:
    assert watched(*text) == (kept if kept is not None else watched(text))


@pytest.mark.parametrize(
    "text",
    [
        "ja ja ja ja ja, qué risa",
        "Frère Jacques, Frère Jacques, dormez-vous? dormez-vous? Sonnez les matines! Sonnez les matines!",
        "1. ___ 2. ___ 3. ___ 4. ___ 5. ___ 6. ___ 7. ___ 8. ___",
        "Me llamo ____________________________________. Tengo ______ años.",
        "- perro\n- gato\n- pan\n- perros\n- gatos",
        "Yo soy alto. Tú eres alto. Él es alto. Ella es alta. Nosotros somos altos. Vosotros sois altos.",
        "The wheels on the bus go round and round, round and round, round and round, all day long.",
        "Happy birthday to you, happy birthday to you, happy birthday dear Ana, happy birthday to you!",
        "Repite: perro, perro, perro, perro, perro. ¿Bien?",
        "1 perro, 2 perros, 3 perros, 4 perros, 5 perros, 6 perros",
        "Row, row, row your boat. Merrily, merrily, merrily, merrily, life is but a dream.",
        "la la la la la la la la la la",
        "こんにちは、こんにちは、こんにちは",
        "Cumpleaños feliz, cumpleaños feliz, te deseamos todos, cumpleaños feliz.",
        "---------------------------------------",
        "¡Muy bien! ¿Una mandarina o dos? " * 4,
        "".join(f"mandarina {number} " for number in range(60)),
        "".join(f"Línea {number}.\n\n" for number in range(40)),
        "".join(f"w{1000 + number} " for number in range(200)),
    ],
)
def test_what_is_meant_stays(text: str) -> None:
    assert watched(*text) is None
    assert watched(text) is None


def test_it_is_noticed_long_before_the_limit() -> None:
    watch, taken = RepetitionWatch(), 0
    for piece in ["Me ", "gusta ", "mucho ", "comer ", "pan ", "fresco. "] * 40:
        taken += len(piece)
        if watch.feed(piece) is not None:
            break
    assert taken < 230


def test_a_continued_reply_keeps_what_was_shown_before() -> None:
    shown = "Ayer comí pan. "
    assert watched("Me gusta mucho el pan. " * 20, shown=shown) == "Me gusta mucho el pan."
    assert watched(*("Ayer comí pan. " * 20), shown=shown) == ""


@given(st.lists(st.integers(1, 9), min_size=1, max_size=30), st.sampled_from(["pan ", "Me gusta el pan. ", "我吃。"]))
def test_no_split_changes_where_it_is_cut(sizes: list[int], unit: str) -> None:
    text, place, pieces = GREETING + unit * 40, 0, []
    for size in sizes:
        pieces.append(text[place : place + size])
        place += size
    assert watched(*pieces, text[place:]) == watched(*text) == watched(text)
