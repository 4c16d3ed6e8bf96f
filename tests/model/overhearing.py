"""What goes over a page's socket, with the moment at which it came."""

from __future__ import annotations

import json
import time
from typing import Any

from playwright.sync_api import Page, WebSocket

Frame = dict[str, Any]


class Overheard:
    """Notes the frames of every socket that the page opens."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.frames: list[tuple[float, Frame]] = []
        page.on("websocket", self._listen)

    def deltas(self, since: float) -> list[tuple[float, str]]:
        """The words that came after a moment, each piece with its own moment."""
        return [(at, frame["text"]) for at, frame in self.frames if at >= since and frame["type"] == "delta"]

    def words(self, since: float) -> list[tuple[float, str]]:
        """The same, and the text of a turn or reply that came whole: where only one line fits, it is there at once."""
        heard = [(at, _text(frame)) for at, frame in self.frames if at >= since]
        return [(at, text) for at, text in heard if text]

    def first_words(self, since: float, timeout_s: float) -> float:
        """Wait for words; the seconds that they took."""
        while not self.words(since):
            assert time.monotonic() - since < timeout_s, self._page.locator("[data-status]").inner_text()
            self._page.wait_for_timeout(5)
        return self.words(since)[0][0] - since

    def _listen(self, socket: WebSocket) -> None:
        socket.on("framereceived", self._hear)

    def _hear(self, payload: str | bytes) -> None:
        self.frames.append((time.monotonic(), json.loads(payload)))


def _text(frame: Frame) -> str:
    match frame["type"]:
        case "delta" | "reply":
            return str(frame["text"])
        case "turn":
            return str(frame["reply"]["text"])
        case _:
            return ""
