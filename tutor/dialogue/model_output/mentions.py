"""Tells words *about* a mark from the mark itself: a lesson may well speak of tags.

Nothing decides that for certain. What is in code or in quotation marks is spoken of; so is a tag in the middle of a
sentence in which a word such as "tag" stands near it, or an opening one that is written like a word, between spaces.
"""

from __future__ import annotations

import re
from typing import Final

_OPENING_QUOTES: Final = "\"'“”„«»‹›‘’‚「『《(（"
_CLOSING_QUOTES: Final = "\"'“”«»‹›‘’」』》)）.,;:!?。，、"
_SENTENCE_ENDS: Final = ".!?…。！？؟۔।:：>"
_ABOUT_TAGS: Final = re.compile(
    r"\b(?:tags?|tokens?|markup|html|xml|HTML|XML|etiquetas?|marcas?|marcador|balises?|jeton|Auszeichnung|Element|"
    r"marcatori|marcatore|znacznik\w*|etiket\w*|значок|тег\w*|токен\w*|ετικέτα)\b|标签|標籤|标记|標記|タグ|トークン|태그|وسم|علامة"
)
_NEAR_CHARACTERS: Final = 60
_NEXT_WORD: Final = re.compile(r"\s*\S+\s")
_WAITED_CHARACTERS: Final = 24


def needs_more(left: str, right: str) -> bool:
    """Whether the word after a mark has to be known before it can be told."""
    line = left.rpartition("\n")[2].rstrip()
    if not line or line[-1] in _SENTENCE_ENDS or right[:1] == "\n":
        return False
    return not _NEXT_WORD.match(right) and len(right) < _WAITED_CHARACTERS


def speaks_of(left: str, right: str, *, likely: bool) -> bool:
    """Whether a mark between `left` and `right` is spoken of.

    `likely` for a mark that is none when it is written like a word within a sentence.
    """
    line = left.rpartition("\n")[2]
    if not line.strip():
        return False
    if line[-1] in _OPENING_QUOTES and right[:1] in _CLOSING_QUOTES and right[:1]:
        return True
    if line.rstrip()[-1] in _SENTENCE_ENDS or right[:1] == "\n":
        return False
    if _is_about_tags(line, right):
        return True
    return likely and line[-1].isspace() and not right[:1].isalnum() and bool(right.strip())


def _is_about_tags(line: str, right: str) -> bool:
    near = line[-_NEAR_CHARACTERS:] + " " + right[:_WAITED_CHARACTERS].partition("\n")[0]
    return bool(_ABOUT_TAGS.search(near))
