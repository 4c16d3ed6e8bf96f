"""What a guided turn costs on the built-in engine: a beginner at the market, the real server, real weights."""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from tests.bench.engine import WEIGHTS
from tests.bench.house import cpu_s
from tests.bench.table import Figure
from tests.live.house import House
from tests.live.talking import new_conversation, talking
from tests.model.engine import Engine
from tests.patience import until
from tutor.engine.weights import Model, installed

# As somebody wrote them who played a beginner: an answer, questions about the language, one in anger, a farewell.
SAID = (
    "hola quiero manzanas",
    "what does gata mean?",
    "¿como se dice dog?",
    "¿Cuánto cuesta todos?",
    "f*** you stupid robot",
    "I don't understand",
    "no sé qué más decir",
    "yo quiere dos kilo de naranjas, por favor",
    "¿Ya terminamos? ¿Cómo lo hice?",
    "gracias adios",
)
READY_S, REST_S = 120.0, 300.0
# With every prompt read and every reply written by the model, as it was before code heard what is said.
BEFORE_S = 13.6
_OPEN_CARDS = "select count(*) from conversations_card where state in ('queued', 'loading', 'running')"
_MODES = {"off": "no corrections", "rules": "corrections by rules", "model": "corrections by rules and the model"}


class Talk(NamedTuple):
    """Processor seconds of server and engine from the talk's beginning to its last card, and the middle first word."""

    cpu_s: float
    first_word_s: float


def guided() -> list[Figure]:
    """One talk for each way of correcting, each in a house of its own whose engine knows nothing yet."""
    figures = []
    for mode, said in _MODES.items():
        with house(mode) as (one, model):
            talk = asyncio.run(_talk(one))
        turn_s = talk.cpu_s / len(SAID)
        load = f"{model}, {len(SAID)} turns of the market at A1, {said}; one run"
        figures += [
            Figure(
                f"processor of a guided turn, server and engine; beside it what it was ({BEFORE_S} s)",
                load,
                "≤ ⅓ ×",
                f"{turn_s:.1f} s",
                f"{BEFORE_S} s",
                f"{turn_s / BEFORE_S:.2f} ×",
            ),
            Figure("from the send to the first word, guided", load, "", f"{talk.first_word_s:.2f} s"),
        ]
    return figures


@contextmanager
def house(corrections: str) -> Iterator[tuple[House, str]]:
    """One whose built-in engine runs the biggest of the weights that are here."""
    found = installed(WEIGHTS)
    if not found:
        raise SystemExit("No weights: run manage.py fetch_model, or name their folder in POLYGLOTT_BENCH_WEIGHTS.")
    model = max(found, key=lambda one: one.entry(WEIGHTS).stat().st_size)
    made = House(POLYGLOTT_ENGINE="auto", POLYGLOTT_ENGINE_MODEL=model.name, POLYGLOTT_CORRECTIONS=corrections)
    _link(model, made.var / "models")
    with made:
        made.wait_for_log(r"builtin answers", READY_S)
        yield made, model.name


def _link(model: Model, folder: Path) -> None:
    folder.mkdir()
    for file in model.files:
        for name in (file.name, f"{file.name}.sha256"):
            (folder / name).symlink_to((WEIGHTS / name).resolve())


async def _talk(house: House) -> Talk:
    assert house.process is not None
    engine = Engine.of(house, ready_s=0.0)
    pids = (house.process.pid, engine.pid)
    before_s = sum(map(cpu_s, pids))
    conversation = await asyncio.to_thread(new_conversation, house, "ana", "market")
    waits_s = []
    async with talking(house, "ana", conversation) as ana:
        for text in SAID:
            began = time.monotonic()
            client_id = await ana.send(text)
            while ana.turns[-1]["client_id"] != client_id or not ana.last["text"]:
                await ana.hear()
            waits_s.append(time.monotonic() - began)
            while ana.last["state"] != "done":
                await ana.hear()
            await until(lambda: house.rows(_OPEN_CARDS) == [(0,)])
    await asyncio.to_thread(engine.rest, REST_S)
    return Talk(sum(map(cpu_s, pids)) - before_s, statistics.median(waits_s))
