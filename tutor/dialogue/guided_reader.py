"""Reads the model's choice while it is being written, and goes ahead of it as far as the lines that still fit agree."""

from __future__ import annotations

from collections.abc import Sequence
from os.path import commonprefix
from typing import Final

from pydantic_core import from_json

from tutor.dialogue.types import Output, Unreadable

FIELD: Final = "reply"


class GuidedReader:
    """Shows the lines of a flat JSON object as it grows; of a continued reply only what is not yet shown.

    `candidates` are the whole replies that may come. Nothing else is ever shown: words that none of them
    begins with are no reply.
    """

    def __init__(self, candidates: Sequence[str], sofar: str = "") -> None:
        self._left = tuple(candidates)
        self._shown = sofar
        self._written = ""
        self._object_begun = False

    @property
    def settled(self) -> bool:
        return self._left == (self._shown,)

    def feed(self, content: str) -> Output:
        self._written += content
        return Output(self._new_words())

    def finish(self, done_reason: str = "") -> Output:
        if not self.settled and not (self._left and _words(self._written)):
            raise Unreadable("the model's answer is not one of the lines")
        return Output(flaw="length" if done_reason == "length" and not self.settled else "")

    def _new_words(self) -> str:
        if self.settled or not self._begin_object():
            return ""
        words = _words(self._written)
        if words:
            self._left = tuple(text for text in self._left if text.startswith(words))
        known = commonprefix(self._left) if words else ""  # noqa: RUF071 - characters are meant, not paths
        if not known.startswith(self._shown):
            return ""
        new, self._shown = known[len(self._shown) :], known
        return new

    def _begin_object(self) -> bool:
        """Whether the object has begun: what stands before it (a fence, a sentence) is not for the learner."""
        if not self._object_begun and "{" in self._written:
            self._object_begun, self._written = True, self._written[self._written.index("{") :]
        return self._object_begun


def _words(written: str) -> str:
    """What is readable so far of the reply."""
    try:
        found = from_json(written, allow_partial="trailing-strings")
    except ValueError:  # lone halves of a character among them
        return ""
    value = found.get(FIELD) if isinstance(found, dict) else None
    return value.strip() if isinstance(value, str) else ""
