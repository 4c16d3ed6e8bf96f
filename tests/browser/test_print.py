"""On paper stands the whole talk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.browser.pdf import pages_of, text_of
from tests.live.house import House

pytestmark = pytest.mark.browser
EXCHANGES = 13
LONG = "y después fuimos todos juntos al mercado grande de la plaza porque hacía sol " * 3


def written(house: House) -> str:
    """A talk of thirteen exchanges, all of them longer than a screen."""
    conversation = house.fresh()
    pk = house.rows("select id from conversations_conversation where public_id = ?", conversation.replace("-", ""))[0][
        0
    ]
    opener = house.rows("select id from conversations_turn where conversation_id = ? and ordinal = 0", pk)[0][0]
    reply = house.rows("select id from conversations_reply where turn_id = ?", opener)[0][0]
    for number in range(1, EXCHANGES + 1):
        turn = house.copy("conversations_turn", opener, ordinal=number, text=f"Pregunta{number}. {LONG}")
        house.copy("conversations_reply", reply, turn_id=turn, text=f"Respuesta{number}. {LONG}")
    return conversation


@pytest.mark.parametrize("width", [390, 1280])
def test_a_talk_is_printed_whole(house: House, page: Page, sign_in: Callable[[str], None], width: int) -> None:
    sign_in("ana")
    page.set_viewport_size({"width": width, "height": 700})
    page.goto(f"{house.url}/talk/{written(house)}/")
    pdf = page.pdf(format="A4")
    text = text_of(pdf)
    words = [f"{who}{number}." for who in ("Pregunta", "Respuesta") for number in range(1, EXCHANGES + 1)]
    assert [word for word in words if text.count(word) != 1] == []
    assert text.count("mercadogrande") == 2 * 3 * EXCHANGES
    assert "Send" not in text
    assert 2 <= pages_of(pdf) <= 8


def test_what_a_teacher_reads_is_printed_whole(house: House, page: Page, sign_in: Callable[[str], None]) -> None:
    sign_in("clara")
    page.goto(f"{house.url}/review/{written(house)}/")
    text = text_of(page.pdf(format="A4"))
    assert text.count("mercadogrande") == 2 * 3 * EXCHANGES
