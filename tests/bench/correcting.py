"""`make bench PARTS=corrections`: how well sentences of learners are corrected, by rules alone and with a model.

Sentences are authored (``tests/bench/corrections/*.tsv``: wrong, right, kind; a clean one stands alone). What the model
said of each is kept in ``var/bench``, so that margins can be chosen again without asking it: on every other sentence,
and reported on the rest.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.bench.engine import engine
from tests.bench.ollama import ROOT
from tests.bench.table import Figure
from tutor.dialogue.corrections import (
    TOP,
    Deviation,
    Edit,
    Finding,
    applied,
    copy_request,
    corrected_from,
    correction_language,
    deviations,
    edits_between,
    findings,
    generation_request,
    messages_for,
)
from tutor.dialogue.corrections.language import CorrectionLanguage, Margins
from tutor.dictionaries import dictionary
from tutor.ollama import AsyncClient
from tutor.ollama.types import Logprob

SETS = Path(__file__).parent / "corrections"
KEPT = ROOT / "var" / "bench"
NUM_CTX = 4096
NEVER = 99.0
GAPS = (1.0, 1.5, 2.0, 3.0, 4.0, 6.0)


@dataclass(frozen=True)
class Sentence:
    """``right`` holds the corrections that are taken for right; none where the sentence is clean."""

    text: str
    right: tuple[str, ...]
    doubts: tuple[Deviation, ...] = ()
    generated: str | None = None


@dataclass
class Score:
    """Counts over sentences: of the wrong ones, of the clean ones, and of what was shown as sure."""

    wrong: int = 0
    located: int = 0
    answered: int = 0
    clean: int = 0
    clean_sure: int = 0
    clean_any: int = 0
    sure: int = 0
    sure_right: int = 0

    def __str__(self) -> str:
        return (
            f"of {self.wrong} wrong located {_share(self.located, self.wrong)}, answered "
            f"{_share(self.answered, self.wrong)}; "
            f"clean touched: sure {_share(self.clean_sure, self.clean)}, any {_share(self.clean_any, self.clean)} "
            f"of {self.clean}; precision of sure {_share(self.sure_right, self.sure)}"
        )


def corrections() -> list[Figure]:
    """Measure each language that has a set, with the built-in engine's smallest weights."""
    return asyncio.run(_all())


async def _all() -> list[Figure]:
    figures: list[Figure] = []
    async with engine(slots=1) as (client, name):
        for file in sorted(SETS.glob("*.tsv")):
            language = file.stem
            known = correction_language(language)
            assert known is not None
            sentences = [await _asked(client, name, language, known, one) for one in read(file)]
            figures += _figures(language, name, known, sentences)
    return figures


def read(file: Path) -> Iterator[Sentence]:
    """Yield the sentences of a set."""
    for line in file.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            text, _, rest = line.partition("\t")
            yield Sentence(text, tuple(rest.partition("\t")[0].split("|")) if rest else ())


def _figures(language: str, model: str, known: CorrectionLanguage, sentences: Sequence[Sentence]) -> list[Figure]:
    """Rules and dictionary over all; with the model, margins from one half and the figure from the other."""
    half, other = sentences[::2], sentences[1::2]
    chosen = _chosen(language, known, half)
    by_rules = score(language, known, sentences, Margins(place=NEVER, possible=NEVER, sure=NEVER))
    with_model = score(language, known, other, chosen)
    load = f"{len(sentences)} authored sentences, {language}"
    goal = "located ≥ .60; clean: sure ≤ .02, any ≤ .08; sure ≥ .85"
    margins = f"margins {chosen.place:g} / {chosen.possible:g} / {chosen.sure:g} from the first half"
    return [
        Figure(f"corrections by rules and dictionary, {language}", load, goal, str(by_rules)),
        Figure(f"corrections with {model}, {language}", f"{load}; {margins}", goal, str(with_model)),
    ]


