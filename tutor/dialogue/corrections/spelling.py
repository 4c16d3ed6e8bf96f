"""Spelling, by a dictionary where one is installed. A dictionary's ignorance is no mistake: names are left alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, Protocol

from tutor.dialogue.corrections.edits import Token, tokens

_SHORTEST: Final = 3


class Speller(Protocol):
    """A dictionary of one language."""

    def knows(self, word: str) -> bool:
        """Whether the word is spelled right."""
        ...

    def suggestions(self, word: str) -> Sequence[str]:
        """What may have been meant, the likeliest first."""
        ...


def unknown_words(sentence: str, speller: Speller) -> Iterator[Token]:
    """Yield the words that a dictionary doesn't know: no names (capitals), no numbers, nothing of two letters."""
    for token in tokens(sentence):
        word = token.text.strip("'’")
        if len(word) < _SHORTEST or not word.replace("-", "").replace("'", "").replace("’", "").isalpha():
            continue
        if word != word.lower() or speller.knows(word):
            continue
        if all(speller.knows(part) for part in word.split("-")):
            continue
        yield token
