"""Talks that are led, from the page where they begin to their end, by somebody who types as beginners do."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import connected
from tests.live.house import House

pytestmark = pytest.mark.browser


def begun(page: Page, house: House, language: str, button: str, scenario: str) -> None:
    """A new talk at A1 in a language, begun like any other."""
    page.goto(f"{house.url}/talk/")
    if page.get_by_role("link", name=button).count() == 0:
        page.get_by_role("link", name="+ Language").click()
        page.locator("main select[name=language]").select_option(language)
        page.locator("main select[name=level]").select_option("A1")
        page.get_by_role("button", name="Add").click()
        page.goto(f"{house.url}/talk/")
    page.get_by_role("link", name=button).click()
    page.get_by_role("button", name=scenario).click()
    page.wait_for_url("**/talk/*-*/")
    connected(page)


def say(page: Page, words: str, answer: str) -> None:
    """Send a message and read what is said to it."""
    box = page.get_by_role("textbox", name="message")
    box.fill(words)
    box.press("Enter")
    expect(page.locator("[data-words]").last).to_contain_text(answer)


def test_a_word_looked_up_in_portuguese(house: House, page: Page, sign_in: Callable[[str], None]) -> None:
    sign_in("ana")
    begun(page, house, "pt", "Português", "Getting to know each other")
    expect(page.locator("[data-words]").first).to_contain_text("Oi! Eu sou a Lúcia.")
    for asked, found in (("o que significa gato?", "cat"), ("como se diz dog", "cachorro")):
        say(page, asked, "?")
        expect(page.locator("[data-kind=help]:visible").last).to_contain_text(found)


def test_a_room_in_a_hotel(house: House, page: Page, sign_in: Callable[[str], None]) -> None:
    sign_in("ana")
    begun(page, house, "fr", "Français", "At the hotel")
    say(page, "non", "il y a des chambres libres.")
    say(page, "pour deux", "Il y a une chambre double au premier étage.")
    say(page, "deux nuit", "Très bien, c'est noté.")
    say(page, "combien coute la chambre", "Une chambre coûte entre cinquante et soixante-dix euros.")
    say(page, "la douche marche pas", "Quelqu'un va vérifier l'eau.")
