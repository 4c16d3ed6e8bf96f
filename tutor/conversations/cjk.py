"""Emphasis beside Chinese, Japanese and Korean text, which puts no spaces between words.

CommonMark leaves ``**強調。**です`` unmarked: a mark between punctuation and a letter neither opens nor closes.
The browser has the same exception from markdown-it-cjk-friendly.
"""

from __future__ import annotations

import unicodedata

from markdown_it import MarkdownIt
from markdown_it.parser_inline import ParserInline
from markdown_it.rules_inline import StateInline
from markdown_it.rules_inline.state_inline import Scanned
from markdown_it.token import Token
from markdown_it.utils import EnvType

_FIRST_WIDE = 0x1100
_EMOJI = (range(0x231A, 0x2B56), range(0x1F000, 0x1FB00))


def make_friendly(markdown: MarkdownIt) -> None:
    """Let ``markdown`` open and close emphasis anywhere beside such text."""
    inline = _Inline()
    inline.ruler, inline.ruler2 = markdown.inline.ruler, markdown.inline.ruler2
    markdown.inline = inline


def is_cjk(character: str) -> bool:
    """Whether it is written without spaces around it; emoji are as wide, and are not meant."""
    code = ord(character)
    width = unicodedata.east_asian_width(character)
    if code < _FIRST_WIDE or width not in {"F", "H", "W"}:
        return False
    return width != "W" or not any(code in emoji for emoji in _EMOJI)


class _State(StateInline):
    def scanDelims(self, start: int, canSplitWord: bool) -> Scanned:  # noqa: N802, N803, FBT001 - markdown-it's names
        scanned = super().scanDelims(start, canSplitWord)
        end = start + scanned.length
        if not canSplitWord or start == 0 or end >= self.posMax:
            return scanned
        beside = (self.src[start - 1], self.src[end])
        if any(map(str.isspace, beside)) or not any(map(is_cjk, beside)):
            return scanned
        return Scanned(can_open=True, can_close=True, length=scanned.length)


class _Inline(ParserInline):
    def parse(self, src: str, md: MarkdownIt, env: EnvType, tokens: list[Token]) -> list[Token]:
        state = _State(src, md, env, tokens)
        self.tokenize(state)
        for rule in self.ruler2.getRules(""):
            rule(state)
        return state.tokens
