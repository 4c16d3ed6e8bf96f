#!/usr/bin/env python3
"""The README's pictures: a server with pleasant people in it, a scripted model, Debian's chromium.

tools/screenshots.py [NAME …]     all pictures, or those whose names begin so, into docs/pictures
"""

from __future__ import annotations

import json
import os
import shutil
import struct
import subprocess
import sys
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright  # noqa: E402

import tests.environment  # noqa: E402, F401 - a house like those of the tests: its own folder, nobody else's settings
from tests.live.house import House  # noqa: E402
from tools.demo import MODEL  # noqa: E402
from tutor.ollama.testing import Model, ScriptedOllama  # noqa: E402

PICTURES = ROOT / "docs" / "pictures"
DESKTOP, PHONE = (1360, 820), (390, 844)
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--font-render-hinting=none",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
MOST_BYTES = 1_500_000
QUESTION = "La pan es bueno. ¿Cuánto cuestan las manzanas?"


@dataclass(frozen=True)
class Shot:
    """One picture: who looks, at which page, and on what."""

    name: str
    who: str
    path: str
    size: tuple[int, int] = DESKTOP
    scheme: str = "light"


SHOTS = (
    Shot("chooser-desktop", "ana", "/talk/"),
    Shot("chooser-phone", "ana", "/talk/", PHONE),
    Shot("family-phone", "", "/family/", PHONE),
    Shot("review-desktop", "clara", "/review/"),
    Shot("review-phone", "clara", "/review/", PHONE),
    Shot("review-talk-desktop", "clara", "/review/{2}/"),
    Shot("review-talk-dark", "clara", "/review/{2}/", DESKTOP, "dark"),
    Shot("console-desktop", "ada", "/console/"),
    Shot("console-phone", "ada", "/console/", PHONE),
)
# One reply and what was found beside it, on three screens at once.
ANSWERED = (
    Shot("talk-desktop", "ana", "/talk/{0}/"),
    Shot("talk-dark", "ana", "/talk/{0}/", DESKTOP, "dark"),
    Shot("talk-phone", "ana", "/talk/{0}/", PHONE),
)


@dataclass(frozen=True)
class Set:
    """Where the pictures are taken."""

    house: House
    browser: Browser
    talks: Sequence[str]
    device: str

    def context(self, shot: Shot) -> BrowserContext:
        width, height = shot.size
        phone = shot.size == PHONE
        context = self.browser.new_context(
            viewport={"width": width, "height": height},
            color_scheme="dark" if shot.scheme == "dark" else "light",
            has_touch=phone,
            is_mobile=phone,
            reduced_motion="reduce",
        )
        if shot.who:
            self._give(context, "sessionid", self.house.sessions[shot.who])
        else:
            self._give(context, "family_device", self.device)
        return context

    def address(self, shot: Shot) -> str:
        return self.house.url + shot.path.format(*self.talks)

    def _give(self, context: BrowserContext, name: str, value: str) -> None:
        context.add_cookies([{"name": name, "value": value, "url": self.house.url}])


def main(wanted: Sequence[str]) -> int:
    PICTURES.mkdir(parents=True, exist_ok=True)
    taken = 0
    with a_set() as scene:
        taken += answer(scene, [shot for shot in ANSWERED if is_wanted(shot, wanted)])
        for shot in SHOTS:
            if is_wanted(shot, wanted):
                taken += take(scene, shot)
    whole = sum(picture.stat().st_size for picture in PICTURES.glob("*.png"))
    print(f"{taken} pictures; {whole / 1e6:.2f} MB in {PICTURES.relative_to(ROOT)}")
    return 0 if whole < MOST_BYTES else 1


def is_wanted(shot: Shot, wanted: Sequence[str]) -> bool:
    return not wanted or any(shot.name.startswith(name) for name in wanted)


@contextmanager
def a_set() -> Iterator[Set]:
    models = [Model(MODEL, 986_061_892, parameter_size="1.5B")]
    with ScriptedOllama.in_thread(models=models) as ollama, sync_playwright() as playwright:
        ollama.loaded.append(MODEL)
        house = House(ollama.base_url, POLYGLOTT_ENGINE="off", POLYGLOTT_CORRECTIONS="rules")
        seeded = seed(house)
        house.sessions = seeded["sessions"]
        with house, a_browser(playwright) as browser:
            yield Set(house, browser, seeded["talks"], seeded["device"])


def seed(house: House) -> dict[str, Any]:
    """Fill the house with the people of ``demo.py`` in place of the tests' own."""
    (house.var / "polyglott.sqlite3").unlink()
    environment = {**os.environ, **house.environment}
    made = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "demo.py")], cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE
    )
    found: dict[str, Any] = json.loads(made.stdout)
    return found


@contextmanager
def a_browser(playwright: Any) -> Iterator[Browser]:
    chromium = shutil.which("chromium")
    if chromium is None:
        raise SystemExit("The pictures need chromium. Run: sudo apt-get install chromium")
    browser = playwright.chromium.launch(executable_path=chromium, headless=True, args=CHROMIUM_FLAGS)
    try:
        yield browser
    finally:
        browser.close()


def take(scene: Set, shot: Shot) -> int:
    with scene.context(shot) as context:
        page = context.new_page()
        page.goto(scene.address(shot))
        keep(page, shot)
    return 1


def answer(scene: Set, shots: Sequence[Shot]) -> int:
    """All of them follow the same conversation; the first one asks, and every one sees the answer."""
    contexts = [scene.context(shot) for shot in shots]
    pages = [context.new_page() for context in contexts]
    for page, shot in zip(pages, shots, strict=True):
        page.goto(scene.address(shot))
        page.wait_for_function("document.querySelector('[data-status]').textContent.trim() === ''")
    if pages:
        pages[0].get_by_role("textbox", name="Your message").fill(QUESTION)
        pages[0].keyboard.press("Enter")
    for page, shot in zip(pages, shots, strict=True):
        expect(page.locator("[data-words]").last).to_contain_text("euros")
        expect(page.locator("[data-finding]:visible").last).to_contain_text("El")
        keep(page, shot)
    for context in contexts:
        context.close()
    return len(pages)


def keep(page: Page, shot: Shot) -> None:
    picture = page.screenshot(animations="disabled", caret="hide")
    (PICTURES / f"{shot.name}.png").write_bytes(packed(picture))


def packed(png: bytes) -> bytes:
    """The same picture, its points compressed as well as PNG can."""
    chunks = list(chunks_of(png))
    points = zlib.decompress(b"".join(body for kind, body in chunks if kind == b"IDAT"))
    kept = [(kind, body) for kind, body in chunks if kind in {b"IHDR", b"PLTE", b"tRNS"}]
    kept += [(b"IDAT", zlib.compress(points, 9)), (b"IEND", b"")]
    return png[:8] + b"".join(
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in kept
    )


def chunks_of(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = 8
    while at < len(png):
        (length,) = struct.unpack_from(">I", png, at)
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
