"""The talk in a real browser: words as they are written, and nothing lost on the way."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from urllib.parse import unquote

import pytest
from playwright.sync_api import BrowserContext, Page, WebSocketRoute, expect

from tests.browser.conftest import connected, until_on
from tests.live.house import House
from tests.patience import until_blocking
from tests.prompted import Prompted
from tutor.ollama.testing import ScriptedOllama, faults

pytestmark = pytest.mark.browser
WORDS = "Sí, el pan es de **esta mañana**. Dos kilos de manzanas, muy bien. ¿Algo más?"
PIECES = re.findall(r"\S+\s*", WORDS)
SHOWN = WORDS.replace("*", "")


def say(page: Page, text: str) -> None:
    page.get_by_role("textbox", name="Your message").fill(text)
    page.keyboard.press("Enter")


def prompted(ollama: ScriptedOllama, pieces: Sequence[str] = PIECES) -> Prompted:
    """The next reply, which grows when it is told to."""
    reply = Prompted(pieces)
    ollama.script(reply.reply, once=True)
    return reply


def growing(page: Page, ollama: ScriptedOllama, pieces: int) -> Prompted:
    """A reply of which so many pieces stand on the page."""
    reply = prompted(ollama)
    say(page, "Quiero pan.")
    reply.say(pieces)
    expect(page.locator("[data-words]").last).to_have_text(reply.said.replace("*", "").rstrip())
    return reply


def last_words(page: Page) -> str:
    return page.locator("[data-words]").last.inner_text()


def test_words_arrive_as_they_are_written(talk: Page, ollama: ScriptedOllama) -> None:
    reply = prompted(ollama)
    say(talk, "Quiero pan, por favor.")
    expect(talk.locator(".mine").last).to_have_text("Quiero pan, por favor.")
    for pieces in (1, 2, 4, 3):
        reply.say(pieces)
        expect(talk.locator("[data-words]").last).to_have_text(reply.said.replace("*", "").rstrip())
        expect(talk.locator("[data-status]")).to_have_text("Writing…")
    expect(talk.locator("[data-words] strong").last).to_have_text("esta mañana")
    reply.let_go()
    expect(talk.locator("[data-status]")).to_have_text("")
    assert last_words(talk) == SHOWN
    expect(talk.locator("[data-words] strong").last).to_have_text("esta mañana")
    expect(talk.get_by_role("textbox", name="Your message")).to_have_value("")


def test_what_is_not_closed_yet_shows_no_marks(talk: Page, ollama: ScriptedOllama) -> None:
    reply = prompted(ollama)
    say(talk, "Quiero pan.")
    reply.say(6)
    assert reply.said.endswith("**esta ")
    expect(talk.locator("[data-words]").last).to_contain_text("esta")
    assert SHOWN.startswith(last_words(talk).rstrip("*"))
    reply.let_go()
    expect(talk.locator("[data-words]").last).to_have_text(SHOWN)


def test_escape_stops_and_keeps_the_words(talk: Page, ollama: ScriptedOllama) -> None:
    growing(talk, ollama, 4)
    escape_what_is_open(talk)
    talk.keyboard.press("Escape")
    expect(talk.locator("[data-ending]").last).to_have_text("You stopped here.")
    kept = last_words(talk)
    assert kept == "Sí, el pan es"
    talk.reload()
    assert last_words(talk) == kept
    prompted(ollama)
    talk.get_by_role("button", name="Continue").click()
    expect(talk.locator("[data-ending]").last).to_be_hidden()
    talk.get_by_role("button", name="Stop").focus()
    talk.keyboard.press("Enter")
    expect(talk.locator("[data-ending]").last).to_have_text("You stopped here.")
    expect(talk.get_by_role("textbox", name="Your message")).to_be_focused()


def escape_what_is_open(page: Page) -> None:
    """The key closes a menu, a form, what stands in a search, and leaves the growing reply alone."""
    menu = page.locator(".talk-head details[data-menu]")
    menu.locator("summary").click()
    page.keyboard.press("Escape")
    expect(menu).not_to_have_attribute("open", "")
    menu.locator("summary").click()
    page.get_by_role("button", name="Rename").click()
    page.keyboard.press("Escape")
    expect(page.get_by_role("textbox", name="Title")).to_be_hidden()
    page.locator("#search").fill("pan")
    page.keyboard.press("Escape")
    page.get_by_role("textbox", name="Your message").focus()
    expect(page.locator("[data-status]")).to_have_text("Writing…")


def test_a_reload_and_a_second_tab_show_the_same_reply(
    talk: Page, context: BrowserContext, ollama: ScriptedOllama
) -> None:
    reply = growing(talk, ollama, 1)
    second = context.new_page()
    second.goto(talk.url)
    talk.reload()
    reply.say(4)
    for tab in (talk, second):
        expect(tab.locator("[data-words]").last).to_have_text("Sí, el pan es de")
    reply.let_go()
    for tab in (talk, second):
        expect(tab.locator("[data-words]").last).to_have_text(SHOWN)
        assert tab.locator("[data-turn]").count() == 2


def test_after_the_server_was_killed_the_words_are_there_and_go_on(
    talk: Page, house: House, ollama: ScriptedOllama
) -> None:
    reply = prompted(ollama)
    say(talk, "Quiero pan.")
    reply.say(5)
    expect(talk.locator("[data-words]").last).to_have_text("Sí, el pan es de")
    until_blocking(lambda: (reply.said,) in house.rows("select text from conversations_reply where state = 'running'"))
    house.kill()
    expect(talk.locator("[data-status]")).to_contain_text("Reconnecting")
    house.start()
    expect(talk.locator("[data-status]")).to_have_text("Interrupted. Continue?")
    expect(talk.locator("[data-ending]").last).to_contain_text("The words so far are kept.")
    assert last_words(talk) == "Sí, el pan es de"
    talk.context.complaints.clear()  # type: ignore[attr-defined]


def test_a_failed_reply_is_tried_again_without_typing(talk: Page, ollama: ScriptedOllama) -> None:
    ollama.script(faults.model_missing(), once=True)
    ollama.say(PIECES)
    say(talk, "Quiero pan.")
    expect(talk.locator("[data-ending]").last).to_contain_text("Your message is kept.")
    talk.get_by_role("button", name="Try again").click()
    expect(talk.locator("[data-words]").last).to_have_text(SHOWN)
    expect(talk.get_by_role("button", name="Try again")).to_have_count(0)


def test_a_second_message_meanwhile_stays_in_the_composer(talk: Page, ollama: ScriptedOllama) -> None:
    reply = prompted(ollama)
    say(talk, "Quiero pan.")
    reply.say(1)
    expect(talk.locator("[data-status]")).to_have_text("Writing…")
    say(talk, "Y queso.")
    expect(talk.locator("[data-trouble]")).to_contain_text("Your words wait here.")
    reply.let_go()
    expect(talk.get_by_role("textbox", name="Your message")).to_have_value("Y queso.")
    expect(talk.locator("[data-words]").last).to_have_text(SHOWN)


def test_a_refusal_stands_until_something_else_is_said(talk: Page, house: House) -> None:
    """Also while nothing grows: the page is brought up to date, which must not take the words away."""
    conversation = talk.url.rstrip("/").rsplit("/", 1)[-1].replace("-", "")
    house.write("update conversations_conversation set deleted = current_timestamp where public_id = ?", conversation)
    say(talk, "Quiero pan.")
    expect(talk.locator("[data-trouble]")).to_have_text("This conversation cannot be opened any more.")
    talk.wait_for_timeout(300)
    expect(talk.locator("[data-trouble]")).to_be_visible()
    expect(talk.get_by_role("textbox", name="Your message")).to_have_value("Quiero pan.")


def test_why_the_server_closed_is_said_until_it_is_back(
    house: House, page: Page, sign_in: Callable[[str], None]
) -> None:
    sockets: list[WebSocketRoute] = []

    def close_the_first(socket: WebSocketRoute) -> None:
        sockets.append(socket)
        if len(sockets) == 1:
            socket.send('{"type": "bye", "code": 4012, "message": "Back in a moment."}')
            socket.close(code=4012)

    page.route_web_socket(re.compile("/ws/talk"), close_the_first)
    sign_in("ana")
    conversation = house.conversations["ana"][0]
    page.goto(f"{house.url}/talk/{conversation}/")
    until_on(page, lambda: len(sockets) > 1)
    expect(page.locator("[data-trouble]")).to_have_text("Back in a moment.")
    told = {"type": "subscribed", "conversation": conversation, "model": "m", "guided": False, "busy": False}
    sockets[-1].send(json.dumps({**told, "switched_from": ""}))
    expect(page.locator("[data-trouble]")).to_be_hidden()


def test_where_no_socket_gets_through_the_talk_goes_on(
    house: House, page: Page, sign_in: Callable[[str], None], ollama: ScriptedOllama
) -> None:
    page.route_web_socket(re.compile("/ws/talk"), lambda socket: socket.close(code=3000))
    ollama.say(PIECES)
    sign_in("ana")
    page.goto(f"{house.url}/talk/{house.conversations['ana'][0]}/")
    expect(page.locator("[data-talk][data-connection=polling]")).to_be_visible(timeout=20_000)
    say(page, "Quiero pan.")
    expect(page.locator("[data-words]").last).to_have_text(SHOWN)


def test_off_the_network_and_back(talk: Page, context: BrowserContext, ollama: ScriptedOllama) -> None:
    ollama.say(PIECES)
    context.set_offline(True)
    expect(talk.locator("[data-status]")).to_contain_text("You are offline.")
    say(talk, "Quiero pan.")
    expect(talk.locator("[data-trouble]")).to_contain_text("Your words are kept")
    context.set_offline(False)
    expect(talk.locator("[data-words]").last).to_have_text(SHOWN)
    assert talk.locator(".mine:not([hidden])").count() == 1
    context.complaints.clear()  # type: ignore[attr-defined]


def test_what_is_asked_for_off_the_network_happens_when_it_is_back(
    talk: Page, context: BrowserContext, ollama: ScriptedOllama
) -> None:
    reply = prompted(ollama)
    say(talk, "Quiero pan.")
    reply.say(4)
    expect(talk.locator("[data-words]").last).to_have_text("Sí, el pan es")
    go_offline(talk)
    talk.get_by_role("button", name="Stop").click()
    expect(talk.locator("[data-trouble]")).to_have_text(re.compile("told to stop when it is back"))
    context.set_offline(False)
    expect(talk.locator("[data-ending]").last).to_have_text("You stopped here.")
    expect(talk.locator("[data-trouble]")).to_be_hidden()
    go_offline(talk)
    for _ in range(2):
        talk.get_by_role("button", name="Try again").click()
    expect(talk.locator("[data-trouble]")).to_have_text(re.compile("tries again when it is back"))
    ollama.say(PIECES)
    asked = len(ollama.chats)
    context.set_offline(False)
    expect(talk.locator("[data-words]").last).to_have_text(SHOWN)
    expect(talk.locator("[data-trouble]")).to_be_hidden()
    assert len(ollama.chats) == asked + 1
    context.complaints.clear()  # type: ignore[attr-defined]


def go_offline(page: Page) -> None:
    page.context.set_offline(True)
    expect(page.locator("[data-status]")).to_contain_text("You are offline.")


def test_states_are_read_out_once_and_do_not_tick(talk: Page, ollama: ScriptedOllama) -> None:
    talk.evaluate("""() => {
      const region = document.querySelector('[data-announce][role=status]');
      window.heard = [];
      new MutationObserver(() => window.heard.push(region.textContent)).observe(region, {childList: true});
    }""")
    reply = prompted(ollama)
    say(talk, "Quiero pan.")
    expect(talk.locator("[data-status]")).to_have_text(re.compile(r"Reading… [1-9]\d* s"))
    reply.say(1)
    expect(talk.locator("[data-status]")).to_have_text("Writing…")
    reply.let_go()
    expect(talk.locator("[data-status]")).to_have_text("")
    heard = talk.evaluate("window.heard")
    assert [heard.count(words) for words in ("Reading…", "Writing…")] == [1, 1]
    assert not any(re.search(r"\d", words) for words in heard)
    assert heard[-1].endswith("¿Algo más?")


def test_of_two_tabs_that_send_at_once_one_keeps_its_words(
    talk: Page, context: BrowserContext, ollama: ScriptedOllama
) -> None:
    reply = prompted(ollama)
    second = context.new_page()
    second.goto(talk.url)
    connected(second)
    tabs = {"Quiero pan.": talk, "Quiero queso.": second}
    for text, tab in tabs.items():
        tab.get_by_role("textbox", name="Your message").fill(text)
        tab.evaluate("setTimeout(() => document.querySelector('[data-composer]').requestSubmit(), 400)")
    until_on(talk, lambda: any(tab.locator("[data-trouble]").is_visible() for tab in tabs.values()))
    for tab in tabs.values():
        expect(tab.locator(".mine:not([hidden])")).to_have_count(1)
    reply.let_go()
    for tab in tabs.values():
        expect(tab.locator("[data-words]").last).to_have_text(SHOWN)
    said = talk.locator(".mine:not([hidden])").all_inner_texts()
    kept = [tab.get_by_role("textbox", name="Your message").input_value() for tab in tabs.values()]
    assert sorted([*said, *filter(None, kept)]) == sorted(tabs)


def test_earlier_turns_come_above_what_is_being_read(talk: Page, house: House) -> None:
    fill(house, talk.url.rstrip("/").rsplit("/", 1)[-1], turns=60)
    talk.reload()
    connected(talk)
    assert talk.locator("[data-turn]").count() == 40
    talk.locator("[data-scroll]").evaluate("e => e.scrollTo(0, 0)")
    first = talk.locator("[data-turn]").first
    words = first.inner_text()
    talk.get_by_role("link", name="Earlier").click()
    expect(talk.locator("[data-turn]")).to_have_count(61)
    expect(talk.get_by_role("link", name="Earlier")).to_have_count(0)
    assert talk.locator("[data-turn]").nth(21).inner_text() == words
    expect(talk.locator("[data-turn]").nth(21)).to_be_in_viewport()


def fill(house: House, conversation: str, turns: int) -> None:
    """Put finished turns into a conversation, past the server."""
    code = f"""
