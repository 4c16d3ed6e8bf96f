"""Hand-written rules for mistakes that small models pass over."""

from __future__ import annotations

from collections.abc import Iterator

from tutor.dialogue.corrections.edits import edits_between
from tutor.dialogue.corrections.findings import Finding
from tutor.dialogue.corrections.language import CorrectionLanguage


def broken_rules(sentence: str, known: CorrectionLanguage) -> Iterator[Finding]:
    """Yield what the rules of the language would change, by the smallest changes."""
    for rule, find, unless in known.compiled:
        if unless is not None and unless.search(sentence):
            continue
        for match in find.finditer(sentence):
            old, new = match.group(), match.expand(rule.put)
            new = new[:1].upper() + new[1:] if old[:1].isupper() else new
            for edit in edits_between(old, new):
                yield Finding(
                    match.start() + edit.start,
                    match.start() + edit.end,
                    edit.old,
                    edit.new,
                    "sure",
                    rule.kind,
                    ("rule",),
                )
