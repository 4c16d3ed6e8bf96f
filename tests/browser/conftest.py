"""A real server process with a scripted Ollama behind it, and Ana's browser in front."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.live.house import House, running
from tests.patience import PATIENCE_S, until_blocking
from tutor.ollama.testing import ScriptedOllama

pytestmark = pytest.mark.browser
# For every expectation of every test: what is there at once costs nothing.
expect.set_options(timeout=PATIENCE_S * 1000)


@pytest.fixture(scope="session")
def engine() -> Iterator[ScriptedOllama]:
    with ScriptedOllama.in_thread() as server:
        yield server


@pytest.fixture(scope="session")
def one_house(engine: ScriptedOllama) -> Iterator[House]:
    with running(engine.base_url) as house:
        yield house


@pytest.fixture
def house(one_house: House, engine: ScriptedOllama) -> Iterator[House]:
    """The house; no reply of an earlier test grows in it, and nothing is left of that test's script."""
    engine.forget()
    yield one_house
    until_blocking(lambda: one_house.open_replies() == 0)


@pytest.fixture
def ollama(house: House, engine: ScriptedOllama) -> ScriptedOllama:
    return engine


@pytest.fixture
def sign_in(house: House, context: BrowserContext) -> Callable[[str], None]:
    def as_(person: str) -> None:
        context.add_cookies([{"name": "sessionid", "value": house.sessions[person], "url": house.url}])

    return as_


@pytest.fixture
def talk(house: House, ollama: ScriptedOllama, page: Page, sign_in: Callable[[str], None]) -> Page:
    """A new conversation of Ana's, open and connected, its beginning taken in: the next question is the test's own."""
    sign_in("ana")
    page.goto(f"{house.url}/talk/")
    page.get_by_role("button", name="At the market").click()
    page.wait_for_url("**/talk/*-*/")
    connected(page)
    until_blocking(lambda: bool(ollama.chats) and all(asked.over for asked in ollama.chats))
    return page


def connected(page: Page) -> None:
    """Wait until the page has said everything it shows from a live connection."""
    expect(page.locator("[data-talk][data-connection=open]")).to_be_visible()
    expect(page.locator("[data-status]")).to_have_text("")


def until_on(page: Page, condition: Callable[[], bool]) -> None:
    """Until what no single expectation can say. The page goes on meanwhile, and so do routes that a test has laid."""
    deadline = time.monotonic() + PATIENCE_S
    while not condition():
        assert time.monotonic() < deadline
        page.wait_for_timeout(20)
