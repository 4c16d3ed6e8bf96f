"""What is known about the engines right now: plain values, replaced whole with every probe."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["ollama", "builtin"]


@dataclass(frozen=True)
class ModelFacts:
    """An installed model. ``capabilities`` in Ollama's words: completion, tools, vision, embedding, thinking, …"""

    name: str
    digest: str = ""
    size_bytes: int = 0
    parameter_size: str = ""
    family: str = ""
    # The tokens that it was made for; 0: nobody says.
    context_length: int = 0
    remote: bool = False
    capabilities: tuple[str, ...] = ("completion",)

    @property
    def completion(self) -> bool:
        """Whether it can talk at all."""
        return "completion" in self.capabilities


@dataclass(frozen=True)
class LoadedFacts:
    """A model in memory: how much it takes, and when it would leave."""

    name: str
    size_bytes: int = 0
    expires: datetime | None = None


@dataclass(frozen=True)
class EngineState:
    """One host as it answered when it was last asked. ``problem`` is a code, of ``faults.py`` or the
    built-in engine's own."""

    host_pk: int
    host: str
    kind: Kind
    base_url: str
    parallelism: int
    answers: bool = False
    version: str = ""
    latency_ms: int | None = None
    problem: str = ""
    models: tuple[ModelFacts, ...] = ()
    loaded: tuple[LoadedFacts, ...] = ()

    def model(self, name: str) -> ModelFacts | None:
        wanted = name if ":" in name else f"{name}:latest"
        return next((facts for facts in self.models if facts.name in {name, wanted}), None)


@dataclass(frozen=True)
class EngineStatus:
    engines: tuple[EngineState, ...] = field(default=())
    asked: datetime | None = None

    def engine(self, host_pk: int | None) -> EngineState | None:
        return next((engine for engine in self.engines if engine.host_pk == host_pk), None)


_newest = EngineStatus()


def engine_status() -> EngineStatus:
    """The newest picture. Empty until the first probe of this process."""
    return _newest


def publish(new: EngineStatus) -> None:
    global _newest  # noqa: PLW0603 - one picture per process, replaced whole
    _newest = new
