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


def around(message: str, start: int, end: int, words: int = 4) -> tuple[str, str]:
    """Return what stands before and after a place within its sentence: a few words of each, as they are written."""
    ends = [mark.end() for mark in _END.finditer(message)]
    begin = max((at for at in ends if at <= start), default=0)
    stop = min((at for at in ends if at >= max(end, 1)), default=len(message))
    before, after = message[begin:start].lstrip(), message[end:stop].rstrip()
    if _is_unspaced(message[begin:stop]):
        return _cut(before, before[-2 * words :]), _cut(after, after[: 2 * words])
    found = re.search(rf"(?:\S+\s+){{0,{words - 1}}}\S*\s*$", before)
    follows = re.match(rf"\s*\S*(?:\s+\S+){{0,{words - 1}}}", after)
    return _cut(before, found.group() if found else ""), _cut(after, follows.group() if follows else "")


def _cut(whole: str, shown: str) -> str:
    """Return the piece that is shown, with a mark where something is left out."""
    if shown == whole:
        return whole
    return f"… {shown.lstrip()}" if whole.endswith(shown) else f"{shown.rstrip()} …"


def _trimmed(message: str, begin: int, end: int) -> Sentence:
    piece = message[begin:end]
    return Sentence(begin + len(piece) - len(piece.lstrip()), piece.strip())


def _is_unspaced(text: str) -> bool:
    return 2 <= len(text) <= LONGEST and any("\u3040" <= sign <= "\u9fff" for sign in text)
