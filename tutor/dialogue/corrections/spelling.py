"""Spelling, by a dictionary where one is installed. A dictionary's ignorance is no mistake: names are left alone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from tutor.dialogue.corrections.edits import Token, tokens
from tutor.dialogue.corrections.kinds import without_accents

_SHORTEST: Final = 3
_LONG: Final = 8
_ENDING: Final = 2
# Of so many words so many unknown: this is another language.
_FOREIGN_LEAST: Final = 3
_QUOTED: Final = re.compile(r"\"[^\"]*\"|[«„“][^»“”]*[»“”]")


class Speller(Protocol):
    """A dictionary of one language."""

    def knows(self, word: str) -> bool:
        """Whether the word is spelled right."""
        ...

    def suggestions(self, word: str) -> Sequence[str]:
        """What may have been meant, the likeliest first."""
        ...


def unknown_words(sentence: str, speller: Speller) -> Sequence[Token]:
    """Return the words that a dictionary doesn't know: none where half of them are, for that is another language."""
    words = [token for token in tokens(sentence) if token.text[0].isalnum()]
    unknown = list(_unknown(sentence, words, speller))
    return [] if len(unknown) >= _FOREIGN_LEAST and 2 * len(unknown) >= len(words) else unknown


def _unknown(sentence: str, words: Sequence[Token], speller: Speller) -> Iterator[Token]:
    """Yield unknown words: no names (capitals), no numbers, nothing quoted or short."""
    quoted = [found.span() for found in _QUOTED.finditer(sentence)]
    for token in words:
        if any(start <= token.start < end for start, end in quoted):
            continue
        word = token.text.strip("'’")
        if len(word) < _SHORTEST or not word.replace("-", "").replace("'", "").replace("’", "").isalpha():
            continue
        if word != word.lower() or speller.knows(word):
            continue
        if all(speller.knows(part) for part in word.split("-")) or _is_shortened(token.text, speller):
            continue
        yield token


def _is_shortened(text: str, speller: Speller) -> bool:
    """Whether an apostrophe stands for letters: "dell'", "läuft's"."""
    word, mark, rest = text.replace("’", "'").partition("'")
    return bool(mark) and (not rest or (len(rest) <= _ENDING and speller.knows(word)))


def only_meant(word: str, near: Sequence[str]) -> str:
    """Return the only suggestion, or the only one that is this word with its accents; nothing where it is far off.

    What is far off is another word, or one of another language ("breakfast").
    """
    alike = [one for one in near if without_accents(one) == without_accents(word)]
    meant = alike[0] if len(alike) == 1 else near[0] if len(near) == 1 else ""
    return meant if meant and slips(word, meant) <= (1 if len(word) < _LONG else 2) else ""


def slips(word: str, meant: str) -> int:
    """Count the letters that are wrong, missing, too many or exchanged with their neighbour; accents do not count."""
    one, other = without_accents(word), without_accents(meant)
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for k, its in enumerate(other, 1):
            best = min(rows[-1][k - 1] + (letter != its), rows[-1][k] + 1, row[k - 1] + 1)
            if i > 1 and k > 1 and letter == other[k - 2] and one[i - 2] == its:
                best = min(best, rows[-2][k - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
