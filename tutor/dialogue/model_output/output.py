"""Collects what a piece of a model's content adds, while it is read."""

from __future__ import annotations

from tutor.dialogue.types import Output


class Collected:
    """What is shown and thought since the last time."""

    def __init__(self) -> None:
        self._shown: list[str] = []
        self._thought: list[str] = []
        self._restarted = False

    def show(self, text: str) -> None:
        self._shown.append(text)

    def think(self, text: str) -> None:
        self._thought.append(text)

    def restart(self, text: str) -> None:
        self._shown, self._restarted = [text], True

    def taken(self) -> Output:
        """All of it; then nothing is left."""
        output = Output("".join(self._shown), "".join(self._thought), self._restarted)
        self._shown, self._thought, self._restarted = [], [], False
        return output
