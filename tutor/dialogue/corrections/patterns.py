"""Hand-written rules for mistakes that small models pass over."""

from __future__ import annotations

import re
from collections.abc import Iterator

from tutor.dialogue.corrections.edits import Edit, edits_between
from tutor.dialogue.corrections.findings import Finding
from tutor.dialogue.corrections.language import CorrectionLanguage, Rule


def broken_rules(sentence: str, known: CorrectionLanguage) -> Iterator[Finding]:
    """Yield what the rules of the language would change, by the smallest changes."""
    for rule, find, unless in known.compiled:
        if unless is not None and unless.search(sentence):
            continue
        for match in find.finditer(sentence):
            old, new = match.group(), known.vocabulary.answer(match, rule.put)
            if new is None:
                continue
            new = _capitals(old, new)
            for edit in edits_between(old, new):
                yield _found(match.start(), edit, rule)


def _capitals(old: str, new: str) -> str:
    """What begins with a capital still does, and a first word that moved away gives its own up."""
    if not old[:1].isupper():
        return new
    first = old.split(maxsplit=1)[0]
    if not new.startswith(first) and first != "I":
        new = re.sub(rf"(?<!\w){re.escape(first)}(?!\w)", first[:1].lower() + first[1:], new, count=1)
    return new[:1].upper() + new[1:]


def _found(begin: int, edit: Edit, rule: Rule) -> Finding:
    start, end = begin + edit.start, begin + edit.end
    new = edit.new if rule.certainty != "place" else ""
    return Finding(start, end, edit.old, new, rule.certainty, rule.kind, ("rule",))
