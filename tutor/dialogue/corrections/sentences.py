"""The sentences of a message, each with its place, as they are looked at one by one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

LONGEST: Final = 300
_END: Final = re.compile(r"[.!?…]+[\"'»”’)]*(?=\s|$)|[。！？]+|\n+")
_ABBREVIATION: Final = re.compile(
    r"(?:^|\s)(?:\w|sr|sra|dr|dra|ud|uds|etc|p\.?\s?ej|mr|mrs|ms|prof|st|nr|bzw|usw|z\.?\s?b|d\.?\s?h|sig|mme|mlle)\.$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Sentence:
    """``text`` stands at ``start`` of the message (code points)."""

    start: int
    text: str


def sentences_of(message: str) -> list[Sentence]:
    """Return the sentences of a message that can be looked at: those of two words or more, up to 300 characters."""
    found: list[Sentence] = []
    begin = 0
    for mark in _END.finditer(message):
        if mark.group().startswith(".") and _ABBREVIATION.search(message[begin : mark.start() + 1]):
            continue
        found.append(_trimmed(message, begin, mark.end()))
        begin = mark.end()
    found.append(_trimmed(message, begin, len(message)))
    return [one for one in found if (len(one.text.split()) > 1 and len(one.text) <= LONGEST) or _is_unspaced(one.text)]


def _trimmed(message: str, begin: int, end: int) -> Sentence:
    piece = message[begin:end]
    return Sentence(begin + len(piece) - len(piece.lstrip()), piece.strip())


def _is_unspaced(text: str) -> bool:
    return 2 <= len(text) <= LONGEST and any("\u3040" <= sign <= "\u9fff" for sign in text)
