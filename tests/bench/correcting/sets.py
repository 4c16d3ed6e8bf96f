"""Learners' sentences: what is authored here, in two halves, and real essays from a folder that never comes here.

Half ``a`` (``tests/bench/corrections/a``) is what rules, examples and margins are chosen with; half ``b`` is held out:
it was written before the rules were extended, and is only ever reported.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from tutor.dialogue.corrections import Deviation, correction_languages

FOLDER: Final = Path(__file__).parents[1] / "corrections"
HALVES: Final = ("a", "b")


@dataclass(frozen=True)
class Sentence:
    """``right`` holds the corrections that are taken for right; none where the sentence is clean.

    ``asked`` says whether a model was; ``doubts`` and ``generated`` are what came of it.
    """

    text: str
    right: tuple[str, ...]
    doubts: tuple[Deviation, ...] = ()
    generated: str | None = None
    asked: bool = False

    def answered(self, doubts: Sequence[Deviation], generated: str | None) -> Sentence:
        """The same with what a model said of it."""
        return replace(self, doubts=tuple(doubts), generated=generated, asked=True)


def authored(half: str, language: str) -> list[Sentence]:
    """Return the authored sentences of a half: wrong, right (several: ``|``), kind; a clean one stands alone."""
    lines = (FOLDER / half / f"{language}.tsv").read_text("utf-8").splitlines()
    return list(_read(line for line in lines if line and not line.startswith("#")))


def _read(lines: Iterator[str]) -> Iterator[Sentence]:
    for line in lines:
        text, _, rest = line.partition("\t")
        yield Sentence(text, tuple(rest.partition("\t")[0].split("|")) if rest else ())


def essays(folder: Path) -> dict[str, list[Sentence]]:
    """Return the essays of a folder by language: ``es.jsonl`` …, an object a line with ``src``, ``refs``, ``clean``."""
    known = correction_languages()
    return {file.stem: list(_essay(file)) for file in sorted(folder.glob("*.jsonl")) if file.stem in known}


def _essay(file: Path) -> Iterator[Sentence]:
    for line in file.read_text("utf-8").splitlines():
        told = json.loads(line)
        yield Sentence(told["src"], () if told["clean"] else tuple(told["refs"]))


def some(sentences: Sequence[Sentence], most: int | None) -> list[Sentence]:
    """Return up to ``most`` wrong and as many clean ones, evenly from the whole."""
    wrong, clean = ([s for s in sentences if bool(s.right) is is_wrong] for is_wrong in (True, False))
    return [*_evenly(wrong, most), *_evenly(clean, most)]


def _evenly(sentences: Sequence[Sentence], most: int | None) -> list[Sentence]:
    if most is None or len(sentences) <= most:
        return list(sentences)
    return [sentences[number * len(sentences) // most] for number in range(most)]
