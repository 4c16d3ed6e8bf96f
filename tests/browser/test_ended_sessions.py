"""A session ends on the server while somebody writes: they are told, and nothing of theirs is lost, or another's."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.contrib.auth.hashers import make_password
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.conftest import connected, until_on
from tests.environment import PASSWORD
from tests.live.house import House, running
from tutor.ollama.testing import ScriptedOllama

pytestmark = pytest.mark.browser
WORDS = "Quiero mandarinas."
ENDED = "You are signed out here"
KEPT = "not sent yet"


@pytest.fixture
def house(engine: ScriptedOllama) -> Iterator[House]:
    """A house of its own: its sessions, passwords and process come to an end."""
    engine.forget()
    with running(engine.base_url) as one:
        yield one


def end(house: House, how: str) -> None:
    match how:
        case "session":
            house.write("delete from django_session")
        case "expired":
            house.write("update django_session set expire_date = '2020-01-01 00:00:00'")
        case "password":
            # The same one with another salt, so that one test signs in as all others do.
            house.write("update accounts_user set password = ? where username = 'ana'", make_password(PASSWORD))
        case "restart":
            house.kill()
            house.write("delete from django_session")


def write_and_send(page: Page, words: str = WORDS) -> None:
    field = page.get_by_role("textbox", name="Your message")
    field.fill(words)
    field.press("Enter")


def come_in(page: Page, name: str) -> None:
    page.get_by_label("Username").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()


def asked(ollama: ScriptedOllama, words: str = WORDS) -> int:
    """How many requests ended with these words of the learner."""
    return sum(words in str(request.body["messages"][-1]) for request in ollama.chats)


def stored(house: House, words: str = WORDS) -> int:
    return len(house.rows("select id from conversations_turn where text = ?", words))


def kept_on(page: Page) -> str:
    return str(page.evaluate("JSON.stringify(localStorage)"))


@pytest.mark.parametrize("how", ["session", "expired", "password", "restart"])
def test_the_reason_is_shown_and_the_message_goes_out_once(
    talk: Page, house: House, ollama: ScriptedOllama, context: BrowserContext, how: str
) -> None:
    address = talk.url
    end(house, how)
    write_and_send(talk)
    if how == "restart":
        house.start()
    expect(talk.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(talk.get_by_text(ENDED)).to_be_visible()
    expect(talk.get_by_text(KEPT)).to_be_visible()
    assert (stored(house), WORDS in kept_on(talk)) == (0, False)
    ollama.say(["Aquí ", "tiene."])
    come_in(talk, "ana")
    talk.wait_for_url(address)
    expect(talk.locator(".mine").last).to_have_text(WORDS)
    expect(talk.locator("[data-words]").last).to_have_text("Aquí tiene.")
    expect(talk.get_by_role("textbox", name="Your message")).to_have_value("")
    talk.reload()
    connected(talk)
    expect(talk.locator(".mine", has_text=WORDS)).to_have_count(1)
    assert (stored(house), asked(ollama), kept_on(talk)) == (1, 1, "{}")
    context.complaints.clear()  # type: ignore[attr-defined]


def test_words_that_were_not_sent_are_there_again_and_wait(talk: Page, house: House, context: BrowserContext) -> None:
    """Signed out elsewhere: the page is left at once, in the middle of a sentence."""
    field = talk.get_by_role("textbox", name="Your message")
    field.fill("Quiero mand")
    other = context.browser.new_context()  # type: ignore[union-attr]
    other.add_cookies([{"name": "sessionid", "value": house.another_session("ana"), "url": house.url}])
    elsewhere = other.new_page()
    elsewhere.goto(f"{house.url}/you/")
    elsewhere.get_by_role("button", name=re.compile("everywhere", re.IGNORECASE)).click()
    expect(talk.get_by_text(ENDED)).to_be_visible()
    come_in(talk, "ana")
    connected(talk)
    expect(field).to_have_value("Quiero mand")
    assert stored(house, "Quiero mand") == 0
    other.close()


def test_on_a_shared_device_only_the_same_person_gets_it_back(talk: Page, house: House, ollama: ScriptedOllama) -> None:
    address = talk.url
    end(house, "session")
    write_and_send(talk)
    expect(talk.get_by_text(ENDED)).to_be_visible()
    come_in(talk, "ben")
    # Not to her conversation, which is not found for him.
    talk.wait_for_url(re.compile("/talk/$"))
    talk.goto(f"{house.url}/talk/{house.conversations['ben'][0]}/")
    connected(talk)
    expect(talk.get_by_role("textbox", name="Your message")).to_have_value("")
    assert "mandarinas" not in talk.content() + kept_on(talk)
    talk.locator(".rail-foot summary").click()
    talk.get_by_role("button", name="Sign out").click()
    expect(talk.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(talk.get_by_text(ENDED)).to_have_count(0)
    assert stored(house) == 0
    ollama.say(["Aquí tiene."])
    come_in(talk, "ana")
    talk.goto(address)
    expect(talk.locator(".mine").last).to_have_text(WORDS)
    until_on(talk, lambda: (stored(house), asked(ollama)) == (1, 1))


def test_without_a_socket_it_is_the_same(
    talk: Page, house: House, ollama: ScriptedOllama, context: BrowserContext
) -> None:
    talk.route_web_socket(re.compile("/ws/talk"), lambda route: route.close())
    talk.reload()
    expect(talk.locator("[data-talk][data-connection=polling]")).to_be_visible()
    end(house, "session")
    talk.get_by_role("textbox", name="Your message").fill(WORDS)
    expect(talk.get_by_text(ENDED)).to_be_visible()
    ollama.say(["Aquí tiene."])
    come_in(talk, "ana")
    expect(talk.locator("[data-talk][data-connection=polling]")).to_be_visible()
    expect(talk.get_by_role("textbox", name="Your message")).to_have_value(WORDS)
    talk.get_by_role("textbox", name="Your message").press("Enter")
    expect(talk.locator(".mine").last).to_have_text(WORDS)
    until_on(talk, lambda: (stored(house), asked(ollama)) == (1, 1))
    context.complaints.clear()  # type: ignore[attr-defined]


def test_a_page_that_is_asked_for_after_its_session_says_why(talk: Page, house: House) -> None:
    talk.get_by_role("textbox", name="Your message").fill(WORDS)
    end(house, "expired")
    talk.goto(talk.url)
    expect(talk.get_by_text(ENDED)).to_be_visible()
    expect(talk.get_by_text(KEPT)).to_be_visible()
    come_in(talk, "ana")
    expect(talk.get_by_role("textbox", name="Your message")).to_have_value(WORDS)


def test_whoever_signs_out_takes_their_words_along(talk: Page, house: House) -> None:
    """In another tab of the same browser as well."""
    talk.get_by_role("textbox", name="Your message").fill(WORDS)
    other = talk.context.new_page()
    other.goto(f"{house.url}/sign-out/")
    other.get_by_role("button", name="Sign out").click()
    expect(talk.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(talk.get_by_text(KEPT)).to_be_hidden()
    assert kept_on(talk) == "{}"
    come_in(talk, "ana")
    expect(talk.get_by_role("textbox", name="Your message")).to_have_value("")
    other.close()
