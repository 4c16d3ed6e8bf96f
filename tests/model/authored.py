"""Which words the tutor of a guided talk may say: authored lines, whole, and nothing else."""

from __future__ import annotations

import re

from tutor.dialogue.scenario import ScenarioLines
from tutor.dialogue.shared_lines import shared_lines

# What a model writes when it shows how it was asked.
MACHINERY = re.compile(r'[{}\[\]"<>]|\b(user|assistant|system|tutor|role|content|reply|json)\b', re.IGNORECASE)


def lines_of(lines: ScenarioLines, said: str) -> list[str]:
    """The authored lines a message is made of; none if there is anything else in it."""
    shared = shared_lines(lines.language)
    known = {*lines.texts(), *lines.greeting.say, *shared.neutral, *shared.unknown, *shared.thanks, *shared.goodbye}
    found: list[str] = []
    for text in sorted(known, key=len, reverse=True):
        if f" {text} " in f" {said} ":
            found.append(text)
            said = f" {said} ".replace(f" {text} ", " ").strip()
    return [] if said else found
