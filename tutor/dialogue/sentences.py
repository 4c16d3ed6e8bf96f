"""Where a sentence ends, in any script: a reply that reached its limit is cut there and not within a word."""

from __future__ import annotations

import re
from typing import Final

_CLOSERS: Final = r"[\"'”’»›)\]』」）》*_]*"
_END: Final = re.compile(
    # Latin, Cyrillic, Greek: the mark counts where a space, a line or the text ends it.
    rf"(?:[.!?…;]+{_CLOSERS}(?=\s|$)"
    # Marks that need no space: of Chinese and Japanese, Arabic and Urdu, Hindi, Armenian, Amharic, Khmer, Burmese.
    rf"|[。！？｡．؟۔।॥։።។။]+{_CLOSERS})"
)
_LINE: Final = re.compile(r"[ \t]*\n")
_ABBREVIATION: Final = re.compile(
    r"(?:^|[\s(¿¡«\"'])(?:\w|\d{1,2}|\w\.(?:\s?\w\.)*\s?\w|(?:sr|sra|srta|dr|dra|prof|ud|uds|ee|uu|pág|núm|etc|ej|avda|mr|mrs|ms|"
    r"st|jr|no|vs|hr|fr|bzw|usw|ca|evtl|ggf|str|nr|m|mme|mlle|av|sig|dott|ecc|es|pag|exmo|bijv|enz|dhr|mevr|"
    r"bl|tzn|np|itd|ul|т|е|д|г|ул|стр|им|tj|např|atd|sv|bl\.a|f\.eks|kl|örn|vb|dr|doç))\.$",
    re.IGNORECASE,
)
_OPEN_LINE: Final = re.compile(r"(?:^|\n)\s*(?:[-*•]|\d{1,3}[.)])?\s*$|[:,;：，、]\s*$")
_LEAST_SHARE: Final = 0.4
_LOST_CHARACTERS: Final = 240


def cut_back(text: str, kept: int = 0) -> str:
    """The text without what a limit left unfinished: to the last end of a sentence or of a whole line, else of a word.

    An end far back, after which much was said, is passed over; so is one within the first `kept` characters, which
    stay in any case. Then the last whole word is the end.
    """
    end = _last_end(text)
    is_far_back = len(text) - end > _LOST_CHARACTERS and end < _LEAST_SHARE * len(text)
    cut = _whole_words(text) if is_far_back or end <= kept else text[:end].rstrip()
    return cut if len(cut) >= kept else text[:kept]


def _last_end(text: str) -> int:
    marks = (found.end() for found in _END.finditer(text) if not _is_abbreviation(text[: found.end()], found[0]))
    lines = (found.start() for found in _LINE.finditer(text) if not _OPEN_LINE.search(text[: found.start()]))
    return max([0, *marks, *lines])


def _is_abbreviation(text: str, mark: str) -> bool:
    """A full stop after "Sr", "z.B", an initial or a short number; a semicolon, but in Greek, where it asks."""
    if mark[0] == ";":
        return not any("\u0370" <= character <= "\u03ff" for character in text[-12:])
    return mark == "." and bool(_ABBREVIATION.search(text[-16:]))


def _whole_words(text: str) -> str:
    stripped = text.rstrip()
    if stripped != text:
        return stripped
    begun = max(text.rfind(" "), text.rfind("\n"))
    return text[:begun].rstrip() if begun > 0 else text
