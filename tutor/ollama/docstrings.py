"""Descriptions out of docstrings: Google's style as the published client reads it, and reST's `:param x:`. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import NamedTuple

_ARGUMENTS = ("args:", "arguments:", "parameters:")
_OUTCOMES = ("returns:", "yields:", "raises:", ":return", ":yield", ":raise", ":rtype", ":type")
_GOOGLE = re.compile(r"\*{0,2}(?P<name>\w+)\s*(?:\(.*?\))?\s*:\s*(?P<text>.*)")
_REST = re.compile(r":param\s+(?:[^:]*\s)?\*{0,2}(?P<name>\w+)\s*:\s*(?P<text>.*)")


class Described(NamedTuple):
    """A function in words; parameters of which the docstring says nothing are missing."""

    summary: str
    parameters: dict[str, str]


def read_docstring(docstring: str, names: Collection[str]) -> Described:
    """What it says of the function and of each of the parameters `names`.

    Only a line that is no deeper than the first parameter's, and names a parameter, begins a description; a colon
    within a description begins nothing.
    """
    reader = _Reader(names)
    for line in docstring.splitlines():
        reader.read(line.strip(), len(line) - len(line.lstrip()))
    words = {name: " ".join(texts) for name, texts in reader.parameters.items()}
    return Described("\n".join(reader.summary).strip(), words)


class _Reader:
    """Goes through a docstring line by line. `_depth` is the indentation of the parameters' names, once one is seen."""

    def __init__(self, names: Collection[str]) -> None:
        self.summary: list[str] = []
        self.parameters: dict[str, list[str]] = {}
        self._names = names
        self._section = "summary"
        self._depth: int | None = None
        self._current: list[str] | None = None

    def read(self, text: str, indentation: int) -> None:
        if self._begins_parameter(text, indentation):
            return
        if self._begins_section(text, indentation):
            return
        if self._section == "summary":
            self.summary.append(text)
        elif self._current is not None and text:
            self._current.append(text)

    def _begins_parameter(self, text: str, indentation: int) -> bool:
        found = _REST.match(text)
        if found is None and self._section == "arguments" and indentation <= self._deepest(indentation):
            found = _GOOGLE.match(text)
        if found is None or found["name"] not in self._names:
            return False
        self._section, self._depth = "arguments", self._deepest(indentation)
        self._current = self.parameters[found["name"]] = [found["text"]] if found["text"] else []
        return True

    def _begins_section(self, text: str, indentation: int) -> bool:
        word = text.lower()
        if indentation > self._deepest(indentation):
            return False
        if word in _ARGUMENTS or word.startswith("args:"):
            self._turn_to("arguments")
        elif word.startswith(_OUTCOMES):
            self._turn_to("outcome")
        else:
            if text and indentation < self._deepest(indentation):
                # Back at the margin, the text speaks of the whole again.
                self._turn_to("summary")
            return False
        return True

    def _turn_to(self, section: str) -> None:
        self._section, self._depth, self._current = section, None, None

    def _deepest(self, indentation: int) -> int:
        return indentation if self._depth is None else self._depth
