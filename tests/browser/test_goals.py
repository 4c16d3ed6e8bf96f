"""The goals in the talk's head: ticked while one talks, read out, and folded on a phone."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import connected
from tests.live.house import House

pytestmark = pytest.mark.browser
WORDS = "Quiero dos kilos de manzanas. ¿Cuánto cuesta todo?"
SHOTS = os.environ.get("POLYGLOTT_TESTS_SHOTS")


def shot(page: Page, name: str) -> None:
    """A picture for whoever looks at the pages themselves."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.fixture
def market(house: House, page: Page, sign_in: Callable[[str], None]) -> Page:
    sign_in("ana")
    page.set_viewport_size({"width": 1360, "height": 820})
    page.goto(f"{house.url}/talk/{house.fresh(like=2)}/")
    connected(page)
    return page


def write(page: Page, words: str) -> None:
    page.get_by_role("textbox", name="Your message").fill(words)
    page.keyboard.press("Enter")


def test_goals_are_ticked_as_they_are_met(market: Page) -> None:
    goals = market.get_by_role("list", name="Goals").get_by_role("listitem")
    expect(goals).to_have_count(4)
    expect(market.locator("[data-met=true]")).to_have_count(0)
    write(market, WORDS)
    expect(market.locator("[data-met=true]")).to_have_count(3)
    expect(goals.nth(2)).to_have_text("ask the price (reached)")
    expect(market.locator("[data-goals-status]")).to_contain_text("Goal reached: ask for something to eat")
    connected(market)
    shot(market, "goals-desktop")
    assert Axe().run(market).response["violations"] == []
    market.reload()
    expect(market.locator("[data-met=true]")).to_have_count(3)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone_they_open_from_a_count(house: House, browser: Browser, scheme: Literal["light", "dark"]) -> None:
    context = browser.new_context(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    context.add_cookies([{"name": "sessionid", "value": house.sessions["ana"], "url": house.url}])
    page = context.new_page()
    page.goto(f"{house.url}/talk/{house.fresh(like=2)}/")
    connected(page)
    expect(page.locator("#goals")).to_be_hidden()
    write(page, WORDS)
    count = page.get_by_role("button", name="Goals: 3 of 4")
    expect(count).to_be_visible()
    count.focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-goal]:visible")).to_have_count(4)
    shot(page, f"goals-phone-{scheme}")
    assert Axe().run(page).response["violations"] == []
    page.keyboard.press("Escape")
    expect(page.locator("#goals")).to_be_hidden()
    context.close()


def test_in_spanish_and_from_right_to_left(house: House, market: Page) -> None:
    market.set_extra_http_headers({"Accept-Language": "es"})
    house.write("update accounts_user set interface_language = 'es' where username = 'ana'")
    try:
        market.reload()
        goals = market.get_by_role("list", name="Metas").get_by_role("listitem")
        expect(goals.first).to_contain_text("pedir algo de comer")
        market.evaluate("document.documentElement.dir = 'rtl'")
        title = market.locator("[data-title]").bounding_box()
        goal = market.locator("[data-goal]").first.bounding_box()
        assert title is not None
        assert goal is not None
        assert goal["x"] < title["x"]
        shot(market, "goals-right-to-left")
        assert market.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    finally:
        house.write("update accounts_user set interface_language = 'en' where username = 'ana'")


def test_a_teacher_sees_them_too(house: House, market: Page, sign_in: Callable[[str], None]) -> None:
    write(market, WORDS)
    connected(market)
    address = market.url.split("/talk/")[1]
    sign_in("clara")
    market.goto(f"{house.url}/review/{address}")
    expect(market.get_by_role("list", name="Goals").locator("[data-met=true]")).to_have_count(3)
    shot(market, "goals-review")
    assert Axe().run(market).response["violations"] == []
