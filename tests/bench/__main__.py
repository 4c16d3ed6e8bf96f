"""`make bench`: measures, prints, and writes docs/measurements.md.

Parts: neighbour stream crowd pages signin start client engine guided corrections.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

import tests.environment  # noqa: F401 - settings of tests, before anything reads them
from tests.bench.client.rows import MEASURES
from tests.bench.correcting import Wanted, corrections
from tests.bench.engine import prompts
from tests.bench.guided import guided
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
    "guided": (HOUSE, (guided,)),
    "corrections": (HOUSE, ()),
}


def main(wanted: list[str], of_corrections: Wanted = Wanted()) -> None:  # noqa: B008 - frozen
    """Measure the parts that are wanted (all of them, if none is named), each kept as soon as it is known."""
    unknown = set(wanted) - set(PARTS)
    if unknown:
        raise SystemExit(f"No such part: {', '.join(sorted(unknown))}. There are: {', '.join(PARTS)}.")
    for name in wanted or PARTS:
        table, measures = PARTS[name]
        for measure in (partial(corrections, of_corrections),) if name == "corrections" else measures:
            figures = measure()
            keep(figures, table)
            for figure in figures:
                print(figure.row, flush=True)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="tests.bench")
    parser.add_argument("parts", nargs="*", help=" ".join(PARTS))
    asked = parser.add_argument_group("corrections")
    asked.add_argument("--languages", nargs="*", default=(), help="es fr … (all, if none is named)")
    asked.add_argument(
        "--data", type=Path, help="a folder of real learners' essays (es.jsonl …), read and never copied"
    )
    asked.add_argument("--model", default="", help="a model of an Ollama (the built-in engine's, if none is named)")
    asked.add_argument("--host", help="where that Ollama is (OLLAMA_HOST, if it is not said)")
    asked.add_argument("--rules-alone", action="store_true", help="ask no model")
    asked.add_argument("--sentences", type=int, help="the most wrong, and the most clean ones a set, to ask it about")
    asked.add_argument("--minutes", type=float, default=24 * 60, help="how long to ask it; the rest is left out")
    told = parser.parse_args()
    model = None if told.rules_alone else told.model
    main(
        told.parts,
        Wanted(tuple(told.languages), told.data, model, told.host, told.sentences, told.minutes),
    )
