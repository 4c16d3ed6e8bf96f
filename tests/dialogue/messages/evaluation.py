"""Counts how many authored messages of learners are heard right: `python -m tests.dialogue.messages.evaluation`."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.dialogue.intents import ABOUT_LANGUAGE, Intent, intent_of
from tutor.dialogue.phrases import words

HERE = Path(__file__).parent


@dataclass(frozen=True)
class Row:
    """What somebody who learns `studied` and speaks `own` wrote, and what it is."""

    own: str
    studied: str
    kind: str
    about: str
    message: str

    def heard(self) -> Intent:
        return intent_of(self.message, self.studied, self.own)

    def is_right(self) -> bool:
        """A question in the talk may be asked in the own language: both names are right."""
        heard = self.heard()
        either = {self.kind, heard.kind} <= {"question", "own_language"}
        return (heard.kind == self.kind or either) and _same(self.about, heard.about if self.about else "")


def _same(wanted: str, heard: str) -> bool:
    """The same words, whatever stands between them; an article more is no mistake."""
    return {word.folded for word in words(wanted)} <= {word.folded for word in words(heard)} if wanted else True


def rows(folder: Path = HERE) -> Iterator[Row]:
    for file in sorted(folder.glob("*-*.tsv")):
        own, studied = file.stem.split("-")[:2]
        for line in file.read_text(encoding="utf-8").splitlines():
            if line.strip():
                kind, about, message = line.split("\t")
                yield Row(own, studied, kind, about, message)


def main(folder: str = str(HERE)) -> None:
    found = list(rows(Path(folder)))
    for name in sorted({f"{row.own}-{row.studied}" for row in found}):
        mine = [row for row in found if f"{row.own}-{row.studied}" == name]
        asking = [row for row in mine if row.kind in ABOUT_LANGUAGE]
        for row in mine:
            if not row.is_right():
                print(f"  {name}  {row.kind} {row.about} <- {row.heard()}  | {row.message}")
        print(name, _share(mine), "about the language:", _share(asking))
    print("all", _share(found), "about the language:", _share([row for row in found if row.kind in ABOUT_LANGUAGE]))


def _share(some: list[Row]) -> str:
    right = sum(row.is_right() for row in some)
    return f"{right} of {len(some)} ({100 * right / max(1, len(some)):.1f} %)"


if __name__ == "__main__":
    main(*sys.argv[1:])
