"""``docs/bench/corrections.md``: a table a language; a row measured again takes the place of its older self."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Final

from tests.bench.correcting.scores import Score
from tests.bench.ollama import ROOT

PAGE: Final = ROOT / "docs" / "bench" / "corrections.md"
_HEAD: Final = (
    "| sentences | by | wrong | clean | located | precision of sure | recall of answers | F0.5 "
    "| clean: sure | clean: any | day |"
)
_RULE: Final = "|---|---|---|---|---|---|---|---|---|---|---|"


def row(sentences: str, by: str, found: Score) -> str:
    """One row of a language's table."""
    shares = (
        _share(found.located, found.wrong),
        _share(found.sure_right, found.sure),
        f"{found.recall:.2f}",
        f"{found.half_f:.2f}",
        _share(found.clean_sure, found.clean),
        _share(found.clean_any, found.clean),
    )
    cells = (sentences, by, str(found.wrong), str(found.clean), *shares, datetime.now(UTC).date().isoformat())
    return f"| {' | '.join(cells)} |"


def keep(language: str, rows: list[str]) -> None:
    """Write rows into a language's table; its others stay."""
    page = PAGE.read_text("utf-8")
    mark = re.compile(rf"<!-- {language} -->\n(.*?)<!-- end of {language} -->", re.DOTALL)
    found = mark.search(page)
    assert found is not None, language
    kept = [line for line in found[1].splitlines() if line.startswith("| ") and line != _HEAD]
    all_rows = {_key(line): line for line in [*kept, *rows]}
    table = "\n".join([f"<!-- {language} -->", _HEAD, _RULE, *all_rows.values(), f"<!-- end of {language} -->"])
    PAGE.write_text(page[: found.start()] + table + page[found.end() :], "utf-8")


def _key(line: str) -> tuple[str, ...]:
    """What a row is about: margins chosen again make no other row."""
    sentences, by = line.split(" | ")[:2]
    return sentences, by.partition(", margins ")[0]


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.2f}" if whole else "–"
