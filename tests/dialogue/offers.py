"""Tables of what a learner says, and which lines must then stay away or be there."""

from __future__ import annotations

from dataclasses import dataclass

from tests.dialogue.talks import talk
from tutor.dialogue.scenario import Scenario, shipped
from tutor.dialogue.selection import progress_of


@dataclass(frozen=True)
class Row:
    """`never` and `must` are ids of lines; `must` may also name a kind of special message."""

    key: str
    words: str
    never: tuple[str, ...]
    must: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.key}: {self.words}"


def rows(table: str) -> list[Row]:
    """From lines such as "market | No quiero manzanas | r_serve r_card | r_no_problem"."""
    cells = ([cell.strip() for cell in line.split("|")] for line in table.strip().splitlines())
    return [Row(key, words, tuple(never.split()), tuple(must.split())) for key, words, never, must in cells]


def check(language: str, row: Row) -> None:
    """The learner's words right after the tutor's first ones."""
    scenario = shipped()[language, row.key]
    own = "en" if language != "en" else "es"
    choice = progress_of(scenario, talk(scenario.openers[0], row.words, language=language, own_language=own)).choice()
    offered = set(choice.reactions + choice.questions)
    for never in row.never:
        assert not offered & _texts(scenario, never), never
    for must in row.must:
        assert offered & _texts(scenario, must), f"{must} is not among {sorted(offered)}"


def _texts(scenario: Scenario, name: str) -> set[str]:
    lines = {line.text for line in scenario.lines() if line.id == name}
    return lines or set(getattr(scenario.specials, name))
