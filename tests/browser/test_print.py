"""On paper stands the whole talk."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.pdf import pages_of, text_of
from tests.live.house import House

pytestmark = pytest.mark.browser
EXCHANGES, MANY = 13, 60
LONG = "y después fuimos todos juntos al mercado grande de la plaza porque hacía sol " * 3


def written(house: House, exchanges: int = EXCHANGES) -> str:
    """A talk of so many exchanges, all of them longer than a screen."""
    conversation = house.fresh()
    pk = house.rows("select id from conversations_conversation where public_id = ?", conversation.replace("-", ""))[0][
        0
    ]
    opener = house.rows("select id from conversations_turn where conversation_id = ? and ordinal = 0", pk)[0][0]
    reply = house.rows("select id from conversations_reply where turn_id = ?", opener)[0][0]
    for number in range(1, exchanges + 1):
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


def test_a_talk_longer_than_the_page_loads_is_printed_whole(
    house: House, page: Page, sign_in: Callable[[str], None]
) -> None:
    sign_in("ana")
    page.goto(f"{house.url}/talk/{written(house, MANY)}/")
    expect(page.get_by_text("Pregunta1.")).to_have_count(0)
    text = text_of(page.pdf(format="A4"))
    words = [f"{who}{number}." for who in ("Pregunta", "Respuesta") for number in range(1, MANY + 1)]
    assert [word for word in words if text.count(word) != 1] == []


@pytest.mark.parametrize("report", [True, False])
def test_paper_shows_all_of_a_talk_and_its_report_if_asked(
    house: House, page: Page, sign_in: Callable[[str], None], *, report: bool
) -> None:
    sign_in("ana")
    page.goto(f"{house.url}/talk/{written(house, MANY)}/paper/")
    if report:
        page.get_by_label("with the report").check()
        page.get_by_role("button", name="Show").click()
    assert Axe().run(page).response["violations"] == []
    text = text_of(page.pdf(format="A4"))
    assert text.count("mercadogrande") >= 2 * 3 * MANY
    assert [number for number in range(1, MANY + 1) if text.count(f"Respuesta{number}.") != 1] == []
    assert ("Whatwentwell" in text) is report
    assert "withthereport" not in text


def test_what_a_teacher_reads_is_printed_whole(house: House, page: Page, sign_in: Callable[[str], None]) -> None:
    sign_in("clara")
    page.goto(f"{house.url}/review/{written(house)}/")
    text = text_of(page.pdf(format="A4"))
    assert text.count("mercadogrande") == 2 * 3 * EXCHANGES
