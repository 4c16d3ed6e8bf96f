"""Reads the strings of a JSON object while it is still being written.

The object is flat (`{"reaction": "…", "question": "…"}`) and may be cut anywhere: what was readable
up to there has been given out. Pure: characters in, visible text out.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from tutor.dialogue.surrogates import Joiner

FIELDS: Final = ("reaction", "question")
_ESCAPES: Final = {"n": "\n", "t": "\t", "r": "", "b": "", "f": "", '"': '"', "\\": "\\", "/": "/"}
_HEX: Final = frozenset("0123456789abcdefABCDEF")
_SPACE: Final = " \t\r\n"


class Decoder:
    """Feed it chunks split at any character; it returns the text of the named fields as it grows."""

    def __init__(self, fields: tuple[str, ...] = FIELDS, joint: str = " ") -> None:
        self._fields = fields
        self._joint = joint
        self._step: Callable[[str], str] = self._before
        self._depth = 0
        self._key = ""
        self._key_is_read = False
        self._hex = ""
        self._held = ""
        self._at_start = True
        self._anything_shown = False
        self._done: set[str] = set()
        self._pairs = Joiner()

    def feed(self, content: str) -> str:
        """The visible text that these characters add."""
        return "".join([self._step(character) for character in content])

    def _before(self, character: str) -> str:
        """Outside the object: whatever stands there (a fence, a sentence) is not for the learner."""
        if character == "{":
            self._depth, self._step = 1, self._between
        return ""

    def _between(self, character: str) -> str:
        """Inside the object, outside its strings."""
        if character == '"':
            self._begin_string()
        elif character == ":" and self._depth == 1:
            self._key_is_read = True
        elif character == "," and self._depth == 1:
            self._key, self._key_is_read = "", False
        else:
            self._nest(character)
        return ""

    def _nest(self, character: str) -> None:
        if character in "{[":
            self._depth += 1
        elif character in "}]":
            self._depth -= 1
            if self._depth <= 0:
                self._step = self._after

    def _begin_string(self) -> None:
        if self._depth == 1 and not self._key_is_read:
            self._key = ""
        if self._visible():
            self._held = self._joint if self._anything_shown else ""
        self._at_start = True
        self._step = self._inside

    def _visible(self) -> bool:
        wanted = self._key in self._fields and self._key not in self._done
        return self._depth == 1 and self._key_is_read and wanted

    def _inside(self, character: str) -> str:
        if character == '"':
            return self._end_string()
        if character == "\\":
            self._step = self._escaped
            return ""
        return self._put(character)

    def _end_string(self) -> str:
        rest = self._show(self._pairs.flush())
        if self._visible():
            self._done.add(self._key)
        self._step = self._between
        return rest

    def _escaped(self, character: str) -> str:
        if character == "u":
            self._hex, self._step = "", self._unicode
            return ""
        self._step = self._inside
        return self._put(_ESCAPES.get(character, character))

    def _unicode(self, character: str) -> str:
        if character not in _HEX:
            self._step = self._inside
            return self._put("\ufffd") + self._inside(character)
        self._hex += character
        if len(self._hex) < 4:
            return ""
        self._step = self._inside
        return self._put(chr(int(self._hex, 16)))

    def _put(self, character: str) -> str:
        return self._show(self._pairs.join(character))

    def _show(self, text: str) -> str:
        if self._depth == 1 and not self._key_is_read:
            self._key += text
            return ""
        if not text or not self._visible():
            return ""
        return "".join([self._spaced(character) for character in text])

    def _spaced(self, character: str) -> str:
        """Space waits until a word follows, so that no text begins or ends with it."""
        if character in _SPACE:
            if not self._at_start:
                self._held += character
            return ""
        out, self._held, self._at_start = self._held + character, "", False
        self._anything_shown = True
        return out

    def _after(self, character: str) -> str:
        """Behind the object nothing counts."""
        del character
        return ""
