"""Labels at the beginning of a line by which a model plays both parts: "Assistant:", "User:", "### Response:"."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tutor.dialogue.model_output.marks import UNDECIDED, Undecided
from tutor.dialogue.model_output.spellings import (
    FIRST_LABELS,
    LEARNER_HEADINGS,
    LEARNER_LABELS,
    THOUGHT_CLOSINGS,
    THOUGHT_OPENINGS,
    TUTOR_HEADINGS,
    TUTOR_LABELS,
    Kind,
)

_LEAD: Final = re.compile(r"(?:\*\*|__|#{2,4}[ ]*)?")
_COLON: Final = re.compile(r"(?:\*\*|__)?[ ]?[:：](?:\*\*|__)?")
_PERHAPS_COLON: Final = re.compile(r"(?:\*{1,2}|_{1,2})?[ ]?")
_NAMES: Final = {**dict.fromkeys(TUTOR_LABELS, Kind.TUTOR), **dict.fromkeys(LEARNER_LABELS, Kind.LEARNER)}
_HEADINGS: Final = {**dict.fromkeys(TUTOR_HEADINGS, Kind.TUTOR), **dict.fromkeys(LEARNER_HEADINGS, Kind.LEARNER)}
_PHRASES: Final = {
    **dict.fromkeys(THOUGHT_OPENINGS, Kind.THOUGHT_BEGINS),
    **dict.fromkeys(THOUGHT_CLOSINGS, Kind.THOUGHT_ENDS),
}
_FIRST: Final = frozenset(name[0] for name in (*_NAMES, *_PHRASES)) | set("*_#")
# "analysisThe learner greets me.assistantfinal¡Hola!": harmony whose marks the engine has swallowed.
_SWALLOWED: Final = "analysis"
# A tool's call as bare JSON, which only ever comes first.
_CALL: Final = re.compile(
    r"(?:```(?:json|tool_call|tool_code)?\s*)?\[?\s*\{\s*\"(?:name|function|tool|tool_name|type)\"\s*:\s*\"[\w.:-]+\"\s*,"
    r"\s*\"(?:arguments|parameters|args|input|function|name)\"\s*:"
)
_CALL_CHARACTERS: Final = 160
_ANOTHER_SPEAKER: Final = re.compile(r"^[\W_]{0,4}\w[\w '’.-]{0,24}(?:\*\*)?[:：](?:\*\*)?[ \t]*\S", re.MULTILINE)


@dataclass(frozen=True)
class Label:
    """What a label says, and how many characters it takes."""

    kind: Kind
    length: int


def label_at(line: str, *, first: bool, final: bool) -> Label | Undecided | None:
    """The label that `line` begins with; `line` is what follows a line break and white space.

    `first`: nothing is shown yet. `final`: nothing will follow.
    """
    if first and line[:1] in ("{", "[", "`"):
        return _call_at(line, final=final)
    if not line or line[0].lower() not in _FIRST:
        return None
    found = _phrase_at(line, first=first, final=final)
    return _name_at(line, first=first, final=final) if found is None else found


def is_dialogue(shown: str) -> bool:
    """Whether the text so far shows a dialogue, or is about to: then more lines of it are meant."""
    return shown.rstrip()[-1:] in (":", "：") or bool(_ANOTHER_SPEAKER.search(shown))


def _call_at(line: str, *, final: bool) -> Label | Undecided | None:
    if _CALL.match(line):
        return Label(Kind.TOOL_BEGINS, 0)
    waiting = not final and len(line) < _CALL_CHARACTERS and _may_be_call(line)
    return UNDECIDED if waiting else None


def _may_be_call(line: str) -> bool:
    """Whether the first characters are those of JSON. What looks like a mark in brackets is left to the marks."""
    inner = re.sub(r"^`{0,3}[a-z_]*\s*", "", line) if line[0] == "`" else line
    return re.match(r"\[?\s*(?:\{\s*(?:\"|$)|$)", inner) is not None


def _phrase_at(line: str, *, first: bool, final: bool) -> Label | Undecided | None:
    lowered = line[:32].lower()
    for phrase, kind in _PHRASES.items():
        if lowered.startswith(phrase):
            return Label(kind, len(phrase))
        if not final and phrase.startswith(lowered):
            return UNDECIDED
    if not first or not _SWALLOWED.startswith(lowered[: len(_SWALLOWED)]):
        return None
    after = line[len(_SWALLOWED) :]
    if not after:
        return None if final else UNDECIDED
    return Label(Kind.THOUGHT_BEGINS, len(_SWALLOWED)) if after[0].isupper() else None


def _name_at(line: str, *, first: bool, final: bool) -> Label | Undecided | None:
    if line in ("*", "_", "#"):
        return None if final else UNDECIDED
    lead = _LEAD.match(line)
    begun = lead.end() if lead else 0
    rest = line[begun:].lower()
    for name, kind in (_HEADINGS if line[0] == "#" else _NAMES).items():
        found = _with_colon(name, rest, final=final)
        if isinstance(found, int):
            return Label(kind, begun + found) if first or name not in FIRST_LABELS else None
        if found is not None and not final:
            return UNDECIDED
    return None


def _with_colon(name: str, rest: str, *, final: bool) -> int | Undecided | None:
    """The length of this name and its colon, with the stars of bold print, at the beginning of `rest`."""
    if not rest.startswith(name):
        return UNDECIDED if name.startswith(rest) else None
    colon, after = _COLON.match(rest, len(name)), rest[len(name) :]
    if colon is None:
        return UNDECIDED if _PERHAPS_COLON.fullmatch(after) else None
    begun = rest[colon.end() :]
    return UNDECIDED if begun in ("", "*", "_") and not final else colon.end()
