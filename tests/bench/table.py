"""Figures, and the page that keeps them: a figure measured again takes the place of its older self."""

from __future__ import annotations

import os
import platform
import re
import statistics
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from tests.bench.ollama import ROOT

PAGE = ROOT / "docs" / "measurements.md"
RUNS = 5
_RULE = "|---|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Table:
    """Rows between two comments on the page; ``beside`` heads the column of what ours is compared with."""

    mark: str
    beside: str

    @property
    def begin(self) -> str:
        return f"<!-- {self.mark} -->"

    @property
    def end(self) -> str:
        return f"<!-- end of {self.mark} -->"

    @property
    def head(self) -> str:
        return f"| figure | load | goal | ours | {self.beside} | difference or ratio | day | machine |"


HOUSE = Table("figures", "bare relay")
NEIGHBOURS = Table("figures beside the obvious consumer", "obvious consumer")
CLIENT = Table("figures of the client", "published client")


@dataclass(frozen=True)
class Figure:
    """One row. ``beside`` is the figure of what ours is compared with, ``ratio`` what lies between."""

    name: str
    load: str
    goal: str
    ours: str
    beside: str = "–"
    ratio: str = "–"

    @property
    def row(self) -> str:
        day = datetime.now(UTC).date().isoformat()
        cells = [self.name, self.load, self.goal, self.ours, self.beside, self.ratio, day, machine()]
        return f"| {' | '.join(cells)} |"


def median_of(measured: Callable[[], float]) -> float:
    """The median of five runs."""
    return statistics.median(measured() for _ in range(RUNS))


def middle(values: Iterable[float]) -> float:
    return statistics.median(values)


def ms(value: float) -> str:
    return f"{value:.1f} ms" if value < 10 else f"{value:.0f} ms"


def machine() -> str:
    """The processor, its cores that we may use, and how busy the machine was with other work as well."""
    found = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text())
    name = found.group(1).split("@")[0].strip() if found else platform.machine()
    cores = len(os.sched_getaffinity(0))
    return f"{cores} cores of {name}, Python {platform.python_version()}, load {os.getloadavg()[1]:.1f}"


def keep(figures: Sequence[Figure], table: Table = HOUSE) -> None:
    """Write the figures into a table of the page; rows with the same name and load are replaced."""
    page = PAGE.read_text()
    before, rest = page.split(table.begin)
    kept, after = rest.split(table.end)
    rows = {_key(line): line for line in kept.splitlines() if line.startswith("| ") and line != table.head}
    rows |= {_key(figure.row): figure.row for figure in figures}
    PAGE.write_text("\n".join([f"{before}{table.begin}", table.head, _RULE, *rows.values(), f"{table.end}{after}"]))


def _key(row: str) -> tuple[str, ...]:
    return tuple(row.split(" | ")[:2])
