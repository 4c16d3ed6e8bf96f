"""Where the learner writes."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.browser.conftest import connected, until_on
from tests.live.house import House
from tutor.ollama.testing import ScriptedOllama

pytestmark = pytest.mark.browser


def test_an_enter_that_ends_a_composition_does_not_send(talk: Page) -> None:
    field = talk.get_by_role("textbox", name="Your message")
    field.fill("にほんご")
    for event in ({"isComposing": True, "keyCode": 13}, {"isComposing": False, "keyCode": 229}):
        field.evaluate(
            "(field, how) => field.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', bubbles: true, ...how}))",
            event,
        )
    talk.wait_for_timeout(300)
    assert field.input_value() == "にほんご"
    assert talk.locator(".mine:not([hidden])").count() == 0


def test_shift_and_enter_is_a_new_line(talk: Page) -> None:
    field = talk.get_by_role("textbox", name="Your message")
    field.press_sequentially("uno")
    field.press("Shift+Enter")
    field.press_sequentially("dos")
    assert field.input_value() == "uno\ndos"


def test_the_accent_bar_writes_where_the_cursor_is(talk: Page) -> None:
    field = talk.get_by_role("textbox", name="Your message")
    field.fill("Manana")
    field.evaluate("field => field.setSelectionRange(2, 3)")
    talk.get_by_role("button", name="ñ").click()
    assert field.input_value() == "Mañana"


def test_drafts_are_kept_and_wiped_at_sign_out(talk: Page, house: House) -> None:
    field = talk.get_by_role("textbox", name="Your message")
    field.fill("Todavía no")
    talk.reload()
    expect(field).to_have_value("Todavía no")
    keys = talk.evaluate("Object.keys(localStorage)")
    assert len(keys) == 1
    talk.locator(".rail-foot summary").click()
    talk.evaluate("document.querySelector('form[data-sign-out]').addEventListener('submit', e => e.preventDefault())")
    talk.get_by_role("button", name="Sign out").click()
    assert talk.evaluate("Object.keys(localStorage)") == []


@pytest.mark.parametrize("kinds", [("accepted",), ("accepted", "turn")], ids=" ".join)
def test_what_is_a_turn_already_leaves_the_composer(talk: Page, ollama: ScriptedOllama, kinds: tuple[str, ...]) -> None:
    """The answer to a message is lost on the way: the turn says the same, at once or after a reload."""
    lost = set(kinds)
    ollama.say(["Aquí tiene."])

    def lose(route: WebSocketRoute) -> None:
        server = route.connect_to_server()
        server.on_message(lambda frame: None if json.loads(frame)["type"] in lost else route.send(frame))

    talk.route_web_socket(re.compile("/ws/talk"), lose)
    talk.reload()
    connected(talk)
    field = talk.get_by_role("textbox", name="Your message")
    field.fill("Quiero pan.")
    field.press("Enter")
    if "turn" in lost:
        until_on(talk, lambda: bool(ollama.chats) and "Quiero pan." in str(ollama.chats[-1].body))
        expect(field).to_have_value("Quiero pan.")
        lost.clear()
        talk.reload()
    expect(field).to_have_value("")
    expect(talk.locator(".mine:not([hidden])")).to_have_count(1)
    assert talk.evaluate("Object.keys(localStorage)") == []


def test_two_tabs_leave_each_other_their_drafts(talk: Page, context: BrowserContext) -> None:
    field = talk.get_by_role("textbox", name="Your message")
    field.fill("Un texto largo")
    other = context.new_page()
    other.goto(talk.url)
    connected(other)
    theirs = other.get_by_role("textbox", name="Your message")
    expect(theirs).to_have_value("Un texto largo")
    theirs.fill("Hola")
    theirs.press("Enter")
    expect(theirs).to_have_value("")
    expect(talk.locator(".mine").last).to_have_text("Hola")
    talk.reload()
    expect(field).to_have_value("Un texto largo")
    other.reload()
    expect(theirs).to_have_value("Un texto largo")
    connected(talk)
    field.press("Enter")
    expect(field).to_have_value("")
    expect(other.locator(".mine").last).to_have_text("Un texto largo")
    expect(theirs).to_have_value("")
    assert other.evaluate("Object.keys(localStorage)") == []
    other.close()


def test_what_was_to_go_out_when_the_network_is_back_goes_out_after_a_reload(
    talk: Page, context: BrowserContext
) -> None:
    context.set_offline(True)
    field = talk.get_by_role("textbox", name="Your message")
    expect(talk.locator("[data-talk][data-connection=offline]")).to_be_visible()
    field.fill("Quiero pan.")
    field.press("Enter")
    expect(talk.locator("[data-trouble]")).to_contain_text("go out when it is back")
    context.set_offline(False)
    talk.reload()
    expect(talk.locator(".mine").last).to_have_text("Quiero pan.")
    expect(field).to_have_value("")
    context.complaints.clear()  # type: ignore[attr-defined]


def test_what_lies_there_unsealed_or_for_too_long_is_swept(talk: Page, context: BrowserContext) -> None:
    """And what is sealed is kept where nobody is signed in: a session that ended by itself takes nothing along."""
    talk.get_by_role("textbox", name="Your message").fill("Todavía no")
    talk.evaluate("localStorage.setItem('polyglott:draft:somebody:conversation', '{}')")
    talk.evaluate("localStorage.setItem('polyglott:draft:somebody:another', '1.1500000000000.AAAA')")
    own = talk.evaluate("document.documentElement.dataset.person")
    talk.reload()
    expect(talk.get_by_role("textbox", name="Your message")).to_have_value("Todavía no")
    kept = talk.evaluate("Object.keys(localStorage)")
    assert [key.startswith(f"polyglott:draft:{own}:") for key in kept] == [True]
    context.clear_cookies()
    talk.reload()
    expect(talk.get_by_role("heading", name="Sign in")).to_be_visible()
    assert talk.evaluate("Object.keys(localStorage)") == kept
    assert "Todavía" not in talk.evaluate("JSON.stringify(localStorage)")


def test_a_long_message_is_counted(talk: Page) -> None:
    field = talk.get_by_role("textbox", name="Your message")
    field.fill("a" * 8001)
    expect(talk.locator("[data-count]")).to_have_text("8001 of 8000 characters")
    expect(talk.get_by_role("button", name="Send")).to_be_disabled()
    field.fill("😀" * 7500)
    expect(talk.get_by_role("button", name="Send")).to_be_enabled()
