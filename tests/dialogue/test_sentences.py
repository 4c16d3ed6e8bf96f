"""A reply that reached its limit is cut at the end of a sentence, or at least of a word."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tutor.dialogue.sentences import cut_back


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("¡Hola! Ayer fui al mercado y compré man", "¡Hola!"),
        ("Compré pan. ¿Y tú? Me gus", "Compré pan. ¿Y tú?"),
        ("Compré pan. ¿Y tú?", "Compré pan. ¿Y tú?"),
        ("Dijo: «Hola.» Luego se fu", "Dijo: «Hola.»"),
        ("El Sr. Pérez y la Dra. Gil viven aquí. Tien", "El Sr. Pérez y la Dra. Gil viven aquí."),
        ("Cuesta 3.50 euros, o 4. No es mucho. Per", "Cuesta 3.50 euros, o 4. No es mucho."),
        ("Am 3. Mai war es z. B. sehr warm. Wir gin", "Am 3. Mai war es z. B. sehr warm."),
        ("Nací en 1990. Viv", "Nací en 1990."),
        ("J. R. Tolkien wrote it. He li", "J. R. Tolkien wrote it."),
        ("昨日は市場に行きました。りんごを買", "昨日は市場に行きました。"),
        ("我昨天去了市场！买了苹", "我昨天去了市场！"),
        ("هل أنت بخير؟ أنا بخ", "هل أنت بخير؟"),
        ("मैं ठीक हूँ। आप कै", "मैं ठीक हूँ।"),
        ("Τι κάνεις; Εγώ είμ", "Τι κάνεις;"),
        ("Primero; luego otr", "Primero; luego"),
        ("Lista:\n- perro\n- gato\n- caba", "Lista:\n- perro\n- gato"),
        ("Muy bien. Estas son:\n1. per", "Muy bien."),
        ("Bien. 😀 Me gus", "Bien."),
        ("Espera… no lo", "Espera…"),
        ("Ayer fui al mercado y compré manzanas, peras y un kilo de nar", None),
        ("una dos ", "una dos"),
        ("昨日は市場に行", "昨日は市場に行"),
        ("palabra", "palabra"),
        ("", ""),
    ],
)
def test_the_cut_stands_at_an_end(text: str, kept: str | None) -> None:
    assert cut_back(text) == (text.rpartition(" ")[0] if kept is None else kept)


def test_an_end_far_back_does_not_cost_all_that_came_after_it() -> None:
    text = "¡Hola! " + "palabra " * 80 + "pala"
    assert cut_back(text) == ("¡Hola! " + "palabra " * 80).strip()


@given(st.text(max_size=300))
def test_what_is_kept_is_how_the_text_began(text: str) -> None:
    assert text.startswith(cut_back(text))
    assert cut_back(cut_back(text) + ".") == cut_back(text) + "." or not cut_back(text)[-1:].isalpha()
