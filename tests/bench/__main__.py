"""`make bench`: measures, prints, and writes docs/measurements.md.

Parts: neighbour stream crowd pages signin start client engine corrections.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import tests.environment  # noqa: F401 - settings of tests, before anything reads them
from tests.bench.client.rows import MEASURES
from tests.bench.correcting import corrections
from tests.bench.engine import prompts
from tests.bench.neighbours import neighbours
from tests.bench.opening import opening
from tests.bench.signing_in import signing_in
from tests.bench.starting import starting
from tests.bench.table import CLIENT, HOUSE, NEIGHBOURS, Figure, Table, keep
from tests.bench.talks import many_streams, one_stream
from tests.bench.writing_on import writing_on

PARTS: dict[str, tuple[Table, Sequence[Callable[[], list[Figure]]]]] = {
    "neighbour": (NEIGHBOURS, (neighbours,)),
    "stream": (HOUSE, (one_stream, writing_on)),
    "crowd": (HOUSE, (many_streams,)),
    "pages": (HOUSE, (opening,)),
    "signin": (HOUSE, (signing_in,)),
    "start": (HOUSE, (starting,)),
    "client": (CLIENT, MEASURES),
    "engine": (HOUSE, (prompts,)),
    "corrections": (HOUSE, (corrections,)),
}


def main(wanted: list[str]) -> None:
    """Measure the parts that are wanted (all of them, if none is named), each kept as soon as it is known."""
    unknown = set(wanted) - set(PARTS)
    if unknown:
        raise SystemExit(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
    for name in wanted or PARTS:
        table, measures = PARTS[name]
        for measure in measures:
            figures = measure()
            keep(figures, table)
            for figure in figures:
                print(figure.row, flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])
