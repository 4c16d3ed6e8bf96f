"""Help in a talk: the card under the message, three answers above the composer, an offer after a silence."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import connected
from tests.live.house import House, running
from tutor.ollama.testing import ScriptedOllama

pytestmark = pytest.mark.browser
GUIDED = 2
# Forty seconds are two.
TIME_SCALE = "0.05"


@pytest.fixture(scope="module")
def one_house() -> Iterator[House]:
    with ScriptedOllama.in_thread() as engine, running(engine.base_url, POLYGLOTT_TIME_SCALE=TIME_SCALE) as house:
        yield house


@pytest.fixture
def house(one_house: House) -> House:
    return one_house


@pytest.fixture
def market(house: House, page: Page, context: BrowserContext) -> Page:
    """A guided talk at the market that has just begun."""
    context.add_cookies([{"name": "sessionid", "value": house.sessions["ana"], "url": house.url}])
    page.goto(f"{house.url}/talk/{house.fresh(like=GUIDED)}/")
    connected(page)
    return page


@pytest.fixture
def write(market: Page) -> Callable[[str], None]:
    def write(text: str) -> None:
        box = market.get_by_role("textbox", name="message")
        box.fill(text)
        box.press("Enter")

    return write


def test_a_card_stands_between_the_message_and_the_question(market: Page, write: Callable[[str], None]) -> None:
    write("what does manzana mean?")
    card = market.get_by_role("region", name="Help")
    expect(card).to_contain_text("manzana")
    expect(card).to_contain_text("apple")
    expect(card).to_contain_text("la · f.")
    expect(card).to_contain_text("from the word list")
    turn = market.locator("[data-turn]").last
    expect(turn.locator("[data-reply][data-state=done]")).to_be_visible()
    mine, help_card, said = (turn.locator(part).bounding_box() for part in ("[data-mine]", ".help", "[data-words]"))
    assert mine
    assert help_card
    assert said
    assert mine["y"] + mine["height"] <= help_card["y"]
    assert help_card["y"] + help_card["height"] <= said["y"]
    market.reload()
    expect(card).to_contain_text("apple")


def test_an_answer_is_chosen_by_keyboard_and_its_gap_is_filled_in(market: Page, write: Callable[[str], None]) -> None:
    write("no entiendo nada")
    expect(market.get_by_role("region", name="Help")).to_contain_text("The question means")
    suggested = market.locator("[data-suggested] button")
    expect(suggested).to_have_count(3)
    expect(market.locator(".turn .answers:visible")).to_have_count(0)
    assert Axe().run(market, options={"runOnly": ["wcag2a", "wcag2aa"]}).violations_count == 0
    suggested.last.focus()
    market.keyboard.press("Enter")
    box = market.get_by_role("textbox", name="message")
    expect(box).to_be_focused()
    assert "___" in box.input_value()
    market.keyboard.type("tomates")
    expect(box).to_have_value(suggested.last.inner_text().replace("_____", "tomates"))
    market.keyboard.press("Enter")
    expect(market.locator("[data-suggestions]")).to_be_hidden()


def test_after_a_silence_help_is_offered_once(market: Page) -> None:
    offer = market.locator("[data-offer]")
    expect(offer).to_contain_text("one tap away")
    box = market.get_by_role("textbox", name="message")
    box.press_sequentially("Q")
    expect(offer).to_be_empty()
    box.fill("")
    market.wait_for_timeout(3000)
    expect(offer).to_be_empty()
    market.get_by_role("button", name="Stuck?").click()
    expect(market.locator("[data-suggested] button")).to_have_count(3)
    expect(market.get_by_role("button", name="Stuck?")).to_be_hidden()


def test_nobody_is_disturbed_while_writing(market: Page) -> None:
    market.get_by_role("textbox", name="message").fill("Quiero")
    market.wait_for_timeout(3000)
    expect(market.locator("[data-offer]")).to_be_empty()
