"""A process that imports one library and makes clients of it; prints what that took as JSON, in milliseconds.

    python -m tests.bench.client.making ours

The import counts from where httpx and pydantic are there already, which both libraries need.
"""

from __future__ import annotations

import importlib
import json
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

from tests.bench.client.names import LIBRARIES

_MADE = 50


def importing_ms(library: str) -> float:
    """What a library adds to the import of its foundations."""
    importlib.import_module("httpx")
    importlib.import_module("pydantic")
    return _took_ms(lambda: importlib.import_module(LIBRARIES[library]))[0]


def making_ms(make: Callable[[], Any]) -> dict[str, float]:
    """The first client, and the middle one of the next fifty, all of them alive at once."""
    first_ms, first = _took_ms(make)
    made = [_took_ms(make) for _ in range(_MADE)]
    assert first not in [client for _, client in made]
    return {"first_ms": first_ms, "median_ms": statistics.median(ms for ms, _ in made)}


def _took_ms(work: Callable[[], Any]) -> tuple[float, Any]:
    begun = time.perf_counter()
    made = work()
    return (time.perf_counter() - begun) * 1000, made


def main(library: str, what: str) -> None:
    found = {"importing_ms": importing_ms(library)}
    if what != "import":
        found |= making_ms(getattr(importlib.import_module(LIBRARIES[library]), what))
    print(json.dumps(found))


if __name__ == "__main__":
    main(*sys.argv[1:])
