"""The models this engine can serve, found by the name people gave them, and what there is to tell about each."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from tutor.engine.gguf_header import Header, read_header

WORD: Final = r"[A-Za-z0-9][\w.-]*"
NAME: Final = re.compile(rf"(?:{WORD}(?::\d+)?/)?(?:{WORD}/)?{WORD}(?::{WORD})?", re.ASCII)
PART: Final = re.compile(r"(?P<stem>.+)-00001-of-(?P<parts>\d{5})\.gguf")
FILE_TYPES: Final = {
    0: "F32",
    1: "F16",
    2: "Q4_0",
    3: "Q4_1",
    7: "Q8_0",
    8: "Q5_0",
    9: "Q5_1",
    10: "Q2_K",
    11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L",
    14: "Q4_K_S",
    15: "Q4_K_M",
    16: "Q5_K_S",
    17: "Q5_K_M",
    18: "Q6_K",
    32: "BF16",
}
BILLION: Final = 1_000_000_000
MILLION: Final = 1_000_000
THOUSAND: Final = 1_000


class BadName(ValueError):
    """Not the name of any model, on any server."""


class UnknownModel(LookupError):
    """A good name that stands for no model here; the argument is the name in full, with its tag."""


@dataclass(frozen=True, eq=False)
class Model:
    """A model file (all of its parts) and its name in full; equal to nothing but itself."""

    name: str
    paths: tuple[Path, ...]
    header: Header
    size_bytes: int
    modified_at: str
    digest: str

    @property
    def family(self) -> str:
        """The architecture, as llama.cpp names it."""
        return self.header.text("general.architecture")

    @property
    def parameter_size(self) -> str:
        """The number of weights for people: "1.8B", "630.17M", "377K"."""
        return _for_people(self.header.parameter_count)

    @property
    def quantization(self) -> str:
        """The kind of most weights: "Q4_K_M"."""
        return FILE_TYPES.get(self.header.number("general.file_type"), "unknown")

    def trained_for(self, what: str) -> int:
        """A length from the architecture's own keys, as `context_length`; 0 when it is not said."""
        return self.header.number(f"{self.family}.{what}")


class ModelStore:
    """All models of this engine."""

    def __init__(self, models: Iterable[Model]) -> None:
        self.models: Sequence[Model] = tuple(models)
        self._by_name = {model.name.lower(): model for model in self.models}

    def find(self, name: str) -> Model:
        """The model called so (its tag may be left out when it is "latest"). Raises BadName or UnknownModel."""
        whole = full_name(name)
        found = self._by_name.get(whole.lower())
        if found is None:
            raise UnknownModel(whole)
        return found


def full_name(name: str) -> str:
    """The name with its tag. Raises BadName."""
    if not NAME.fullmatch(name):
        raise BadName(name)
    return name if ":" in name.rpartition("/")[2] else f"{name}:latest"


def open_model(name: str, path: Path) -> Model:
    """Read what the file at `path` says about itself. Raises BadName, NotAModel or OSError."""
    paths = _parts(path)
    headers = [read_header(part) for part in paths]
    tensors = tuple(tensor for header in headers for tensor in header.tensors)
    header = Header(headers[0].metadata, tensors)
    size_bytes = sum(part.stat().st_size for part in paths)
    changed = dt.datetime.fromtimestamp(path.stat().st_mtime, dt.UTC)
    return Model(
        name=full_name(name),
        paths=paths,
        header=header,
        size_bytes=size_bytes,
        modified_at=changed.isoformat(timespec="microseconds").replace("+00:00", "Z"),
        digest=_digest(header, size_bytes),
    )


def _parts(path: Path) -> tuple[Path, ...]:
    named = PART.fullmatch(path.name)
    if named is None:
        return (path,)
    stem, parts = named["stem"], int(named["parts"])
    return tuple(path.with_name(f"{stem}-{part:05d}-of-{parts:05d}.gguf") for part in range(1, parts + 1))


def _digest(header: Header, size_bytes: int) -> str:
    """Tells two models apart without reading gigabytes; weights are verified where they are fetched, not here."""
    facts = (size_bytes, sorted(header.metadata.items(), key=lambda entry: entry[0]), header.tensors)
    return hashlib.sha256(repr(facts).encode()).hexdigest()


def _for_people(count: int) -> str:
    if count >= BILLION:
        return f"{count / BILLION:.1f}B".replace(".0B", "B")
    if count >= MILLION:
        return f"{count / MILLION:.2f}M".replace(".00M", "M")
    return f"{count / THOUSAND:.0f}K" if count >= THOUSAND else str(count)
