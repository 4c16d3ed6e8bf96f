"""A real server process with a scripted Ollama behind it, and Ana's browser in front."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.live.house import House, running
from tutor.ollama.testing import ScriptedOllama

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def ollama() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        yield server


@pytest.fixture(scope="module")
def house(ollama: ScriptedOllama) -> Iterator[House]:
    with running(ollama.base_url) as house:
        yield house


@pytest.fixture
def sign_in(house: House, context: BrowserContext) -> Callable[[str], None]:
    def as_(person: str) -> None:
        context.add_cookies([{"name": "sessionid", "value": house.sessions[person], "url": house.url}])

    return as_


@pytest.fixture
def talk(house: House, page: Page, sign_in: Callable[[str], None]) -> Page:
    """A new conversation of Ana's, open and connected."""
    sign_in("ana")
    page.goto(f"{house.url}/talk/")
    page.get_by_role("button", name="At the market").click()
    page.wait_for_url("**/talk/*-*/")
    connected(page)
    return page


def connected(page: Page) -> None:
    """Wait until the page has said everything it shows from a live connection."""
    expect(page.locator("[data-talk][data-connection=open]")).to_be_visible()
    expect(page.locator("[data-status]")).to_have_text("")
