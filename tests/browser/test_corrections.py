"""Corrections in the margin: they come after the reply, hints one by one, by keyboard, and stay after a reload."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import connected
from tests.live.doubting import doubting
from tests.live.house import House, running
from tutor.ollama.testing import ScriptedOllama

pytestmark = pytest.mark.browser
WRONG = "Yo tiene un perro. Busco el gafas de mi hermana."


@pytest.fixture(scope="module")
def one_house() -> Iterator[House]:
    with ScriptedOllama.in_thread() as engine:
        engine.script(doubting("el", "las", 9.0))
        with running(engine.base_url, POLYGLOTT_CORRECTIONS="model") as house:
            yield house


@pytest.fixture
def house(one_house: House) -> House:
    return one_house


@pytest.fixture
def talk(house: House, page: Page, context: BrowserContext) -> Callable[[str], Page]:
    def at(level: str) -> Page:
        conversation = house.fresh()
        house.write(f"update conversations_conversation set level = '{level}'")  # noqa: S608 - a level of ours
        context.add_cookies([{"name": "sessionid", "value": house.sessions["ana"], "url": house.url}])
        page.goto(f"{house.url}/talk/{conversation}/")
        connected(page)
        return page

    return at


def write(page: Page) -> None:
    box = page.get_by_role("textbox", name="message")
    box.fill(WRONG)
    box.press("Enter")
    expect(page.locator("[data-finding]:visible")).to_have_count(2)


def test_a_beginner_reads_the_answer_at_once(talk: Callable[[str], Page]) -> None:
    page = talk("A2")
    write(page)
    first, second = page.locator("[data-finding]:visible").all()
    expect(first.locator(".change")).to_have_text("Yo tiene better:tengo un perro.")
    expect(first).to_contain_text("Verb and person")
    expect(first).to_contain_text("a rule")
    expect(first).to_contain_text("It goes with “Yo”.")
    expect(second.locator("[data-answer]")).to_have_text("las")
    page.reload()
    connected(page)
    expect(page.locator("[data-finding]:visible .change").first).to_have_text("Yo tiene better:tengo un perro.")
    assert Axe().run(page).response["violations"] == []


def test_others_climb_by_keyboard_and_may_disagree(talk: Callable[[str], Page]) -> None:
    page = talk("B2")
    write(page)
    first = page.locator("[data-finding]:visible").first
    expect(first.locator("[data-answer]")).to_be_hidden()
    first.get_by_role("button", name="Next hint").focus()
    for rung in ("kind", "choices", "answer"):
        page.keyboard.press("Enter")
        expect(first).to_have_attribute("data-rung", rung)
    expect(first.locator("[data-answer]")).to_have_text("tengo")
    disagree = first.get_by_role("button", name="Not right?")
    expect(disagree).to_be_focused()
    page.keyboard.press("Enter")
    expect(disagree).to_have_attribute("aria-pressed", "true")


def test_on_a_phone_they_stand_under_the_message(talk: Callable[[str], Page]) -> None:
    page = talk("A2")
    page.set_viewport_size({"width": 390, "height": 844})
    write(page)
    mine, note = (
        page.locator(".mine:visible").last.bounding_box(),
        page.locator("[data-finding]:visible").first.bounding_box(),
    )
    assert mine is not None
    assert note is not None
    assert note["y"] >= mine["y"] + mine["height"]
    assert note["width"] <= 390


def test_turns_stand_below_each_other(talk: Callable[[str], Page]) -> None:
    """The greeting has no message of the learner, and takes its room all the same."""
    page = talk("A2")
    page.set_viewport_size({"width": 1360, "height": 820})
    write(page)
    boxes = [turn.bounding_box() for turn in page.locator("[data-turn]").all()]
    words = page.locator("[data-turn]").first.locator("[data-reply]").bounding_box()
    first, second = boxes[0], boxes[1]
    assert first is not None
    assert second is not None
    assert words is not None
    assert words["y"] + words["height"] <= first["y"] + first["height"] + 1
    assert first["y"] + first["height"] <= second["y"]


def test_who_wants_to_ask_asks_by_keyboard(house: House, talk: Callable[[str], Page]) -> None:
    house.write("update learners_study set corrections = 'asked'")
    try:
        page = talk("A2")
        box = page.get_by_role("textbox", name="message")
        box.fill(WRONG)
        box.press("Enter")
        check = page.get_by_role("button", name="Check this").last
        check.focus()
        assert Axe().run(page).response["violations"] == []
        page.keyboard.press("Enter")
        expect(page.locator("[data-finding]:visible")).to_have_count(2)
        expect(check).to_be_hidden()
    finally:
        house.write("update learners_study set corrections = 'live'")


def test_on_a_phone_they_fold_into_a_chip(talk: Callable[[str], Page]) -> None:
    page = talk("A2")
    page.set_viewport_size({"width": 390, "height": 844})
    write(page)
    chip = page.locator("[data-count]:visible")
    expect(chip).to_have_text("2 notes")
    chip.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-finding]:visible")).to_have_count(0)
    page.keyboard.press("Enter")
    expect(page.locator("[data-finding]:visible")).to_have_count(2)
    assert Axe().run(page).response["violations"] == []


def test_they_mirror_where_one_writes_from_right_to_left(talk: Callable[[str], Page]) -> None:
    page = talk("A2")
    page.set_viewport_size({"width": 1360, "height": 820})
    write(page)
    page.evaluate("document.documentElement.dir = 'rtl'")
    note, mine = (
        page.locator("[data-finding]:visible").first.bounding_box(),
        page.locator(".mine:visible").last.bounding_box(),
    )
    assert note is not None
    assert mine is not None
    assert note["x"] + note["width"] <= mine["x"]
