"""The same words look the same, whether the server renders them or the browser, whole or as they grow."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

from tests.live.house import House

pytestmark = pytest.mark.browser
SAMPLES: list[str] = json.loads((Path(__file__).parents[1] / "chat/samples/markdown.json").read_text())
# While words grow, each block stands alone: a definition further down is not known yet, and what is open is closed.
NOT_WHOLE_UNTIL_THE_END = ("[ref][1]", "**sin cerrar")

BOTH = """async ([samples, htmls]) => {
  const address = document.querySelector('script[src*="js/chat/talk.js"]').src.replace('talk.js', 'markdown.js');
  const {rendered, safe, GrowingWords} = await import(address);
  const shown = (piece) => { const box = document.createElement('div'); box.append(piece); return tidy(box); };
  const tidy = (box) => box.innerHTML.replace(/>\\s+</g, '><').trim();
  const grown = (text) => {
    const box = document.createElement('div');
    const growing = new GrowingWords(box);
    for (let end = 0; end <= text.length; end += 3) growing.show(text.slice(0, end));
    growing.show(text);
    return tidy(box);
  };
  const sent = (html) => { const box = document.createElement('div'); box.innerHTML = html; return tidy(box); };
  const four = (text, html) => ({
    sent: sent(html), server: shown(safe(html)), browser: shown(rendered(text)), grown: grown(text),
  });
  return samples.map((text, place) => four(text, htmls[place]));
}"""


@pytest.fixture
def shown(house: House, page: Page, sign_in: Callable[[str], None]) -> list[dict[str, Any]]:
    from tutor.conversations.rendering import render

    sign_in("ana")
    page.goto(f"{house.url}/talk/{house.conversations['ana'][0]}/")
    return list(page.evaluate(BOTH, [SAMPLES, [str(render(text)) for text in SAMPLES]]))


def test_server_and_browser_agree(shown: list[dict[str, Any]]) -> None:
    ways = ("sent", "server", "browser")
    different = {text: one for text, one in zip(SAMPLES, shown, strict=True) if len({one[way] for way in ways}) > 1}
    assert different == {}


def test_words_that_grew_look_like_words_that_came_at_once(shown: list[dict[str, Any]]) -> None:
    different = {
        text: one
        for text, one in zip(SAMPLES, shown, strict=True)
        if one["grown"] != one["browser"] and not text.startswith(NOT_WHOLE_UNTIL_THE_END)
    }
    assert different == {}


STEPS = """async (text) => {
  const address = document.querySelector('script[src*="js/chat/talk.js"]').src.replace('talk.js', 'markdown.js');
  const {GrowingWords} = await import(address);
  const box = document.createElement('div');
  const growing = new GrowingWords(box);
  const seen = [];
  for (let end = 1; end <= text.length; end += 1) {
    growing.show(text.slice(0, end));
    seen.push(box.textContent);
  }
  return seen;
}"""
FORMULAS = r"Es \(E = mc^2\), y \[\frac{a}{b}\] y $5:" + "\n\n\\[\na = b\n- c\n\\]\n\n$$\nx\n$$\n\nfin"


def test_a_formula_is_readable_while_it_grows(house: House, page: Page, sign_in: Callable[[str], None]) -> None:
    """A display stays in one block, though there be a list in it; nothing is added that the model did not write."""
    sign_in("ana")
    page.goto(f"{house.url}/talk/{house.conversations['ana'][0]}/")
    seen = [" ".join(one.split()) for one in page.evaluate(STEPS, FORMULAS)]
    assert seen[-1] == "Es E = mc^2, y \\frac{a}{b} y $5: a = b - c x fin"
    letters = [re.sub(r"[^\w$]", "", one).rstrip("$") for one in seen]
    assert [one for one in letters if not letters[-1].startswith(one)] == []


def test_a_link_that_grows_is_its_words(house: House, page: Page, sign_in: Callable[[str], None]) -> None:
    sign_in("ana")
    page.goto(f"{house.url}/talk/{house.conversations['ana'][0]}/")
    seen = page.evaluate(STEPS, "Lee [esto](https://example.org/a) hoy")
    assert {re.sub(r"[][]", "", one).strip() for one in seen} <= {
        "Lee esto (example.org) hoy"[:end].strip() for end in range(1, 27)
    }


PICTURES = {
    "Mira ![un gato](https://example.org/a.png) hoy": "Mira !un gato (example.org) hoy",
    "Mira **esto ![un [gran] gato](https://example.org/a.png)** hoy": "Mira esto !un [gran] gato (example.org) hoy",
}


@pytest.mark.parametrize("text", PICTURES)
def test_a_picture_that_grows_is_its_words(house: House, page: Page, sign_in: Callable[[str], None], text: str) -> None:
    """Never an address that nobody wrote."""
    sign_in("ana")
    page.goto(f"{house.url}/talk/{house.conversations['ana'][0]}/")
    seen = page.evaluate(STEPS, text)
    assert seen[-1].strip() == PICTURES[text]
    bare = [re.sub(r"[][*]", "", one).strip() for one in seen]
    final = re.sub(r"[][*]", "", PICTURES[text])
    assert [one for one in bare if not final.startswith(one)] == []


def test_nothing_of_it_can_run_or_load(shown: list[dict[str, Any]]) -> None:
    everything = "".join(html for one in shown for html in one.values())
    for forbidden in ("<script", "<img", "onerror=alert(1)>", 'href="javascript', 'href="/', 'href="data', "style="):
        assert forbidden not in everything
