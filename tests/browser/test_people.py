"""From the link in the terminal to children who come in with a tap, in a real browser."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.test_looks import DESKTOP, PHONE, faults_of
from tests.live.house import ROOT, House

pytestmark = pytest.mark.browser
PASSWORD = "seven green bicycles"


@pytest.fixture(scope="module")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    var = tmp_path_factory.mktemp("empty")
    environment = {**os.environ, "POLYGLOTT_VAR_DIR": str(var)}
    subprocess.run([sys.executable, "manage.py", "migrate", "-v0"], cwd=ROOT, env=environment, check=True, timeout=120)
    return var / "polyglott.sqlite3"


@pytest.fixture
def empty_house(empty_database: Path) -> Iterator[House]:
    """A house in which nobody is, and no engine answers."""
    house = House(POLYGLOTT_ENGINE="off")
    shutil.copy(empty_database, house.var / "polyglott.sqlite3")
    with house:
        yield house


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def visitor(request: pytest.FixtureRequest, browser: Browser) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport=request.param, timezone_id="Atlantic/Canary", locale="en", reduced_motion="reduce"
    )
    yield context
    context.close()


def sound(page: Page) -> None:
    assert faults_of(page) == []
    assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


def enter(page: Page, **fields: str) -> None:
    for name, value in fields.items():
        page.locator(f"[name={name}]").fill(value)


def set_up_a_family(page: Page, house: House) -> None:
    house.wait_for_log(r"/set-up/\S+")
    found = re.search(r"http\S+/set-up/\S+", house.logged())
    assert found is not None
    page.goto(found[0])
    expect(page.locator("[name=time_zone]")).to_have_value("Atlantic/Canary")
    expect(page.locator("[name=family_name]")).to_be_hidden()
    page.get_by_text("A family", exact=True).click()
    sound(page)
    enter(page, family_name="The Olivers", children="Lena\nJonas", username="nora", name="Nora")
    enter(page, password1=PASSWORD, password2=PASSWORD)
    page.get_by_role("button", name="Begin").click()


def type_the_code(browser: Browser | None, house: House, code: str) -> None:
    """Somebody else's browser: from the sign-in page to the first page behind it, with a code that was read out."""
    assert browser is not None
    with browser.new_context(viewport=PHONE, locale="en", reduced_motion="reduce") as elsewhere:
        page = elsewhere.new_page()
        page.goto(f"{house.url}/sign-in/")
        page.get_by_role("link", name="I have a one-time code").click()
        expect(page.get_by_label("One-time code")).to_be_focused()
        page.keyboard.type("nothing")
        page.keyboard.press("Enter")
        expect(page.get_by_text("This code opens nothing.")).to_be_visible()
        expect(page.get_by_label("One-time code")).to_have_value("nothing")
        sound(page)
        page.get_by_label("One-time code").fill(code.lower().replace("-", " ").replace("0", "o").replace("1", "l"))
        page.keyboard.press("Enter")
        expect(page.get_by_role("heading", name="Choose a new password")).to_be_visible()
        enter(page, password1="three loud parrots", password2="three loud parrots")
        page.get_by_role("button", name="Save and sign in").click()
        page.wait_for_url("**/talk/")
        expect(page.get_by_text("Your new password is set.")).to_be_visible()


def test_a_family_from_the_first_link_to_the_second_child(empty_house: House, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    page.goto(empty_house.url)
    expect(page.get_by_role("heading", name="Welcome to Polyglott")).to_be_visible()
    set_up_a_family(page, empty_house)
    sound(page)
    page.get_by_role("button", name="This is our family’s device").click()
    expect(page.get_by_role("heading", name="The model that talks")).to_be_visible()
    sound(page)
    page.get_by_role("link", name="Switch", exact=True).click()
    sound(page)
    page.get_by_role("button", name="Lena").click()
    page.wait_for_url("**/talk/")
    page.get_by_role("link", name="Switch", exact=True).click()
    page.get_by_role("button", name="Jonas").click()
    page.wait_for_url("**/talk/")
    page.goto(f"{empty_house.url}/you/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Jonas")
    page.goto(f"{empty_house.url}/family/")
    page.get_by_role("button", name="Nora").click()
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    sound(page)


def test_the_pages_of_a_parent_and_the_time_zone_they_are_in(empty_house: House, visitor: BrowserContext) -> None:
    page = visitor.new_page()
    set_up_a_family(page, empty_house)
    page.get_by_role("link", name="Next: the model").click()
    expect(page.get_by_role("heading", name="The model that talks")).to_be_visible()
    sound(page)
    for path in ("you", "you/readers", "you/password", "classes"):
        page.goto(f"{empty_house.url}/{path}/")
        sound(page)
    page.goto(f"{empty_house.url}/classes/")
    page.get_by_role("link", name="The Olivers").click()
    sound(page)
    page.get_by_role("button", name="One-time code for Lena").click()
    expect(page.locator("img.qr")).to_be_visible()
    assert page.locator("img.qr").evaluate("picture => picture.naturalWidth") > 0
    sound(page)
    type_the_code(visitor.browser, empty_house, page.locator("#one-time-code").inner_text())
    page.goto(f"{empty_house.url}/you/")
    page.locator("[name=time_zone]").select_option("UTC")
    page.get_by_role("button", name="Save").click()
    page.get_by_role("button", name="This browser is in Atlantic/Canary: take it").click()
    expect(page.locator("[name=time_zone]")).to_have_value("Atlantic/Canary")
