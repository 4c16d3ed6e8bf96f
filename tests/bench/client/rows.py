"""What the clients cost besides lines: importing, making, leaving a stream, and sending a large file."""

from __future__ import annotations

from tests.bench.client.meter import Cost
from tests.bench.client.names import LIBRARIES, TWINS
from tests.bench.client.rounds import run
from tests.bench.client.rows_of_lines import lines_aio, lines_sync, mb
from tests.bench.ollama import serving
from tests.bench.table import RUNS, Figure, middle, ms

BLOB_BYTES = 5_000_000_000
_FRESH, _DEPARTURES = 9, 20
_WAYS = {"block": "leaving the block", "cancelled": "cancelling the reader's task"}


def importing() -> list[Figure]:
    """What a package adds to the import of httpx and pydantic."""
    took: dict[str, list[float]] = {"ours": [], "published": []}
    for _ in range(_FRESH):
        for library, found in took.items():
            found.append(run("tests.bench.client.making", library, "import")["importing_ms"])
    own, other = middle(took["ours"]), middle(took["published"])
    load = f"after `import httpx, pydantic`; {_FRESH} fresh processes"
    return [Figure("importing the package", load, "< 150 ms", ms(own), ms(other), f"{own / other:.2f} ×")]


def making_aio() -> list[Figure]:
    return _making("aio")


def making_sync() -> list[Figure]:
    return _making("sync")


def _making(twin: str) -> list[Figure]:
    name = TWINS[twin]
    found = {lib: [run("tests.bench.client.making", lib, name) for _ in range(RUNS)] for lib in LIBRARIES}

    def row(key: str, load: str, goal: str) -> Figure:
        own, other = (middle(one[key] for one in found[lib]) for lib in LIBRARIES)
        return Figure(f"`{name}()`", load, goal, _fine_ms(own), _fine_ms(other), f"{own / other:.3f} ×")

    return [
        row("median_ms", "the middle of 50 after a process's first", "< 5 ms"),
        row("first_ms", "a process's first", ""),
    ]


def leaving_aio() -> list[Figure]:
    """How soon the server knows that nobody reads."""
    return [_leaving("aio", "block"), _leaving("aio", "cancelled")]


def leaving_sync() -> list[Figure]:
    return [_leaving("sync", "block")]


def _leaving(twin: str, way: str) -> Figure:
    with serving("tests.bench.client.server") as (base_url, _):
        own, other = (middle(departures_ms(base_url, library, twin, way, _DEPARTURES)) for library in LIBRARIES)
    name = f"`{TWINS[twin]}`: from {_WAYS[way]} to the server's seeing it"
    return Figure(name, f"a stream without end, left {_DEPARTURES} times", "≤ 100 ms", ms(own), ms(other))


def departures_ms(base_url: str, library: str, twin: str, way: str, times: int) -> list[float]:
    """For each departure how long the server did not know it."""
    delays: list[float] = run("tests.bench.client.leaving", library, twin, way, base_url, str(times))["delays_ms"]
    return delays


def uploading_aio() -> list[Figure]:
    """A large file, of which neither end keeps anything; making its digest is part of it."""
    return _uploading("aio")


def uploading_sync() -> list[Figure]:
    return _uploading("sync")


def _uploading(twin: str) -> list[Figure]:
    with serving("tests.bench.client.server") as (base_url, _):
        own, other = (upload(base_url, library, twin, BLOB_BYTES) for library in LIBRARIES)
    name, load = f"`{TWINS[twin]}.create_blob`", f"a sparse file of {BLOB_BYTES / 1e9:.0f} GB, once"
    memory = [mb(cost.grown_kib) for cost in (own, other)]
    return [
        Figure(f"{name}: memory that it takes, at its highest", load, "≤ 20 MB", *memory),
        Figure(f"{name}: by the clock", load, "", _speed(own), _speed(other), f"{own.wall_s / other.wall_s:.2f} ×"),
    ]


def upload(base_url: str, library: str, twin: str, length: int) -> Cost:
    """The cost of uploading so many zeros."""
    return Cost(**run("tests.bench.client.uploading", library, twin, str(length), base_url))


def _speed(cost: Cost) -> str:
    return f"{cost.wall_s:.1f} s ({BLOB_BYTES / 1e6 / cost.wall_s:.0f} MB/s)"


def _fine_ms(value: float) -> str:
    return f"{value:.2f} ms" if value < 1 else ms(value)


MEASURES = (
    lines_aio,
    making_aio,
    importing,
    leaving_aio,
    lines_sync,
    making_sync,
    leaving_sync,
    uploading_aio,
    uploading_sync,
)
