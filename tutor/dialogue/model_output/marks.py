"""Finds a mark of a model's format at the beginning of a piece of text, or says that one may still be coming."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from tutor.dialogue.model_output.spellings import CLOSED_SPECIALS, LITERALS, ROLES, SPECIALS, TAGS, Kind

MARK_STARTS: Final = "<[◁"
LONGEST_MARK: Final = 160

_SPECIAL: Final = re.compile(r"<[|｜]([^|｜<>\n]{1,48})[|｜]?>|\[\|([A-Za-z_]{1,24})\|\]")
_CLOSED_SPECIAL: Final = re.compile(r"<([A-Za-z_]{2,24})[|｜]>")
_TAG: Final = re.compile(r"<(/?)([A-Za-z][\w:]{0,31})((?:[\s=][^<>\n]{0,96})?)\s?/?>", re.ASCII)
_PARTIAL: Final = re.compile(
    r"<[|｜][^|｜<>\n]{0,48}[|｜]?|<[A-Za-z_]{2,24}[|｜]|\[\|?[A-Za-z_]{0,24}\|?"
    r"|<(?:/?(?:[A-Za-z][\w:]{0,31}(?:[\s=][^<>\n]{0,96})?\s?/?)?)",
    re.ASCII,
)
_NAME: Final = re.compile(r"</?([A-Za-z][\w:]*)", re.ASCII)
_ROLE: Final = re.compile(r"[ \t]*(" + "|".join(sorted(ROLES, key=len, reverse=True)) + r")", re.IGNORECASE)
_PERHAPS_ROLE: Final = re.compile(r"[ \t]*[A-Za-z]{0,12}")
_RECIPIENT: Final = re.compile(r"[ \t]+to=[\w.]*")
_NEEDS_ATTRIBUTE: Final = frozenset({"function", "invoke"})


@dataclass(frozen=True)
class Mark:
    """A mark as it was written. `ends` is the text that ends a tool's call; `strict` if no prose ever holds it."""

    kind: Kind
    text: str
    name: str = ""
    ends: str = ""
    strict: bool = False


class Undecided:
    """What stands there may become a mark: more text is needed."""


UNDECIDED: Final = Undecided()


def mark_at(text: str, *, final: bool) -> Mark | Undecided | None:
    """The mark that `text` begins with, in which `text` begins with one of MARK_STARTS.

    `final`: nothing will follow, so that there is nothing to wait for.
    """
    found = _literal(text) or _special(text) or _tag(text)
    if found is None:
        return UNDECIDED if not final and _may_become_one(text) else None
    if found.kind is Kind.HEADER:
        return _with_role(found, text, final=final)
    return found


def _literal(text: str) -> Mark | None:
    fitting = (literal for literal in LITERALS if text.startswith(literal))
    literal = next(fitting, None)
    return Mark(LITERALS[literal], literal, literal, strict=True) if literal else None


def _special(text: str) -> Mark | None:
    closed = _CLOSED_SPECIAL.match(text)
    if closed and closed[1] in CLOSED_SPECIALS:
        return Mark(CLOSED_SPECIALS[closed[1]], closed[0], closed[1], strict=True)
    found = _SPECIAL.match(text)
    if found is None:
        return None
    name = (found[1] or found[2]).strip().lower()
    return Mark(SPECIALS.get(name, Kind.NOTHING), found[0], name, strict=True)


def _tag(text: str) -> Mark | None:
    found = _TAG.match(text)
    if found is None:
        return None
    closing, name, attributes = bool(found[1]), found[2].lower(), found[3]
    if found[0].endswith("/>"):
        return Mark(Kind.NOTHING, found[0], name) if name in TAGS else None
    if name == "s" and not attributes:
        return Mark(Kind.TURN_ENDS if closing else Kind.NOTHING, found[0], name)
    kind = TAGS.get(name)
    if kind is None or (name in _NEEDS_ATTRIBUTE and not closing and not attributes):
        return None
    if closing:
        kind = {Kind.THOUGHT_BEGINS: Kind.THOUGHT_ENDS, Kind.TOOL_BEGINS: Kind.TOOL_ENDS}.get(kind, kind)
    return Mark(kind, found[0], name, f"</{name}>" if kind is Kind.TOOL_BEGINS else "")


def _with_role(mark: Mark, text: str, *, final: bool) -> Mark | Undecided:
    """A header together with the role or channel that follows it, which says what it begins."""
    after = text[len(mark.text) :]
    found = _ROLE.match(after)
    if found is None:
        waiting = not final and _PERHAPS_ROLE.fullmatch(after)
        return UNDECIDED if waiting else Mark(Kind.NOTHING, mark.text, mark.name, strict=True)
    rest = after[found.end() :]
    recipient = _RECIPIENT.match(rest)
    if not final and len(rest) < 4 and " to="[: len(rest)] == rest:
        return UNDECIDED
    if recipient and not final and recipient.end() == len(rest):
        return UNDECIDED
    spoken = mark.text + found[0] + (recipient[0] if recipient else "")
    return Mark(ROLES[found[1].lower()], spoken, mark.name, strict=True)


def _may_become_one(text: str) -> bool:
    if any(literal.startswith(text) for literal in LITERALS):
        return True
    if len(text) > LONGEST_MARK or not _PARTIAL.fullmatch(text):
        return False
    if text[0] == "[":
        return text.startswith("[|")
    name = _NAME.match(text)
    return name is None or _may_become_tag(name[1].lower(), whole=name.end() < len(text))


def _may_become_tag(name: str, *, whole: bool) -> bool:
    known = {"s", *TAGS, *CLOSED_SPECIALS}
    return name in known if whole else any(one.startswith(name) for one in known)


def is_broken_off(text: str) -> bool:
    """Whether `text`, after which nothing follows, is the beginning of a mark that was not written to its end."""
    begun = len(text) > 3 or text.startswith(("<|", "<｜"))
    return begun and "\n" not in text and _may_become_one(text)
