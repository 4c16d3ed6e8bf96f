"""What the scripted server has: models, those that are loaded, files, and a registry to pull from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from tutor.ollama.testing.models import Model, full_name
from tutor.ollama.testing.replies import Reply
from tutor.ollama.testing.wire import error_reply

# qwen2.5 knows tools; a real server of this age lists them so.
_OWN = (Model("qwen2.5:7b", capabilities=("completion", "tools")),)
_REGISTRY = (
    Model("gemma3:latest", 3_338_801_804, "gemma3", "4.3B", capabilities=("completion", "vision")),
    Model("llama3.2:latest", 2_019_393_189, "llama", "3.2B", capabilities=("completion", "tools")),
    Model("qwen3:latest", 5_225_388_164, "qwen3", "8.2B", capabilities=("completion", "tools", "thinking")),
    Model("all-minilm:latest", 45_960_996, "bert", "23M", "F16", ("embedding",), 512),
)


class ModelStore:
    """`models` are here, `registry` can be pulled, `loaded` names the models in memory, `blobs` the uploaded files by
    digest. `fetched_bytes` tells how far a broken-off pull came."""

    def __init__(self, models: Sequence[Model] | None) -> None:
        self.models: list[Model] = list(models if models is not None else _OWN)
        self.registry: list[Model] = list(_REGISTRY)
        self.loaded: list[str] = []
        self.blobs: dict[str, int] = {}
        self.fetched_bytes: dict[str, int] = {}
        self.progress_delay_s = 0.0

    def find(self, name: str) -> Model | None:
        """The model of this name; case and the tag `latest` do not count."""
        return next((model for model in self.models if model.called(name)), None)

    def in_registry(self, name: str) -> Model | None:
        """The same among those that can be pulled."""
        return next((model for model in self.registry if model.called(name)), None)

    def add(self, model: Model, name: str) -> None:
        """Put a model in the store under this name, newest first, in place of one that had it."""
        self.remove(name)
        self.models.insert(0, replace(model, name=full_name(name)))

    def remove(self, name: str) -> None:
        """Take every model of this name away."""
        self.models[:] = [model for model in self.models if not model.called(name)]

    def has_blob(self, digest: str) -> bool:
        """Whether a file of this digest was uploaded or belongs to a model."""
        return digest in self.blobs or any(digest in dict(model.layers()) for model in self.models)

    def load(self, model: Model, body: Mapping[str, Any]) -> None:
        """Into memory, or out of it for a `keep_alive` of 0."""
        if model.name in self.loaded:
            self.loaded.remove(model.name)
        if body.get("keep_alive") != 0:
            self.loaded.insert(0, model.name)


def name_in(body: Mapping[str, Any]) -> str | Reply:
    """The name of the model that a request means, or the refusal."""
    name = str(body.get("model") or body.get("name") or "")
    if not name:
        return error_reply("model is required", 400)
    return error_reply("invalid model name", 400) if " " in name else name
