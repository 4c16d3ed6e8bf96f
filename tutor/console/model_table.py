"""The table of models: what is recommended beside what is installed, loaded and on offer. Plain values in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from tutor.llm.engine_status import EngineState, EngineStatus, LoadedFacts, ModelFacts
from tutor.llm.hosts import place_of
from tutor.llm.machine import Fit, Memory, fit, needed_bytes
from tutor.llm.selection import CurrentModel
from tutor.llm.weights import Offer, model_named

GB = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Recommended:
    """A row of the specification's table; ``purpose`` is a code."""

    name: str
    purpose: str
    memory_bytes: int


# Best first for a class, as the house itself chooses.
RECOMMENDED = (
    Recommended("qwen2.5:7b", "balance", 8 * GB),
    Recommended("qwen2.5:3b", "fast", 4 * GB),
    Recommended("qwen2.5:14b", "quality", 16 * GB),
    Recommended("llama3.1:8b", "alternative", 8 * GB),
)


@dataclass(frozen=True, slots=True)
class Row:
    """One model of one engine, None for what could be pulled. ``elsewhere``: in another computer's memory.

    ``waits``: its weights are here, and the engine goes on with another model until its next start.
    """

    name: str
    purpose: str
    memory_bytes: int
    fit: Fit
    engine: EngineState | None = None
    facts: ModelFacts | None = None
    loaded: LoadedFacts | None = None
    answering: bool = False
    offer: Offer | None = None
    elsewhere: bool = False
    waits: bool = False


def ollama_rows(picture: EngineStatus, memory: Memory, now: CurrentModel) -> list[Row]:
    """The recommended ones, installed or not, then whatever else is installed on an Ollama server."""
    engines = [engine for engine in picture.engines if engine.kind == "ollama"]
    rows = [row for wanted in RECOMMENDED for row in _recommended(wanted, engines, memory, now)]
    known = {wanted.name for wanted in RECOMMENDED}
    others = ((engine, facts) for engine in engines for facts in engine.models if facts.name not in known)
    return rows + [_installed(engine, facts, "", 0, memory, now) for engine, facts in others]


def builtin_rows(picture: EngineStatus, memory: Memory, now: CurrentModel, offers: Sequence[Offer]) -> list[Row]:
    """Every model the built-in engine knows, the best first."""
    engine = next((one for one in picture.engines if one.kind == "builtin"), None)
    return [_offered(offer, engine, memory, now) for offer in offers]


def _recommended(wanted: Recommended, engines: Sequence[EngineState], memory: Memory, now: CurrentModel) -> list[Row]:
    there = [(engine, facts) for engine in engines if (facts := engine.model(wanted.name)) is not None]
    if there:
        return [_installed(engine, facts, wanted.purpose, wanted.memory_bytes, memory, now) for engine, facts in there]
    first = next(iter(engines), None)
    elsewhere = first is not None and place_of(first.base_url) != "here"
    free_bytes = memory.free_bytes + (_held_bytes(first) if first else 0)
    suits = Fit("unknown") if elsewhere else fit(wanted.memory_bytes, free_bytes)
    return [Row(wanted.name, wanted.purpose, wanted.memory_bytes, suits, elsewhere=elsewhere)]


def _installed(
    engine: EngineState, facts: ModelFacts, purpose: str, memory_bytes: int, memory: Memory, now: CurrentModel
) -> Row:
    needs = memory_bytes or needed_bytes(facts.size_bytes)
    elsewhere = facts.remote or place_of(engine.base_url) != "here"
    return Row(
        name=facts.name,
        purpose=purpose,
        memory_bytes=needs,
        # Loading it makes the server put down what it holds now.
        fit=Fit("unknown") if elsewhere else fit(needs, memory.free_bytes + _held_bytes(engine)),
        engine=engine,
        facts=facts,
        loaded=_loaded(engine, facts.name),
        answering=_answers(now, engine, facts.name),
        elsewhere=elsewhere,
    )


def _offered(offer: Offer, engine: EngineState | None, memory: Memory, now: CurrentModel) -> Row:
    known = model_named(offer.name)
    needs = known.memory_bytes if known else needed_bytes(offer.size_bytes)
    facts = engine.model(offer.name) if engine else None
    return Row(
        name=offer.name,
        purpose="free" if known and known.talk == "free" else "guided",
        memory_bytes=needs,
        fit=fit(needs, memory.free_bytes + (_held_bytes(engine) if engine else 0)),
        engine=engine,
        facts=facts,
        loaded=_loaded(engine, offer.name) if engine else None,
        answering=engine is not None and _answers(now, engine, offer.name),
        offer=offer,
        waits=offer.next and engine is not None and engine.answers and facts is None,
    )


def _answers(now: CurrentModel, engine: EngineState, name: str) -> bool:
    return now.available and now.host_pk == engine.host_pk and now.model == name


def _loaded(engine: EngineState, name: str) -> LoadedFacts | None:
    return next((one for one in engine.loaded if one.name == name), None)


def _held_bytes(engine: EngineState) -> int:
    return sum(one.size_bytes for one in engine.loaded) if place_of(engine.base_url) == "here" else 0
