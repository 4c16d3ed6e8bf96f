"""Scripts: which one a letter belongs to, and which ones a language is written in."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from functools import cache
from typing import Final

# Where each block of letters begins (Unicode), in order.
_BLOCKS: Final = (
    (0x0, "latin"), (0x370, "greek"), (0x400, "cyrillic"), (0x530, "armenian"), (0x590, "hebrew"), (0x600, "arabic"),
    (0x900, "devanagari"), (0x980, "other"), (0xE00, "thai"), (0xE80, "other"), (0x10A0, "georgian"),
    (0x1100, "hangul"), (0x1200, "other"), (0x1E00, "latin"), (0x1F00, "greek"), (0x2000, "other"), (0x2C60, "latin"),
    (0x2E80, "han"), (0x3040, "kana"), (0x3130, "hangul"), (0x3190, "han"), (0x31F0, "kana"), (0x3400, "han"),
    (0xA000, "other"),
    (0xAC00, "hangul"), (0xD7B0, "other"), (0xF900, "han"), (0xFB00, "latin"), (0xFB1D, "hebrew"), (0xFB50, "arabic"),
    (0xFF21, "latin"), (0xFF66, "kana"), (0xFFA0, "other"), (0x20000, "han"),
)  # fmt: skip
_BEGINNINGS: Final = [begins for begins, _ in _BLOCKS]
_LANGUAGES: Final = {
    "greek": "el", "cyrillic": "ru uk bg be mk kk mn sr", "hebrew": "he",
    "arabic": "ar fa ur ug",
    "devanagari": "hi mr ne", "thai": "th",
    "armenian": "hy", "georgian": "ka", "hangul": "ko", "kana": "ja", "han": "ja zh",
    "latin": "sr",
    "other": "bn ta te kn ml pa gu km lo my am si",
}  # fmt: skip
# The language that a script is taken for where it stands alone.
SPOKEN_IN: Final = {
    "greek": "el", "cyrillic": "ru", "hebrew": "he", "arabic": "ar", "devanagari": "hi", "thai": "th", "hangul": "ko",
    "kana": "ja", "han": "zh", "armenian": "hy", "georgian": "ka",
}  # fmt: skip


@cache
def scripts_of(language: str) -> frozenset[str]:
    """The scripts in which a language (its base code) is written; Latin where nothing else is known."""
    found = (script for script, languages in _LANGUAGES.items() if language in languages.split())
    return frozenset(found) or frozenset({"latin"})


def counted(text: str) -> Counter[str]:
    """How many letters of each script there are. Marks, digits and emoji are no letters."""
    return Counter(_BLOCKS[bisect_right(_BEGINNINGS, ord(one)) - 1][1] for one in text if one.isalpha())
