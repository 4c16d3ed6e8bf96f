"""A guided Spanish lesson with a real model, in a real browser, as a learner has it."""

from __future__ import annotations

import re
import time
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import connected
from tests.cast import PASSWORD
from tests.live.house import House
from tests.model.authored import MACHINERY, lines_of
from tests.model.engine import Engine
from tests.model.overhearing import Overheard
from tutor.dialogue import scenario

pytestmark = [pytest.mark.model, pytest.mark.timeout(600)]

WEEKEND = scenario("weekend").lines["es"]
MISTAKES = [
    "Hola Diego! El sabado yo fue al cine con mi amigo.",
    "Hmm, Barbie.",
    "Mi coche es azul.",
    "El proximo fin de semana voy jugar futbol con mis amigas.",
]
FIRST_WORD_S = 90.0
WHOLE_REPLY_MS = 60_000


@dataclass
class Lesson:
    """A learner at the page, with a watch."""

    page: Page
    overheard: Overheard
    said_at: float = 0.0
    shown: list[str] = field(default_factory=list)
    waits_s: list[float] = field(default_factory=list)

    def say(self, text: str) -> None:
        self.send(text)
        self.waits_s.append(self.overheard.first_words(self.said_at, FIRST_WORD_S))

    def send(self, text: str) -> None:
        self.page.get_by_role("textbox", name="Your message").fill(text)
        self.shown.clear()
        self.said_at = time.monotonic()
        self.page.keyboard.press("Enter")

    def watch_until_done(self) -> None:
        """Looks at the page again and again while the reply grows."""
        reply = self.page.locator("[data-reply]").last
        while reply.get_attribute("data-state") != "done":
            assert time.monotonic() - self.said_at < WHOLE_REPLY_MS / 1000, "the reply never ended"
            self.shown.append(self.words())
            self.page.wait_for_timeout(20)
        self.shown.append(self.words())

    def words(self) -> str:
        return self.page.locator("[data-words]").last.inner_text().strip()

    def pieces(self) -> int:
        """How many times words of this reply came over the socket."""
        return len(self.overheard.words(self.said_at))

    def lengths_seen(self) -> int:
        """How many lengths of this reply a reader saw, the empty one apart."""
        return len({len(words) for words in self.shown if words})


def test_four_turns_with_a_reload_in_the_middle(
    page: Page, house: House, engine: Engine, overheard: Overheard, capsys: pytest.CaptureFixture[str]
) -> None:
    lesson = Lesson(page, overheard)
    sign_in(page, house)
    begin(page)
    assert lines_of(WEEKEND, lesson.words())
    connected(page)
    warmed_s = engine.rest(FIRST_WORD_S)

    most_lengths_seen = 0
    for number, mistake in enumerate(MISTAKES):
        if number == 1:
            reload_while_it_writes(lesson, engine, mistake)
        else:
            lesson.say(mistake)
        lesson.watch_until_done()
        assert lesson.words() == stored(house, page)[-1] != ""
        assert lesson.pieces() >= 1  # one, where only one line fits and no model is asked
        most_lengths_seen = max(most_lengths_seen, lesson.lengths_seen())

    assert most_lengths_seen > 1
    said = stored(house, page)
    assert page.locator("[data-turn]").count() == len(said) == 1 + len(MISTAKES)
    check_words(said)
    with capsys.disabled():
        report(engine, warmed_s, lesson.waits_s)


def sign_in(page: Page, house: House) -> None:
    page.goto(f"{house.url}/talk/")
    page.get_by_label("Username").fill("ana")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Guided talk.")).to_be_visible()


def begin(page: Page) -> None:
    page.get_by_role("button", name="My weekend").click()
    page.wait_for_url("**/talk/*-*/")


def reload_while_it_writes(lesson: Lesson, engine: Engine, mistake: str) -> None:
    """The reply stands still while the page is loaded anew: then it is the same reply, and it goes on."""
    page = lesson.page
    with engine.held():
        lesson.send(mistake)
        creep_to_the_first_words(lesson, engine)
        reply = page.locator("[data-reply]").last.get_attribute("data-reply")
        assert reply
        before = lesson.words()
        lesson.shown.append(before)
        assert page.locator("[data-reply]").last.get_attribute("data-state") == "running", "over before it was held"
        page.reload()
        again = page.locator(f'[data-reply="{reply}"]')
        expect(again).to_have_attribute("data-state", "running")
        expect(again.locator("[data-words]")).to_have_text(re.compile(rf"^\s*{re.escape(before)}"))
        held_at = time.monotonic()
    lesson.watch_until_done()
    assert len(lesson.words()) > len(before)
    assert lesson.words().startswith(before)
    assert lesson.overheard.deltas(held_at), "what was left came all at once"
    expect(again).to_have_attribute("data-state", "done")


def creep_to_the_first_words(lesson: Lesson, engine: Engine) -> None:
    """A little further each time, until some words have come all the way to the page."""
    while not lesson.overheard.deltas(lesson.said_at):
        assert time.monotonic() - lesson.said_at < FIRST_WORD_S, "no words came"
        engine.creep()
        lesson.page.wait_for_timeout(100)
    expect(lesson.page.locator("[data-words]").last).not_to_be_empty()


def stored(house: House, page: Page) -> list[str]:
    """What the tutor said in this conversation, as it is in the database, in order."""
    conversation = page.url.rstrip("/").rsplit("/", 1)[1].replace("-", "")
    rows = house.rows(
        "SELECT reply.text FROM conversations_reply reply JOIN conversations_turn turn ON turn.id = reply.turn_id"
        " JOIN conversations_conversation talk ON talk.id = turn.conversation_id"
        " WHERE talk.public_id = ? AND reply.chosen ORDER BY turn.ordinal",
        conversation,
    )
    return [text for (text,) in rows]


def check_words(said: list[str]) -> None:
    lines = [lines_of(WEEKEND, text) for text in said]
    assert all(lines), f"not authored: {[text for text, found in zip(said, lines, strict=True) if not found]}"
    each = [line for found in lines for line in found]
    assert len(each) == len(set(each)), f"said twice: {each}"
    assert [text for text in said if MACHINERY.search(text)] == []


def report(engine: Engine, warmed_s: float, waits_s: list[float]) -> None:
    later = ", ".join(f"{wait_s:.2f}" for wait_s in waits_s[1:])
    print(
        f"\nengine ready after {engine.ready_s:.1f} s; the beginning read after {warmed_s:.1f} s;"
        f" first words of the first turn after {waits_s[0]:.2f} s, of the later ones after {later} s"
    )
