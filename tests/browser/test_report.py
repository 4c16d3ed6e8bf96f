"""The end of a talk: it is offered, the report says what is true, and a page of paper holds it."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, ViewportSize, expect

from tests.browser.conftest import connected, until_on
from tests.browser.pdf import pages_of, text_of
from tests.live.house import House, running

pytestmark = pytest.mark.browser
SHOTS = os.environ.get("POLYGLOTT_TESTS_SHOTS")
DESKTOP = ViewportSize(width=1360, height=820)
PHONE = ViewportSize(width=390, height=844)
TALK = (
    "Buenos días. Quiero dos kilos de tomates, por favor.",
    "La pan es bueno?",
    "¿Cuánto cuesta todo?",
    "Yo tiene una tarjeta. ¿Puedo pagar con tarjeta?",
    "Adiós, hasta mañana.",
)
WRONG = (TALK[1], TALK[3])


def shot(page: Page, name: str) -> None:
    """A picture for whoever looks at the pages themselves."""
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.fixture(scope="module")
def one_house() -> Iterator[House]:
    with running(POLYGLOTT_CORRECTIONS="rules", POLYGLOTT_ENGINE="off") as house:
        yield house


@pytest.fixture
def house(one_house: House) -> House:
    return one_house


@pytest.fixture
def look(house: House, browser: Browser) -> Iterator[Callable[..., Page]]:
    made = []

    def at(size: ViewportSize, **more: Any) -> Page:
        context = browser.new_context(viewport=size, **more)
        context.add_cookies([{"name": "sessionid", "value": house.sessions["ana"], "url": house.url}])
        made.append(context)
        return context.new_page()

    yield at
    for context in made:
        context.close()


def talk_of(page: Page, house: House, *messages: str) -> str:
    """A market talk in which this is said, each after the reply to the one before."""
    conversation = house.fresh(like=2)
    page.goto(f"{house.url}/talk/{conversation}/")
    connected(page)
    for number, words in enumerate(messages, 2):
        page.get_by_role("textbox", name="Your message").fill(words)
        page.keyboard.press("Enter")
        expect(page.locator("[data-turn] [data-reply][data-state=done]")).to_have_count(number)
    # What is found beside a message comes after its reply, and its card is made after that one's end.
    looked = f"select count(*) from conversations_card c join conversations_conversation t on t.id = c.conversation_id where t.public_id = '{UUID(conversation).hex}' and c.kind = 'correction' and c.state = 'done'"  # noqa: E501, S608
    until_on(page, lambda: house.rows(looked)[0][0] >= sum(words in WRONG for words in messages))
    return conversation


def faults_of(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {node['target']} {node.get('failureSummary')}" for one in found for node in one["nodes"]]


def test_from_the_last_line_to_the_report_and_once_more(look: Callable[..., Page], house: House) -> None:
    page = look(DESKTOP)
    talk_of(page, house, *TALK[:-1])
    end = page.get_by_role("region", name="How it went")
    expect(end).to_be_visible()
    expect(end).to_contain_text("All goals are reached.")
    page.get_by_role("textbox", name="Your message").fill(TALK[-1])
    page.keyboard.press("Enter")
    expect(end).to_contain_text("This talk is over.")
    connected(page)
    shot(page, "end-desktop")
    assert faults_of(page) == []
    end.get_by_role("link", name="See the report").press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("ana's market")
    expect(page.get_by_role("list", name="Goals").locator("[data-met=true]")).to_have_count(4)
    expect(page.get_by_text("You asked a question of your own in Spanish.")).to_be_visible()
    work = page.locator(".report-work > li")
    expect(work).to_have_count(2)
    expect(work.first).to_contain_text("sure")
    shot(page, "report-desktop")
    assert faults_of(page) == []
    page.get_by_role("button", name="Once more").press("Enter")
    page.wait_for_url("**/talk/*-*/")
    connected(page)
    expect(page.locator("[data-met=true]")).to_have_count(0)
    expect(page.get_by_role("region", name="How it went")).to_be_hidden()


@pytest.mark.parametrize(("size", "scheme"), [(PHONE, "light"), (PHONE, "dark"), (DESKTOP, "dark")])
def test_it_reads_well_everywhere(look: Callable[..., Page], house: House, size: ViewportSize, scheme: str) -> None:
    page = look(size, color_scheme=scheme)
    conversation = talk_of(page, house, *TALK)
    shot(page, f"end-{size['width']}-{scheme}")
    assert faults_of(page) == []
    page.goto(f"{house.url}/talk/{conversation}/report/")
    shot(page, f"report-{size['width']}-{scheme}")
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0


def test_how_it_went_may_be_asked_in_the_middle(look: Callable[..., Page], house: House) -> None:
    page = look(DESKTOP)
    talk_of(page, house, TALK[0], "¿Ya terminamos? ¿Cómo lo hice?")
    end = page.get_by_role("region", name="How it went")
    expect(end).to_contain_text("Your report says how it went.")
    end.get_by_role("link", name="See the report").click()
    expect(page.get_by_text("The talk so far")).to_be_visible()


def test_what_is_not_right_is_left_out(look: Callable[..., Page], house: House) -> None:
    page = look(DESKTOP)
    conversation = talk_of(page, house, TALK[1])
    page.goto(f"{house.url}/talk/{conversation}/report/")
    button = page.get_by_role("button", name="Not right?")
    button.press("Enter")
    expect(button).to_have_attribute("aria-pressed", "true")
    expect(page.get_by_text("It will be left out.")).to_be_visible()
    page.reload()
    expect(page.locator(".report-work")).to_have_count(0)


def test_an_empty_talk_is_told_kindly(look: Callable[..., Page], house: House) -> None:
    page = look(PHONE)
    page.goto(f"{house.url}/talk/{house.fresh(like=2)}/report/")
    expect(page.get_by_text("One sentence is enough to begin.")).to_be_visible()
    assert faults_of(page) == []


def test_it_is_printed_on_one_page(look: Callable[..., Page], house: House) -> None:
    page = look(DESKTOP)
    conversation = talk_of(page, house, *TALK)
    page.goto(f"{house.url}/talk/{conversation}/report/")
    pdf = page.pdf(format="A4")
    assert pages_of(pdf) == 1
    text = text_of(pdf)
    assert "¿Cuántocuestatodo?" in text
    assert "Oncemore" not in text
    if SHOTS:
        (Path(SHOTS) / "report.pdf").write_bytes(pdf)
