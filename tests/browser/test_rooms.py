"""The rooms of those who look after others: sound to look at, silent in the console, their scripts at work."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import connected
from tests.browser.test_looks import DESKTOP, PHONE, faults_of, overflow
from tests.live.house import House
from tutor.ollama.testing import ScriptedOllama

pytestmark = pytest.mark.browser
CONSOLE = ("", "presets/", "hosts/", "hosts/faults/", "people/", "people/new/", "people/log/")


def watched(page: Page) -> list[str]:
    """What goes wrong on this page from now on: the console's errors, exceptions, requests that fail or are refused."""
    wrong: list[str] = []
    page.on("console", lambda said: wrong.append(f"console: {said.text}") if said.type == "error" else None)
    page.on("pageerror", lambda error: wrong.append(f"exception: {error}"))
    page.on("requestfailed", lambda request: wrong.append(f"{request.url}: {request.failure}"))
    page.on("response", lambda got: wrong.append(f"{got.url}: {got.status}") if got.status >= 400 else None)
    return wrong


@pytest.fixture(params=[(DESKTOP, "light"), (PHONE, "dark")], ids=["desktop-light", "phone-dark"])
def look(request: pytest.FixtureRequest, browser: Browser, house: House) -> Iterator[BrowserContext]:
    size, scheme = request.param
    phone = size is PHONE
    with browser.new_context(viewport=size, color_scheme=scheme, has_touch=phone, is_mobile=phone) as context:
        yield context


def enter(context: BrowserContext, house: House, person: str) -> None:
    context.add_cookies([{"name": "sessionid", "value": house.sessions[person], "url": house.url}])


def test_every_page_is_sound(look: BrowserContext, house: House) -> None:
    talk = house.conversations["ana"][0]
    page = look.new_page()
    wrong = watched(page)
    rooms = {"clara": ["review/", f"review/{talk}/"], "ada": [f"console/{path}" for path in CONSOLE]}
    for person, paths in rooms.items():
        enter(look, house, person)
        for path in paths:
            page.goto(f"{house.url}/{path}")
            assert (path, faults_of(page), overflow(page) <= 0) == (path, [], True)
    assert wrong == []


def test_a_report_is_found_read_and_seen_with_the_keyboard(
    house: House, ollama: ScriptedOllama, page: Page, context: BrowserContext
) -> None:
    report_as_ana(page, context, house, ollama)
    enter(context, house, "clara")
    wrong = watched(page)
    page.goto(f"{house.url}/review/")
    page.keyboard.press("j")
    expect(page.locator("[data-stop]").first).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/review/*-*/")
    replies = page.locator(".transcript > [data-stop]")
    for pressed in "jjk":
        page.keyboard.press(pressed)
    expect(replies.first).to_be_focused()
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    expect(replies.nth(1).locator("details.made-of")).to_have_attribute("open", "")
    page.keyboard.press("r")
    expect(page.get_by_text("Reported; seen by Clara")).to_be_visible()
    page.keyboard.press("u")
    page.wait_for_url("**/review/")
    page.get_by_role("button", name="Keys").click()
    page.keyboard.press("j")
    expect(page.get_by_role("button", name="Keys")).to_be_focused()
    assert wrong == []


def report_as_ana(page: Page, context: BrowserContext, house: House, ollama: ScriptedOllama) -> None:
    """The newest report there is."""
    enter(context, house, "ana")
    ollama.say("Sí, claro.")
    page.goto(f"{house.url}/talk/{house.fresh()}/")
    connected(page)
    page.get_by_role("textbox", name="Your message").fill("¿Es verdad?")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Report").nth(1).click()
    page.get_by_role("dialog").get_by_role("button", name="Report").click()
    expect(page.locator("[data-trouble]")).to_have_text("Reported. Thank you.")


def test_a_model_is_tested_in_its_row(house: House, page: Page, sign_in: Callable[[str], None]) -> None:
    sign_in("ada")
    wrong = watched(page)
    page.goto(f"{house.url}/console/")
    row = page.get_by_role("row").filter(has=page.locator("form[data-test]")).first
    row.get_by_role("button", name="Test").click()
    expect(row.locator("[data-tested] .tested")).to_be_visible()
    expect(row.get_by_role("button", name="Test")).to_be_enabled()
    assert page.url == f"{house.url}/console/"
    assert wrong == []


def test_a_job_is_followed_until_it_is_over(house: House, page: Page, sign_in: Callable[[str], None]) -> None:
    """Another process runs it, as far as this one knows: it reads what is written down."""
    sign_in("ada")
    wrong = watched(page)
    page.goto(f"{house.url}/console/")
    page.evaluate("window.notMadeAnew = true")
    write_job(house, "running", 12)
    expect(page.locator("[data-jobs] progress")).to_have_attribute("value", "12")
    assert not page.evaluate("window.notMadeAnew"), "what is new comes with the whole page"
    page.evaluate("window.notMadeAnew = true")
    write_job(house, "running", 53)
    expect(page.locator("[data-jobs] progress")).to_have_attribute("value", "53")
    expect(page.locator("[data-jobs] [data-figures]")).to_have_text("53 MB of 100 MB")
    assert page.evaluate("window.notMadeAnew")
    write_job(house, "done", 100)
    expect(page.locator("[data-jobs] progress")).to_have_count(0)
    page.get_by_role("button", name="Put away").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-jobs] [data-job]")).to_have_count(0)
    assert wrong == []


def write_job(house: House, state: str, percent: int) -> None:
    facts = {"kind": "weights", "name": "qwen2.5:1.5b", "state": state, "done": percent * 10**6, "total": 10**8}
    facts |= {"public_id": UUID(int=1).hex, "phase": "downloading", "error": "", "detail": "", "owner": "another"}
    facts |= {"started": "2099-01-01", "changed": "2099-01-01", "hidden": False}
    sql = f"REPLACE INTO jobs_jobrecord ({', '.join(facts)}) VALUES ({', '.join('?' * len(facts))})"  # noqa: S608
    with closing(sqlite3.connect(house.var / "polyglott.sqlite3")) as database, database:
        database.execute(sql, list(facts.values()))
