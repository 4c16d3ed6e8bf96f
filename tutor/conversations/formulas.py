r"""Formulas as models write them, shown as code: ``\(…\)`` among words, ``\[…\]`` and ``$$…$$`` also as blocks.

As ``static/js/chat/formulas.js`` has it. A single dollar is money, and words in brackets are words.
"""

import re

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock
from markdown_it.rules_inline import StateInline

_CLOSINGS = {"\\(": "\\)", "\\[": "\\]", "$$": "$$"}
_SIGN = re.compile(r"[\\^_={}<>+*/|\d]")
_WORD = re.compile(r"[^\W\d_]{3}")
# Bounds, so that a text of nothing but openings is not read once for each of them.
_CHARACTERS = 1_000
_LINES = 20


def show_formulas(markdown: MarkdownIt) -> None:
    markdown.inline.ruler.before("escape", "formula", _inline)
    interrupted = ["paragraph", "reference", "blockquote", "list"]
    markdown.block.ruler.before("fence", "formula", _block, {"alt": interrupted})


def _inline(state: StateInline, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it so
    close = _CLOSINGS.get(state.src[state.pos : state.pos + 2])
    if close is None:
        return False
    start = state.pos + 2
    end = state.src.find(close, start, min(state.posMax, start + _CHARACTERS))
    content = state.src[start : max(start, end)]
    if not _is_formula(content) or (close == "$$" and _is_money(state.src, start, end)):
        return False
    if not silent:
        state.push("code_inline", "code", 0).content = " ".join(content.split())
    state.pos = end + 2
    return True


def _is_formula(content: str) -> bool:
    return bool(content.strip()) and (_SIGN.search(content) is not None or _WORD.search(content) is None)


def _is_money(text: str, start: int, end: int) -> bool:
    """Whether two dollars between others, or beside a space, are a price and no formula among words."""
    return (
        "$" in {text[start - 3 : start - 2], text[end + 2 : end + 3]}
        or text[start].isspace()
        or text[end - 1].isspace()
    )


def _block(state: StateBlock, start: int, end: int, silent: bool) -> bool:  # noqa: FBT001 - markdown-it calls it so
    first = _line(state, start)
    close = _CLOSINGS.get(first[:2])
    if close is None or first.startswith(("\\(", "$$$")) or state.is_code_block(start):
        return False
    lines = [first[2:]]
    while close not in lines[-1] and len(lines) < _LINES and _goes_on(state, start + len(lines), end):
        lines.append(_line(state, start + len(lines)))
    content, closing, rest = "\n".join(lines).partition(close)
    if not closing or rest.strip() or not _is_formula(content):
        return False
    if not silent:
        token = state.push("code_block", "code", 0)
        token.content = content.strip() + "\n"
        token.map = [start, start + len(lines)]
        state.line = start + len(lines)
    return True


def _goes_on(state: StateBlock, line: int, end: int) -> bool:
    """Whether a formula that began above may still end in or after this line: no blank one, none of an outer block."""
    return line < end and not state.isEmpty(line) and state.sCount[line] >= state.blkIndent


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]
