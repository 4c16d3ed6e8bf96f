"""Rounds of processes that take turns, so that whatever else the machine does meets both alike."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from tests.bench.client.meter import Cost
from tests.bench.client.reading import Task
from tests.bench.ollama import ROOT

PATIENCE_S = 300


@dataclass(frozen=True)
class Shape:
    """How lines arrive: `streams` replies of `lines` lines at once, so many `times` in turn.

    With `every_s` ours is read in batches, so many seconds apart.
    """

    name: str
    lines: int
    streams: int = 1
    times: int = 1
    every_s: float | None = None

    @property
    def label(self) -> str:
        """The name, and how it is read."""
        return self.name if self.every_s is None else f"{self.name}, in batches"

    @property
    def total(self) -> int:
        return self.lines * self.streams * self.times


SHAPES = (
    Shape("back-to-back", 20_000, times=2),
    Shape("coalesced", 20_000, times=5),
    Shape("paced", 2500, streams=8),
    Shape("spoken", 90, streams=100),
    Shape("spoken", 90, streams=100, every_s=0.1),
)


@dataclass(frozen=True)
class Compared:
    """What each round cost both of them."""

    shape: Shape
    ours: Sequence[Cost]
    published: Sequence[Cost]

    @property
    def ratio(self) -> float:
        """The middle one of the rounds' ratios of processor time."""
        pairs = zip(self.ours, self.published, strict=True)
        return statistics.median(own.cpu_s / other.cpu_s for own, other in pairs)

    def line_us(self, costs: Sequence[Cost]) -> float:
        """Microseconds of processor for a line, the middle of the rounds."""
        return statistics.median(cost.cpu_s for cost in costs) / self.shape.total * 1e6


def compare(base_url: str, twin: str, shape: Shape, rounds: int) -> Compared:
    """Let both read in turns; whoever begins a round ends the next one."""
    costs: dict[str, list[Cost]] = {"ours": [], "published": []}
    for number in range(rounds):
        for library in sorted(costs, reverse=number % 2 == 1):
            costs[library].append(cost_of(base_url, library, twin, shape))
    return Compared(shape, costs["ours"], costs["published"])


def cost_of(base_url: str, library: str, twin: str, shape: Shape) -> Cost:
    """What a fresh process needs for a shape."""
    every_s = shape.every_s if library == "ours" else None
    task = Task(library, twin, shape.name, shape.lines, shape.streams, shape.times, base_url, every_s)
    return Cost(**run("tests.bench.client.reading", json.dumps(asdict(task))))


def run(module: str, *arguments: str) -> dict[str, Any]:
    """What a module prints as JSON, run as a process without proxies or keys of its surroundings."""
    environment = {name: value for name, value in os.environ.items() if not name.upper().endswith("_PROXY")}
    environment = {name: value for name, value in environment.items() if not name.startswith("OLLAMA_")}
    command = [sys.executable, "-m", module, *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.PIPE, timeout=PATIENCE_S)
    found: dict[str, Any] = json.loads(done.stdout)
    return found
