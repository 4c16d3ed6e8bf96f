"""The built-in engine as the application sees it: which weights it runs, and whether it is up."""

import importlib.metadata
from collections.abc import Mapping
from pathlib import Path

from tutor.engine import fitness
from tutor.engine.child import EngineChild
from tutor.engine.weights import Model, installed

# Instruct before coder, bigger before smaller: the order in which whole weights on disk are taken.
ORDER = ("qwen2.5:7b", "qwen2.5:1.5b", "qwen2.5-coder:1.5b", "qwen2.5-coder:0.5b")
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
        self._name = ""

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
        """Start the child if it does not run, or another model if better weights have come."""
        model = self._best()
        if model is None:
            self.problem = "no_weights"
            return
        if self._child is not None and self._name == model.name and self._child.state != "failed":
            self.problem = "" if self.running else "starting"
            return
        await self._start(model)

    async def stop(self) -> None:
        if self._child is not None:
            await self._child.stop()
            self._child = None

    async def _start(self, model: Model) -> None:
        fit = fitness.check()
        if not fit.ok:
            self.problem = fit.reason.value
            return
        await self.stop()
        self._child = EngineChild(model.entry(self.weights_dir), model.name, slots=SLOTS, ctx=CONTEXT_TOKENS)
        self._name, self.problem = model.name, "starting"
        await self._child.start()

    def _best(self) -> Model | None:
        found = {model.name: model for model in installed(self.weights_dir)}
        names = (self.wanted, *ORDER) if self.wanted else ORDER
        return next((found[name] for name in names if name in found), None)
