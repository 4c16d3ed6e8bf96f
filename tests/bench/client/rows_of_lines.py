"""What a line costs both clients, and what a long stream takes in memory: the same rounds show both."""

from __future__ import annotations

from tests.bench.client.names import TWINS
from tests.bench.client.rounds import SHAPES, Compared, Shape, compare, cost_of
from tests.bench.ollama import serving
from tests.bench.table import RUNS, Figure, middle

GOALS = {
    ("aio", "back-to-back"): 0.35,
    ("aio", "coalesced"): 0.6,
    ("aio", "paced"): 0.6,
    ("aio", "spoken"): 0.6,
    ("aio", "spoken, in batches"): 0.4,
    ("sync", "back-to-back"): 1.0,
    ("sync", "coalesced"): 1.0,
}
_LOADS = {
    "back-to-back": "streams of 20,000 lines, an HTTP chunk each, as fast as they are read",
    "coalesced": "streams of 20,000 lines in HTTP chunks of 16 KiB, as fast as they are read",
    "paced": "8 streams of 2,500 lines at once, a line every 0.5 ms on each",
    "spoken": "100 streams of 90 lines at once, 30 lines a second on each, one after the other",
    "spoken, in batches": "the same; ours by `in_batches(0.1)`",
}


def lines_aio() -> list[Figure]:
    """All three shapes for asyncio."""
    return _rows("aio", SHAPES)


def lines_sync() -> list[Figure]:
    """The two shapes that one thread can read."""
    return _rows("sync", SHAPES[:2])


def _rows(twin: str, shapes: tuple[Shape, ...]) -> list[Figure]:
    with serving("tests.bench.client.server") as (base_url, _):
        compared = [compare(base_url, twin, shape, RUNS) for shape in shapes]
        # What one socket needs that only splits and decodes; the same beside both twins.
        bare = [[cost_of(base_url, "bare", "aio", shape) for _ in range(RUNS)] for shape in shapes]
    lines = [_line(twin, both, both.line_us(costs)) for both, costs in zip(compared, bare, strict=True)]
    return [*lines, _growth(twin, compared[0])]


def _line(twin: str, both: Compared, bare_us: float) -> Figure:
    return Figure(
        f"`{TWINS[twin]}`: processor a line",
        _LOADS[both.shape.label],
        f"≤ {GOALS[twin, both.shape.label]} ×",
        f"{both.line_us(both.ours):.1f} µs",
        f"{both.line_us(both.published):.1f} µs",
        f"{both.ratio:.2f} × (a bare socket: {bare_us:.1f} µs)",
    )


def _growth(twin: str, both: Compared) -> Figure:
    own, other = (middle(cost.grown_kib for cost in costs) for costs in (both.ours, both.published))
    name = f"`{TWINS[twin]}`: memory that a stream takes, at its highest"
    return Figure(name, _LOADS[both.shape.name], "≤ 5 MB", mb(own), mb(other))


def mb(kib: float) -> str:
    return f"{kib * 1024 / 1e6:.1f} MB"
