"""Leaves out what a model says again when it is asked to go on.

A model that runs on its own chat template gives back the begun reply first: exactly, whole, at any length, as its first
piece or at the beginning of it. A model that starts over from the first word does so piece by piece; that is told from
new text by its length.
"""

from __future__ import annotations

from typing import Final

_LEAST_CHARACTERS: Final = 20


class EchoFilter:
    """`shown` is the text that the model was given to go on from."""

    def __init__(self, shown: str) -> None:
        self._shown = shown.strip()
        self._held = ""
        self._is_open = bool(self._shown)
        self._is_first = True

    def feed(self, content: str) -> str:
        """The part of the next piece that is new, as far as that is clear."""
        if not self._is_open or not content:
            return content
        if self._is_first and content.lstrip().startswith(self._shown):
            self._is_open = False
            return content.lstrip().removeprefix(self._shown)
        self._is_first = False
        return self._over_pieces(content)

    def finish(self) -> str:
        """What was held back: a repetition that stops before its end adds nothing, a few equal letters are new text."""
        held, self._held = self._held, ""
        return held if len(held.strip()) < _LEAST_CHARACTERS else ""

    def _over_pieces(self, content: str) -> str:
        if len(self._shown) < _LEAST_CHARACTERS:
            self._is_open = False
            return content
        self._held += content
        begun = self._held.lstrip()
        if self._shown.startswith(begun) and begun != self._shown:
            return ""
        held, self._held, self._is_open = self._held, "", False
        return begun.removeprefix(self._shown) if begun.startswith(self._shown) else held
