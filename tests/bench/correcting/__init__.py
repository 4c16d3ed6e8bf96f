"""`make bench PARTS=corrections`: how well sentences of learners are corrected, by rules alone and with a model.

Rules speak about every sentence; a model about as many as it is given time for, and what it said is kept. Margins are
chosen on half a, and reported on half b and on essays.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.bench.correcting import page
from tests.bench.correcting.answers import Answers
from tests.bench.correcting.scores import RULES_ALONE, chosen, score, score_generated
from tests.bench.correcting.sets import HALVES, Sentence, authored, essays, some
from tests.bench.engine import engine
from tests.bench.table import Figure
from tutor.dialogue.corrections import CorrectionLanguage, Speller, correction_language, correction_languages
from tutor.dialogue.corrections.language import Margins
from tutor.dictionaries import dictionary
from tutor.ollama import AsyncClient

NAMES = {
    "a": "half a (chosen with)",
    "b": "half b (held out)",
    "essays a": "essays, half a (looked at)",
    "essays b": "essays, half b (held out)",
}
RULES = "rules and dictionary"


@dataclass(frozen=True)
class Wanted:
    """What to measure: ``model`` is a name at ``host`` (an Ollama), "" the built-in engine's, None no model at all.

    ``sentences`` is the most wrong and the most clean ones of a set that a model is asked about, ``minutes`` how long.
    """

    languages: tuple[str, ...] = ()
    data: Path | None = None
    model: str | None = ""
    host: str | None = None
    sentences: int | None = None
    minutes: float = 24 * 60


def corrections(wanted: Wanted = Wanted()) -> list[Figure]:
    """Measure and write the page; nothing of it goes into the table of speeds."""
    asyncio.run(_all(wanted))
    return []


async def _all(wanted: Wanted) -> None:
    real = essays(wanted.data) if wanted.data else {}
    until = time.monotonic() + 60 * wanted.minutes
    async with _model(wanted) as (client, model):
        for language in wanted.languages or correction_languages():
            known = correction_language(language)
            assert known is not None
            sets = {half: authored(half, language) for half in HALVES}
            if language in real:
                sets |= {"essays a": real[language][::2], "essays b": real[language][1::2]}
            speller = dictionary(language)
            rows = [
                page.row(NAMES[name], RULES, score(known, speller, found, RULES_ALONE)) for name, found in sets.items()
            ]
            if model is not None:
                answers = Answers(client, model, language, known, until)
                asked = {name: await answers.about(some(found, wanted.sentences)) for name, found in sets.items()}
                rows += _with_model(model, known, speller, asked)
            page.keep(language, rows)
            print(language, *rows, sep="\n", flush=True)


@asynccontextmanager
async def _model(wanted: Wanted) -> AsyncIterator[tuple[AsyncClient | None, str | None]]:
    if wanted.model is None:
        yield None, None
    elif wanted.model:
        async with AsyncClient(wanted.host) as client:
            yield client, wanted.model
    else:
        async with engine(slots=1) as (client, name):
            yield client, name


def _with_model(
    model: str, known: CorrectionLanguage, speller: Speller | None, sets: dict[str, list[Sentence]]
) -> list[str]:
    """Rows of what a model was asked about: rules alone, all witnesses with the margins of half a, its own text."""
    asked = {name: [one for one in found if one.asked] for name, found in sets.items()}
    margins = chosen(known, speller, asked["a"])
    gaps = f"{margins.place:g} / {margins.possible:g} / {margins.sure:g}"
    rows: list[str] = []
    for name, found in asked.items():
        if found:
            rows += _compared(NAMES[name], f"{model}, margins {gaps}", model, (known, speller, found, margins))
    return rows


def _compared(
    name: str, by: str, model: str, told: tuple[CorrectionLanguage, Speller | None, Sequence[Sentence], Margins]
) -> list[str]:
    known, speller, found, margins = told
    return [
        page.row(f"{name}, asked about", RULES, score(known, speller, found, RULES_ALONE)),
        page.row(f"{name}, asked about", by, score(known, speller, found, margins)),
        page.row(f"{name}, asked about", f"{model}: what it writes freely", score_generated(found)),
    ]
