"""A class signs in at the same moment while a reply grows: when the first and the last are in, and how words fare."""

from __future__ import annotations

import asyncio
from concurrent.futures import ThreadPoolExecutor

from tests.bench.heard import Delays
from tests.bench.house import Crowd, crowded
from tests.bench.listening import streams
from tests.bench.ollama import RATE
from tests.bench.sides import Ours
from tests.bench.table import RUNS, Figure, median_of, middle, ms
from tests.live.signing_in import enrol, sign_in, sign_in_at_once

CLASS = 30
# For as long as a class needs.
WORDS = 240


def signing_in() -> list[Figure]:
    """The relay knows no passwords: beside stands one who signs in alone, or a reply that grows undisturbed."""
    with crowded(1) as crowd:
        names = enrol(crowd.house, CLASS)
        alone = median_of(lambda: sign_in(crowd.house, names[0])[0])
        quiet = middle(_growing(crowd).p95_ms for _ in range(RUNS))
        runs = [_class_at_the_door(crowd, names) for _ in range(RUNS)]
    load = f"{CLASS} sign-ins at the same moment, one reply growing at {RATE:.0f} tokens/s"
    first, last, delay = middle(run[0] for run in runs), middle(run[1] for run in runs), middle(run[2] for run in runs)
    return [
        Figure("the first is in", load, "≤ 1 s", f"{first:.2f} s", f"{alone:.2f} s", f"{first / alone:.1f} ×"),
        Figure(
            "the last is in", load, "", f"{last:.1f} s", f"{CLASS} × {alone:.2f} s", f"{last / CLASS / alone:.2f} ×"
        ),
        Figure(
            "delay of a word meanwhile, 95 of 100",
            load,
            "keeps its pace",
            ms(delay),
            ms(quiet),
            f"+ {ms(delay - quiet)}",
        ),
    ]


def _class_at_the_door(crowd: Crowd, names: list[str]) -> tuple[float, float, float]:
    """Seconds until the first and the last are in, and the delay of the words that came until then."""
    with ThreadPoolExecutor(1) as door:
        entering = door.submit(sign_in_at_once, crowd.house, names)
        delays = _growing(crowd)
        answers = entering.result()
    assert {status for _seconds, status in answers} == {302}
    return min(answers)[0], max(answers)[0], delays.p95_ms


def _growing(crowd: Crowd) -> Delays:
    return Delays.of(asyncio.run(streams(Ours(crowd), 1, WORDS)))
