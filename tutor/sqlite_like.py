"""Capitals beyond ASCII. SQLite's own LIKE knows only A to Z: to it, "Ángel" and "ángel" are two names."""

import re
import unicodedata
from functools import lru_cache


def is_like(pattern: object, text: object, escape: str) -> bool | None:
    """LIKE as people compare: capitals and how a letter is composed do not count, accents do. NULL is like nothing."""
    if pattern is None or text is None:
        return None
    return _matcher(str(pattern), escape).fullmatch(_folded(str(text))) is not None


@lru_cache(maxsize=128)
def _matcher(pattern: str, escape: str) -> re.Pattern[str]:
    """As LIKE has it: ``%`` is any text, ``_`` any character, and either itself after ``escape``."""
    pieces = re.findall(rf"{re.escape(escape)}.|.", _folded(pattern), re.DOTALL)
    wild = {"%": ".*", "_": "."}
    return re.compile("".join(wild.get(piece) or re.escape(piece[-1]) for piece in pieces), re.DOTALL)


def _folded(text: str) -> str:
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).casefold())
