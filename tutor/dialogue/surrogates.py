"""Makes text of characters that may come as halves (UTF-16 surrogates), or come broken."""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_ODD: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


class Joiner:
    """Joins the halves of a character; a half without its other half becomes U+FFFD.

    Control characters other than newline and tab are left out: a database refuses some of them and
    nobody can read any.
    """

    def __init__(self) -> None:
        self._high = ""

    def join(self, text: str) -> str:
        """What can be said for certain after these characters."""
        if not self._high and not _ODD.search(text):
            return text
        return "".join([self._one(character) for character in text])

    def flush(self) -> str:
        """What is left when nothing follows."""
        left, self._high = "\ufffd" if self._high else "", ""
        return left

    def _one(self, character: str) -> str:
        if "\udc00" <= character <= "\udfff":
            pair, self._high = self._high + character, ""
            whole = pair.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
            return whole if len(pair) == 2 else "\ufffd"
        broken = self.flush()
        if "\ud800" <= character <= "\udbff":
            self._high = character
            return broken
        if character not in "\n\t" and unicodedata.category(character) == "Cc":
            return broken
        return broken + character
