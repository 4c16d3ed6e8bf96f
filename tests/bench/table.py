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
_BEGIN, _END = "<!-- figures -->", "<!-- end of figures -->"
_HEAD = "| figure | load | goal | ours | bare relay | difference or ratio | day | machine |"
_RULE = "|---|---|---|---|---|---|---|---|"


@dataclass(frozen=True)
class Figure:
    """One row. ``beside`` is the relay's figure (or what else it is compared with), ``ratio`` what lies between."""

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


def keep(figures: Sequence[Figure]) -> None:
    """Write the figures into the page; rows with the same name and load are replaced."""
    page = PAGE.read_text()
    before, rest = page.split(_BEGIN)
    table, after = rest.split(_END)
    rows = {_key(line): line for line in table.splitlines() if line.startswith("| ") and line != _HEAD}
    rows |= {_key(figure.row): figure.row for figure in figures}
    PAGE.write_text("\n".join([f"{before}{_BEGIN}", _HEAD, _RULE, *rows.values(), f"{_END}{after}"]))


def _key(row: str) -> tuple[str, ...]:
    return tuple(row.split(" | ")[:2])