def _chosen(language: str, known: CorrectionLanguage, half: Sequence[Sentence]) -> Margins:
    """The margins that locate most while clean sentences stay within the goal."""
    best, most = Margins(place=NEVER, possible=NEVER, sure=NEVER), -1.0
    for gap in GAPS:
        for sure in (*GAPS, NEVER):
            tried = Margins(place=gap, possible=gap, sure=max(gap, sure))
            found = score(language, known, half, tried)
            fits = found.clean_sure <= 0.02 * found.clean and found.clean_any <= 0.08 * found.clean
            if fits and found.located + found.sure_right / 1000 > most:
                best, most = tried, found.located + found.sure_right / 1000
    return best


def score(language: str, known: CorrectionLanguage, sentences: Iterable[Sentence], margins: Margins) -> Score:
    """Score these sentences under these margins."""
    tried = known.model_copy(update={"margins": {"default": margins}})
    total, speller = Score(), dictionary(language)
    for one in sentences:
        found = findings(one.text, tried, speller=speller, deviations=one.doubts, generated=one.generated)
        _count(total, one, found)
    return total


def _count(total: Score, one: Sentence, found: Sequence[Finding]) -> None:
    sure = [finding for finding in found if finding.certainty == "sure"]
    if not one.right:
        total.clean += 1
        total.clean_sure += bool(sure)
        total.clean_any += bool(found)
        return
    gold = [edit for right in one.right for edit in edits_between(one.text, right)]
    answers = [finding for finding in found if finding.certainty != "place"]
    fixed = applied(one.text, [Edit(a.start, a.end, a.old, a.new) for a in answers])
    right = {id(a) for a in answers if fixed in one.right or any(_is_same(a, edit) for edit in gold)}
    total.wrong += 1
    total.located += any(_is_near(finding, edit) for finding in found for edit in gold)
    total.answered += bool(right)
    total.sure += len(sure)
    total.sure_right += sum(id(finding) in right for finding in sure)


def _is_same(finding: Finding, edit: Edit) -> bool:
    return (finding.start, finding.end, finding.new.casefold()) == (edit.start, edit.end, edit.new.casefold())


def _is_near(finding: Finding, edit: Edit) -> bool:
    """Whether the place that is shown is the edit's, or the word before or after something that is missing."""
    return finding.start <= edit.end + 1 and edit.start <= finding.end + 1


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"


async def _asked(client: AsyncClient, model: str, language: str, known: CorrectionLanguage, one: Sentence) -> Sentence:
    """The sentence with what the model says of it, asked once and kept."""
    kept = KEPT / f"corrections-{model.replace(':', '-')}-{language}.jsonl"
    rows = {row["src"]: row for row in map(json.loads, kept.read_text().splitlines())} if kept.exists() else {}
    row = rows.get(one.text) or await _ask(client, model, language, known, one.text, kept)
    tokens = [_token(*told) for told in row["copy"]]
    return Sentence(one.text, one.right, tuple(deviations(one.text, tokens)), row["gen"])


def _token(token: str, logprob: float, top: Iterable[tuple[str, float]]) -> Logprob:
    likely = [{"token": other, "logprob": its} for other, its in top]
    return Logprob.model_validate({"token": token, "logprob": logprob, "top_logprobs": likely})


async def _ask(
    client: AsyncClient, model: str, language: str, known: CorrectionLanguage, text: str, kept: Path
) -> dict[str, Any]:
    messages = messages_for(language, known, text)
    schema, options = copy_request(text)
    copied = await client.chat(
        model, messages, format=schema, options={**options, "num_ctx": NUM_CTX}, logprobs=True, top_logprobs=TOP
    )
    schema, options = generation_request(text)
    free = await client.chat(model, messages, format=schema, options={**options, "num_ctx": NUM_CTX})
    told = [[x.token, x.logprob, [[y.token, y.logprob] for y in x.top_logprobs or ()]] for x in copied.logprobs or ()]
    row = {"src": text, "copy": told, "gen": corrected_from(free.message.content or "")}
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("a") as file:
        file.write(json.dumps(row, ensure_ascii=False) + "\n")
    return row
