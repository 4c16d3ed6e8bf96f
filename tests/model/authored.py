"""Which words the tutor of a guided talk may say: authored lines, whole, and nothing else."""

from __future__ import annotations

import re

from tutor.dialogue.scenario import Scenario

# What a model writes when it shows how it was asked.
MACHINERY = re.compile(
    r'[{}\[\]"<>]|\b(user|assistant|system|tutor|role|content|reaction|question|json)\b', re.IGNORECASE
)


def lines_of(scenario: Scenario, said: str) -> list[str]:
    """The authored lines a message is made of: one, or a reaction and a question; none if it is anything else."""
    if said in set(scenario.texts()):
        return [said]
    firsts = [line.text for line in scenario.reactions] + list(scenario.specials.thanks)
    questions = {line.text for line in scenario.questions}
    pairs = ([first, said.removeprefix(f"{first} ")] for first in firsts if said.startswith(f"{first} "))
    return next((pair for pair in pairs if pair[1] in questions), [])
