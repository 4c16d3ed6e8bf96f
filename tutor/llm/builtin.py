"""The built-in engine as the application sees it: which weights it runs, and whether it is up."""

import importlib.metadata
from collections.abc import Mapping
from pathlib import Path

from tutor.engine import fitness
from tutor.engine.child import EngineChild
from tutor.engine.weights import Model, installed
from tutor.llm.machine import needed_bytes

SLOTS = 2
CONTEXT_TOKENS = 4096


def software() -> str:
    """What runs the weights: the library with its version, or "" where it is not installed.

    The engine's own /api/version says what an Ollama built from source says, which tells people nothing.
    """
    try:
        return f"xllamacpp {importlib.metadata.version('xllamacpp')}"
    except importlib.metadata.PackageNotFoundError:
        return ""


class BuiltIn:
    """Starts the child when there are weights and the machine is fit for it; ``problem`` says why it does not."""

    def __init__(self, weights_dir: Path, wanted: str = "") -> None:
        self.weights_dir = weights_dir
        self.wanted = wanted
        self.problem = "no_weights"
        self._child: EngineChild | None = None

    @property
    def running(self) -> bool:
        return self._child is not None and self._child.state == "ready"

    @property
    def base_url(self) -> str:
        return self._child.base_url if self._child is not None else ""

    @property
    def headers(self) -> Mapping[str, str]:
        return self._child.headers if self._child is not None else {}

    async def ensure(self) -> None:
        """Start the child if there is none or it has failed.

        One that runs keeps its model, for the talks that began on it: better weights are taken at the next start.
        """
        if self._child is not None and self._child.state != "failed":
            self.problem = "" if self.running else "starting"
            return
        model = self._startable()
        if model is not None:
            await self._start(model)

    async def stop(self) -> None:
        if self._child is not None:
            await self._child.stop()
            self._child = None

    async def _start(self, model: Model) -> None:
        await self.stop()
        self._child = EngineChild(model.entry(self.weights_dir), model.name, slots=SLOTS, ctx=CONTEXT_TOKENS)
        self.problem = "starting"
        await self._child.start()

    def _startable(self) -> Model | None:
        """The first whose weights are whole and that this machine can run; None, with the problem, where none is."""
        self.problem = "no_weights"
        for model in in_order(self.weights_dir, self.wanted):
            # What it takes once it is loaded; what is *proposed* leaves others more room (`Model.memory_bytes`).
            fit = fitness.check(needs_bytes=needed_bytes(model.bytes))
            if fit.ok:
                return model
            self.problem = fit.reason.value
        return None


def in_order(weights_dir: Path, wanted: str) -> list[Model]:
    """Whole weights on disk in the order in which they are taken: the wanted ones, then the catalogue's best first."""
    return sorted(installed(weights_dir), key=lambda model: model.name != wanted)