from uuid import uuid4
from tutor.conversations.models import Conversation, Reply, Turn
one = Conversation.objects.get(public_id="{conversation}")
for number in range(1, {turns} + 1):
    said = {{"text": f"m{{number}}", "client_id": uuid4()}}
    turn = Turn.objects.create(conversation=one, author=one.learner, ordinal=number, **said)
    turn.created = one.created.replace(year=2020)
    turn.save()
    Reply.objects.create(turn=turn, conversation=one, state="done", text=f"r{{number}}", seq=1)
"""
    environment = {**os.environ, **house.environment}
    subprocess.run([sys.executable, "manage.py", "shell", "-c", code], check=True, env=environment, timeout=120)


@pytest.mark.parametrize(
    "attack",
    [
        "<script>window.owned = 1</script>",
        "<img src=x onerror='window.owned = 1'>",
        "[x](javascript:window.owned=1)",
        "![x](http://127.0.0.1:9/x.png)",
        "```<svg onload=window.owned=1>\n</code></pre><script>window.owned=1</script>",
    ],
)
def test_what_people_and_models_write_never_runs(talk: Page, ollama: ScriptedOllama, attack: str) -> None:
    requested: list[str] = []
    talk.on("request", lambda request: requested.append(request.url))
    ollama.say([*attack, " fin"])
    say(talk, attack)
    expect(talk.locator("[data-words]").last).to_contain_text("fin")
    connected(talk)
    assert talk.evaluate("window.owned") is None
    assert talk.locator(".turns img, .turns script, .turns svg").count() == 0
    assert requested == []
    expect(talk.locator(".mine").last).to_have_text(attack)


def test_the_view_follows_only_a_reader_at_the_bottom(talk: Page, ollama: ScriptedOllama) -> None:
    talk.set_viewport_size({"width": 900, "height": 420})
    # No two alike: the same line with another number would be a model that goes round in circles.
    words = [f"{first}{second}" for first in ("luna", "mesa", "rana", "nube") for second in "aeioubcdfg"]
    reply = prompted(ollama, [f"Línea {number}, {word}.\n\n" for number, word in enumerate(words)])
    say(talk, "Cuenta.")
    reply.say(13)
    scroller = talk.locator("[data-scroll]")
    expect(talk.locator("[data-words]").last).to_contain_text("Línea 12")
    until_on(talk, lambda: at_the_bottom(talk))
    scroller.evaluate("e => e.scrollTo(0, 0)")
    reply.say(13)
    below = talk.get_by_role("button", name="New words below")
    expect(below).to_be_visible()
    assert scroller.evaluate("e => e.scrollTop") == 0
    below.click()
    until_on(talk, lambda: at_the_bottom(talk))
    reply.let_go()
    expect(talk.locator("[data-words]").last).to_contain_text("Línea 39")
    connected(talk)
    until_on(talk, lambda: at_the_bottom(talk))


def at_the_bottom(page: Page) -> bool:
    return bool(page.locator("[data-scroll]").evaluate("e => e.scrollHeight - e.scrollTop - e.clientHeight < 80"))


def test_rename_delete_and_take_back(talk: Page) -> None:
    talk.get_by_label("More", exact=True).click()
    talk.get_by_role("button", name="Rename").click()
    talk.get_by_role("textbox", name="Title").fill("La compra")
    talk.keyboard.press("Enter")
    expect(talk.get_by_role("heading", name="La compra")).to_be_visible()
    talk.locator(".shelf-row:has([aria-current]) summary").click()
    talk.get_by_role("link", name="Rename").click()
    expect(talk.get_by_role("textbox", name="Title")).to_be_focused()
    expect(talk.locator("details[open]")).to_have_count(0)
    talk.get_by_role("button", name="Cancel").click()
    assert "#" not in talk.url
    talk.get_by_label("More", exact=True).click()
    talk.locator(".talk-head").get_by_role("button", name="Delete").click()
    expect(talk.locator(".undo")).to_contain_text("“La compra” is deleted")
    talk.get_by_role("button", name="Undo").click()
    expect(talk.get_by_role("heading", name="La compra")).to_be_visible()


def test_a_tab_is_told_that_its_talk_was_deleted_in_another(
    talk: Page, context: BrowserContext, ollama: ScriptedOllama
) -> None:
    growing(talk, ollama, 4)
    other = context.new_page()
    other.goto(talk.url)
    other.get_by_label("More", exact=True).click()
    other.locator(".talk-head").get_by_role("button", name="Delete").click()
    other.close()
    gone = "This conversation cannot be opened any more."
    expect(talk.locator("[data-status]")).to_have_text(gone)
    expect(talk.get_by_role("button", name="Stop")).to_be_hidden()
    say(talk, "¿Hola?")
    expect(talk.locator("[data-trouble]")).to_have_text(gone)
    expect(talk.get_by_role("textbox", name="Your message")).to_have_value("¿Hola?")


def test_a_reply_is_reported_after_reading_what_that_means(talk: Page) -> None:
    talk.get_by_role("button", name="Report").last.click()
    dialog = talk.get_by_role("dialog")
    expect(dialog).to_contain_text("It makes mistakes")
    dialog.get_by_role("button", name="Report").click()
    expect(talk.locator("[data-trouble]")).to_have_text("Reported. Thank you.")
    expect(talk.locator("[data-tools] .badge")).to_have_text("Reported")
    say(talk, "Quiero pan.")
    expect(talk.locator("[data-tools]").last).to_contain_text("Report")
    expect(talk.locator("[data-tools] .badge")).to_have_text("Reported")


# The button says so for two seconds, which a busy machine may spend elsewhere.
NOTE_COPIED = """() => new MutationObserver(() => {
  const said = [...document.querySelectorAll('[data-action=copy]')].some((button) => button.textContent === 'Copied');
  if (said) document.documentElement.dataset.copied = '';
}).observe(document.body, {subtree: true, childList: true, characterData: true})"""


def test_copy_works_without_the_clipboard_interface(house: House, page: Page, sign_in: Callable[[str], None]) -> None:
    page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    page.add_init_script("delete Crypto.prototype.randomUUID")
    sign_in("ana")
    page.goto(f"{house.url}/talk/{house.conversations['ana'][1]}/")
    connected(page)
    page.evaluate(NOTE_COPIED)
    page.get_by_role("button", name="Copy").last.click()
    expect(page.locator("html[data-copied]")).to_be_attached()
    page.get_by_role("textbox", name="Your message").focus()
    page.keyboard.press("Control+V")
    assert page.get_by_role("textbox", name="Your message").input_value() == last_words(page)


def test_who_is_signed_out_elsewhere_is_led_to_the_sign_in_page(
    house: House, page: Page, sign_in: Callable[[str], None], context: BrowserContext
) -> None:
    sign_in("ben")
    address = f"/talk/{house.conversations['ben'][0]}/"
    page.goto(house.url + address)
    connected(page)
    other = context.new_page()
    other.goto(f"{house.url}/talk/")
    other.locator(".rail-foot summary").click()
    other.get_by_role("button", name="Sign out").click()
    page.wait_for_url(re.compile("sign-in"))
    # The page leads there by itself, or the server does when the page looks again: they write the address differently.
    assert f"next={address}" in unquote(page.url)
