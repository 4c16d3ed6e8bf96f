"""What every page of the talk owes to whoever looks at it, or listens to it."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import connected
from tests.live.house import House
from tutor.chat.page import RAIL_LISTED
from tutor.ollama.testing import ScriptedOllama

pytestmark = pytest.mark.browser
DESKTOP = ViewportSize(width=1360, height=820)
PHONE = ViewportSize(width=390, height=844)
WORDS = "Sí, **claro**.\n\n- uno\n- dos\n\n| a | b |\n|---|---|\n| 1 | 2 |\n\n[más](https://example.org/x)"


@pytest.fixture(params=[(DESKTOP, "light"), (DESKTOP, "dark"), (PHONE, "light"), (PHONE, "dark")], ids=str)
def look(request: pytest.FixtureRequest, browser: Browser, house: House) -> Iterator[Page]:
    size, scheme = request.param
    phone = size is PHONE
    context = browser.new_context(viewport=size, color_scheme=scheme, has_touch=phone, is_mobile=phone)
    context.add_cookies([{"name": "sessionid", "value": house.sessions["ana"], "url": house.url}])
    yield context.new_page()
    context.close()


def faults_of(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node.get('failureSummary')}" for one in found for node in one["nodes"]]


def test_the_chooser(look: Page, house: House) -> None:
    look.goto(f"{house.url}/talk/")
    assert faults_of(look) == []
    assert overflow(look) <= 0
    assert small_targets(look) == []


def test_a_conversation(look: Page, house: House, ollama: ScriptedOllama) -> None:
    ollama.say(WORDS)
    look.goto(f"{house.url}/talk/{house.conversations['ana'][0]}/")
    connected(look)
    look.get_by_role("textbox", name="Your message").fill("¿Uno?")
    look.keyboard.press("Enter")
    expect(look.locator("[data-words] table").last).to_be_visible()
    connected(look)
    assert faults_of(look) == []
    assert overflow(look) <= 0
    assert small_targets(look) == []
    look.get_by_role("button", name="Report").last.click()
    assert faults_of(look) == []


def test_all_conversations(look: Page, house: House) -> None:
    look.context.add_cookies([{"name": "sessionid", "value": house.sessions["emil"], "url": house.url}])
    for _ in range(RAIL_LISTED + 1):
        house.fresh("emil")
    look.goto(f"{house.url}/talk/all/")
    expect(look.get_by_role("navigation", name="Pages")).to_be_visible()
    assert faults_of(look) == []
    assert overflow(look) <= 0
    assert small_targets(look) == []
    look.get_by_role("link", name="Page 2").click()
    expect(look.get_by_role("button", name="Delete")).not_to_have_count(0)


def test_a_formula_and_an_ending(look: Page, house: House, ollama: ScriptedOllama) -> None:
    formula = " + ".join(f"{letter}_{number}" for number, letter in enumerate("abcdefghijklmnopqrstuvw"))
    ollama.say(f"La fórmula \\(E = mc^2\\):\n\n\\[ {formula} \\]\n\nEso es todo. Y luego un", done_reason="length")
    look.goto(f"{house.url}/talk/{house.fresh()}/")
    connected(look)
    look.get_by_role("textbox", name="Your message").fill("¿Y la física?")
    look.keyboard.press("Enter")
    expect(look.locator("[data-ending]").last).to_contain_text("cut off here")
    expect(look.locator("[data-words] code").first).to_have_text("E = mc^2")
    assert faults_of(look) == []
    assert overflow(look) <= 0


def test_the_door_after_a_session_has_ended(look: Page, house: House) -> None:
    look.context.add_cookies([{"name": "sessionid", "value": "one that has ended", "url": house.url}])
    look.goto(f"{house.url}/talk/")
    look.evaluate("localStorage.setItem('polyglott:draft:x:y', `1.${Date.now()}.AAAA`)")
    look.reload()
    expect(look.get_by_text("not sent yet")).to_be_visible()
    assert faults_of(look) == []
    assert overflow(look) <= 0


def test_the_panels_of_a_phone(browser: Browser, house: House) -> None:
    with browser.new_context(viewport=PHONE, has_touch=True, is_mobile=True) as context:
        context.add_cookies([{"name": "sessionid", "value": house.sessions["ana"], "url": house.url}])
        page = context.new_page()
        page.goto(f"{house.url}/talk/{house.conversations['ana'][2]}/")
        page.get_by_role("button", name="Conversations").click()
        expect(page.get_by_role("link", name="New conversation")).to_be_visible()
        assert faults_of(page) == []
        page.locator(".rail-close").click()
        page.get_by_role("button", name="About").click()
        expect(page.get_by_text("No native teacher has checked them")).to_be_visible()
        assert faults_of(page) == []


def test_keyboard_alone(house: House, page: Page, sign_in: Callable[[str], None]) -> None:
    sign_in("ana")
    page.goto(f"{house.url}/talk/")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    page.keyboard.press("Enter")
    for _ in range(20):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.name") == "style":
            break
    page.keyboard.press("Enter")
    page.wait_for_url("**/talk/*-*/")


def test_nothing_moves_for_who_asked_for_that(browser: Browser, house: House) -> None:
    with browser.new_context(reduced_motion="reduce") as context:
        context.add_cookies([{"name": "sessionid", "value": house.sessions["ana"], "url": house.url}])
        page = context.new_page()
        page.goto(f"{house.url}/talk/")
        durations = page.evaluate(
            "[...document.querySelectorAll('*')].map(e => parseFloat(getComputedStyle(e).transitionDuration))"
        )
        assert max(durations) == 0


def overflow(page: Page) -> int:
    """Pixels that stand out sideways."""
    return int(page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))


def small_targets(page: Page) -> list[str]:
    """Buttons and boxes under 44 px, on touch screens (links in running text are exempt)."""
    if not page.evaluate("matchMedia('(pointer: coarse)').matches"):
        return []
    return list(
        page.evaluate(
            """[...document.querySelectorAll('button, summary, textarea, .button, .chip')]
            .filter(e => e.checkVisibility() && !e.closest('.status'))
            .map(e => [e.outerHTML.slice(0, 80), e.getBoundingClientRect()])
            .filter(([, box]) => box.height > 0 && (box.height < 43.5 || box.width < 43.5))
            .map(([html, box]) => `${box.width}x${box.height} ${html}`)"""
        )
    )
