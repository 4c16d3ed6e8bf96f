"""The models that the scripted server claims to have."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

_WHEN = "2026-11-22T15:00:12.753348728Z"
_EXPIRES = "2099-01-01T00:00:00.000000000Z"


@dataclass(frozen=True, slots=True)
class Model:
    """One model; with a `remote_host`, one that another machine would answer for.

    `capabilities` are those of a real server: completion, tools, insert, vision, embedding, thinking. `parent` is the
    model that this one was made of; two with the same `digest` are two names of one file.
    """

    name: str
    size_bytes: int = 4_683_087_332
    family: str = "qwen2"
    parameter_size: str = "7.6B"
    quantization_level: str = "Q4_K_M"
    capabilities: Sequence[str] = ("completion",)
    context_length: int = 32768
    remote_host: str | None = None
    remote_model: str | None = None
    embedding_length: int = 384
    system: str = ""
    template: str = "{{ .Prompt }}"
    parameters: str = ""
    license: str = ""
    parent: str = ""
    digest: str = ""

    def called(self, name: str) -> bool:
        """Whether a request means this model: case and the tag `latest` do not count."""
        return full_name(name).lower() == full_name(self.name).lower()

    def tags_entry(self) -> dict[str, Any]:
        """As in /api/tags."""
        entry: dict[str, Any] = {"name": self.name, "model": self.name, **self._remote()}
        entry |= {"modified_at": _WHEN, "size": self.size_bytes, "digest": self._digest()}
        return entry | {"details": self._details(), "capabilities": list(self.capabilities)}

    def ps_entry(self, context_length: int) -> dict[str, Any]:
        """As in /api/ps."""
        entry: dict[str, Any] = {
            "name": self.name,
            "model": self.name,
            "size": self.size_bytes,
            "digest": self._digest(),
        }
        return entry | {
            "details": self._details(),
            "expires_at": _EXPIRES,
            "size_vram": 0,
            "context_length": context_length,
        }

    def show_body(self) -> dict[str, Any]:
        """As from /api/show."""
        info = {
            "general.architecture": self.family,
            "general.file_type": 15,
            f"{self.family}.context_length": self.context_length,
        }
        texts = {"license": self.license, "parameters": self.parameters, "system": self.system}
        return {
            "modelfile": f"FROM {self.name}\n",
            "template": self.template,
            **{key: text for key, text in texts.items() if text},
            "details": self._details(),
            **self._remote(),
            "model_info": info,
            "capabilities": list(self.capabilities),
            "modified_at": _WHEN,
        }

    def layers(self) -> list[tuple[str, int]]:
        """Digest and size in bytes of the weights and of the small file beside them."""
        texts = (self.parent or self.name, f"{self.name} {self.system} {self.template} {self.parameters}")
        sizes = (self.size_bytes, 102)
        return [(_sha256(text), size) for text, size in zip(texts, sizes, strict=True)]

    def _details(self) -> dict[str, Any]:
        return {
            "parent_model": self.parent,
            "format": "gguf",
            "family": self.family,
            "families": [self.family],
            "parameter_size": self.parameter_size,
            "quantization_level": self.quantization_level,
            "context_length": self.context_length,
        }

    def _remote(self) -> dict[str, str]:
        remote = {"remote_model": self.remote_model, "remote_host": self.remote_host}
        return {key: value for key, value in remote.items() if value}

    def _digest(self) -> str:
        return self.digest or hashlib.sha256(self.name.encode()).hexdigest()


def full_name(name: str) -> str:
    """The name with its tag, `latest` if it has none."""
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def _sha256(text: str) -> str:
    return f"sha256:{hashlib.sha256(text.encode()).hexdigest()}"
