"""A child's session ends on the family's device: a tap on the name again, and the message goes out, once, as theirs."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import connected, until_on
from tests.browser.test_ended_sessions import ENDED, KEPT, WORDS, asked, kept_on, stored, write_and_send
from tests.browser.test_people import empty_database, set_up_a_family, visitor
from tests.live.house import House
from tutor.ollama.testing import ScriptedOllama

__all__ = ["empty_database", "visitor"]
pytestmark = pytest.mark.browser


@pytest.fixture
def home(engine: ScriptedOllama, empty_database: Path) -> Iterator[House]:
    """A house in which nobody is yet, with a model."""
    engine.forget()
    house = House(engine.base_url)
    shutil.copy(empty_database, house.var / "polyglott.sqlite3")
    with house:
        yield house


@pytest.fixture
def device(home: House, visitor: BrowserContext) -> Page:
    """The family's device, in nobody's hands."""
    page = visitor.new_page()
    set_up_a_family(page, home)
    page.get_by_role("button", name="This is our family’s device").click()
    expect(page.get_by_role("heading", name="The model that talks")).to_be_visible()
    page.goto(f"{home.url}/family/")
    return page


def tap(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def choose_who(page: Page, name: str) -> None:
    """From the sign-in page, which says why, to the names."""
    page.get_by_role("link", name="choose who you are").click()
    expect(page.get_by_text(KEPT)).to_be_visible()
    tap(page, name)


def begin_a_talk(page: Page) -> str:
    page.get_by_role("link", name="Choose a language").click()
    page.locator("[name=language]").select_option("es")
    page.get_by_role("button", name="Add").click()
    page.get_by_role("button", name="At the market").click()
    page.wait_for_url("**/talk/*-*/")
    connected(page)
    return page.url


def test_a_tap_on_the_name_brings_the_message_back(home: House, engine: ScriptedOllama, device: Page) -> None:
    tap(device, "Lena")
    address = begin_a_talk(device)
    until_on(device, lambda: bool(engine.chats) and all(one.over for one in engine.chats))
    home.write("delete from django_session")
    write_and_send(device)
    expect(device.get_by_text(ENDED)).to_be_visible()
    expect(device.get_by_text(KEPT)).to_be_visible()
    assert (stored(home), WORDS in kept_on(device)) == (0, False)
    engine.say(["Aquí ", "tiene."])
    choose_who(device, "Lena")
    device.wait_for_url(address)
    expect(device.locator(".mine").last).to_have_text(WORDS)
    expect(device.locator("[data-words]").last).to_have_text("Aquí tiene.")
    expect(device.get_by_role("textbox", name="Your message")).to_have_value("")
    device.reload()
    connected(device)
    expect(device.locator(".mine", has_text=WORDS)).to_have_count(1)
    assert (stored(home), asked(engine), kept_on(device)) == (1, 1, "{}")


def test_another_child_does_not_get_it(home: House, engine: ScriptedOllama, device: Page) -> None:
    """Not in sight, not in the browser's storage in words, and not as theirs; whose it is gets it later."""
    tap(device, "Lena")
    address = begin_a_talk(device)
    home.write("delete from django_session")
    write_and_send(device)
    expect(device.get_by_text(ENDED)).to_be_visible()
    choose_who(device, "Jonas")
    device.wait_for_url(re.compile("/talk/$"))
    begin_a_talk(device)
    expect(device.get_by_role("textbox", name="Your message")).to_have_value("")
    assert WORDS not in device.content() + kept_on(device)
    assert stored(home) == 0
    device.goto(f"{home.url}/family/")
    engine.say(["Aquí tiene."])
    tap(device, "Lena")
    device.wait_for_url("**/talk/**")
    device.goto(address)
    expect(device.locator(".mine").last).to_have_text(WORDS)
    until_on(device, lambda: stored(home) == 1)
    ((author,),) = home.rows(
        "select u.name from conversations_turn t join accounts_user u on u.id = t.author_id where t.text = ?", WORDS
    )
    assert author == "Lena"
