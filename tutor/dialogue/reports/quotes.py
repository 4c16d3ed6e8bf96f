"""Quotes: what is claimed about a talk rests on words that stand in it, or is not shown.

A quote names characters of one message. Words that a model gives as a quote are looked for, and what is shown are the
learner's own characters at that place, never the model's copy of them.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from tutor.dialogue.types import Speaker

LONGEST_QUOTE: Final = 200
_JOINER: Final = "\u200d"
_APOSTROPHES: Final = str.maketrans({"\u2019": "'", "\u02bc": "'", "\u2018": "'"})
# What stands between two letters of one word.
_WITHIN_WORDS: Final = frozenset("'\u2019-\u2010\u2011")

Said = Mapping[tuple[Speaker, int], str]
"""All messages of a talk, by who said them and the number of the turn."""


class Quote(BaseModel):
    """The characters `start` to `end` of a message; `cut` where its sentence goes on."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)

    speaker: Literal["learner", "tutor"]
    turn: int
    start: int
    end: int
    text: str
    cut: bool = False

    def resolves(self, said: Said) -> bool:
        """Whether these very characters stand there, and hold a word."""
        message = said.get((self.speaker, self.turn), "")
        here = 0 <= self.start < self.end <= len(message) and message[self.start : self.end] == self.text
        return here and any(map(str.isalnum, self.text))


def quote(speaker: Speaker, turn: int, message: str, start: int, end: int) -> Quote | None:
    """The characters of a message as a quote, without white space at its ends and cut where it would be too long.
    None where no word is left."""
    start, end = _trimmed(message, start, end)
    shown = _within_limit(message, start, end)
    made = Quote(speaker=speaker, turn=turn, start=start, end=shown, text=message[start:shown], cut=shown < end)
    return made if any(map(str.isalnum, made.text)) else None


def find_quote(words: str, said: Said) -> Quote | None:
    """The first place at which the learner has written these words, whole words only; None where there is none.

    Case, kinds of apostrophes and white space, and how a letter with its accent is written make no difference.
    """
    wanted = "".join(folded for _, _, folded in _pieces(words.strip())).strip()
    if not any(map(str.isalnum, wanted)):
        return None
    for (speaker, turn), message in said.items():
        place = _place(wanted, message) if speaker == "learner" else None
        if place is not None:
            return quote(speaker, turn, message, *place)
    return None


def _place(wanted: str, message: str) -> tuple[int, int] | None:
    pieces = list(_pieces(message))
    folded = "".join(piece for _, _, piece in pieces)
    # For each folded character, the piece that it belongs to.
    owner = [number for number, (_, _, piece) in enumerate(pieces) for _ in piece]
    at = folded.find(wanted)
    while at >= 0:
        last = at + len(wanted) - 1
        begins = at == 0 or owner[at - 1] != owner[at]
        ends = last + 1 == len(owner) or owner[last + 1] != owner[last]
        if begins and ends:
            start, end = pieces[owner[at]][0], pieces[owner[last]][1]
            if _stands_alone(message, start, end):
                return start, end
        at = folded.find(wanted, at + 1)
    return None


def _stands_alone(message: str, start: int, end: int) -> bool:
    """Whether no word is cut at either end. Scripts without spaces between words have no such ends."""
    return not _joins(message, start) and not _joins(message, end)


def _joins(message: str, place: int) -> bool:
    if not 0 < place < len(message):
        return False
    before, after = message[place - 1], message[place]
    if after in _WITHIN_WORDS and place + 1 < len(message):
        after = message[place + 1]
    if before in _WITHIN_WORDS and place > 1:
        before = message[place - 2]
    return before.isalnum() and after.isalnum() and not (_is_unspaced(before) or _is_unspaced(after))


def _is_unspaced(letter: str) -> bool:
    return "\u3040" <= letter <= "\u9fff" or "\u0e00" <= letter <= "\u0eff"


def _pieces(text: str) -> Iterator[tuple[int, int, str]]:
    """What a reader takes for one sign each: its start and end, and its folded form ("" for what is not seen)."""
    place = 0
    while place < len(text):
        end = _end_of_sign(text, place)
        yield place, end, _folded(text[place:end])
        place = end


def _folded(sign: str) -> str:
    if sign.isspace():
        return " "
    is_seen = any(unicodedata.category(character) not in {"Cf", "Cc"} for character in sign)
    return unicodedata.normalize("NFC", sign.translate(_APOSTROPHES)).casefold() if is_seen else ""


def _end_of_sign(text: str, place: int) -> int:
    """The end of the sign that begins here: a run of white space, or a character with all that belongs to it."""
    end = place + 1
    if text[place].isspace():
        while end < len(text) and text[end].isspace():
            end += 1
        return end
    flag = _is_flag_half(text[place])
    while end < len(text):
        if _belongs(text[end]) or text[end - 1] == _JOINER:
            end += 1
        elif flag and _is_flag_half(text[end]):
            end, flag = end + 1, False
        else:
            break
    return end


def _belongs(character: str) -> bool:
    """Accents and the like, variation selectors, joiners and tones of skin."""
    mark = unicodedata.category(character) in {"Mn", "Mc", "Me"}
    return mark or character == _JOINER or "\U0001f3fb" <= character <= "\U0001f3ff"


def _is_flag_half(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"


def _trimmed(message: str, start: int, end: int) -> tuple[int, int]:
    piece = message[start:end]
    return start + len(piece) - len(piece.lstrip()), end - (len(piece) - len(piece.rstrip()))


def _within_limit(message: str, start: int, end: int) -> int:
    """Where a quote ends: at its own end, or before the word, or at least the sign, that passes the limit."""
    if end - start <= LONGEST_QUOTE:
        return end
    signs = [piece for piece in _pieces(message[start:end]) if piece[1] <= LONGEST_QUOTE]
    spaces = [first for first, _, folded in signs if folded == " " and first > LONGEST_QUOTE // 2]
    return start + (spaces[-1] if spaces else signs[-1][1] if signs else 0)
