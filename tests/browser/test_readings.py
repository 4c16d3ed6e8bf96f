"""Japanese for a beginner: a talk that is led, typed in Latin letters, and how each line is read one tap away."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.browser.conftest import connected
from tests.live.house import House

pytestmark = pytest.mark.browser


@pytest.fixture
def japanese(house: House, page: Page, sign_in: Callable[[str], None]) -> Page:
    """A new talk of Ana's in Japanese, begun like any other."""
    sign_in("ana")
    page.goto(f"{house.url}/talk/")
    page.get_by_role("link", name="+ Language").click()
    page.locator("main select[name=language]").select_option("ja")
    page.locator("main select[name=level]").select_option("A1")
    page.get_by_role("button", name="Add").click()
    page.goto(f"{house.url}/talk/")
    page.get_by_role("link", name="日本語").click()
    page.get_by_role("button", name="Getting to know each other").click()
    page.wait_for_url("**/talk/*-*/")
    connected(page)
    return page


def test_a_beginner_reads_and_answers_in_latin_letters(japanese: Page) -> None:
    page = japanese
    expect(page.locator("[data-words]").first).to_contain_text("こんにちは。ユキです。")
    button = page.get_by_role("button", name="Readings").first
    button.focus()
    page.keyboard.press("Enter")
    expect(button).to_have_attribute("aria-expanded", "true")
    expect(page.locator(".romaji").first).to_contain_text("konnichi wa. yuki desu.")
    assert Axe().run(page).violations_count == 0
    page.keyboard.press("Enter")
    expect(page.locator("[data-readings]")).to_have_count(0)
    expect(button).to_be_focused()
    box = page.get_by_role("textbox", name="message")
    box.fill("watashi wa Ana desu")
    box.press("Enter")
    expect(page.locator("[data-words]").nth(1)).to_contain_text("か？")
    page.get_by_role("button", name="Readings").nth(1).click()
    expect(page.locator("[data-readings] ruby").first).to_be_visible()
    expect(page.locator(".romaji").last).to_contain_text("desu ka?")
