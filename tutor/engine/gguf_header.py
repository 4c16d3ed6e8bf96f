"""Reads what a GGUF file says about itself: its metadata and its table of tensors, never the weights."""

from __future__ import annotations

import math
import struct
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Final

MAGIC: Final = b"GGUF"
LONGEST_TEXT_BYTES: Final = 16 * 1024 * 1024
MOST_ENTRIES: Final = 4_000_000
SHOWN_ITEMS: Final = 5
TEXT: Final = 8
ARRAY: Final = 9
SCALARS: Final = {
    kind: struct.Struct("<" + letter)
    for kind, letter in {
        0: "B",
        1: "b",
        2: "H",
        3: "h",
        4: "I",
        5: "i",
        6: "f",
        7: "?",
        10: "Q",
        11: "q",
        12: "d",
    }.items()
}

Value = str | int | float | bool | list[object] | None


class NotAModel(ValueError):
    """The file is no GGUF, or ends before its header does."""


@dataclass(frozen=True)
class Tensor:
    """One tensor's line in the table; `kind` is llama.cpp's number for its type."""

    name: str
    shape: tuple[int, ...]
    kind: int


@dataclass(frozen=True)
class Header:
    """Metadata as written; arrays longer than five items are kept as None, as Ollama shows them."""

    metadata: dict[str, Value]
    tensors: tuple[Tensor, ...]

    def text(self, key: str) -> str:
        """The value as text, "" when it is missing or something else."""
        value = self.metadata.get(key)
        return value if isinstance(value, str) else ""

    def number(self, key: str) -> int:
        """The value as a whole number, 0 when it is missing or something else."""
        value = self.metadata.get(key)
        return value if isinstance(value, int) else 0

    @property
    def parameter_count(self) -> int:
        """How many weights the tensors hold together."""
        return sum(math.prod(tensor.shape) for tensor in self.tensors)


def read_header(path: Path) -> Header:
    """Read the header of the file at `path`. Raises NotAModel, or OSError when it cannot be opened."""
    with path.open("rb") as file:
        try:
            return _Reader(file).header()
        except (struct.error, UnicodeDecodeError) as trouble:
            raise NotAModel(str(path.name)) from trouble


class _Reader:
    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def header(self) -> Header:
        if self._file.read(4) != MAGIC or self._scalar(4) not in {2, 3}:
            raise NotAModel("magic")
        tensor_count, entry_count = self._count(), self._count()
        metadata = {self._text(): self._value(self._count_of(4)) for _ in range(entry_count)}
        return Header(metadata, tuple(self._tensor() for _ in range(tensor_count)))

    def _scalar(self, kind: int) -> int | float | bool:
        layout = SCALARS.get(kind)
        if layout is None:
            raise NotAModel("kind")
        value: int | float | bool = layout.unpack(self._file.read(layout.size))[0]
        return value

    def _count_of(self, kind: int) -> int:
        return int(self._scalar(kind))

    def _count(self) -> int:
        count = self._count_of(10)
        if count > MOST_ENTRIES:
            raise NotAModel("count")
        return count

    def _text(self) -> str:
        length = self._count_of(10)
        if length > LONGEST_TEXT_BYTES:
            raise NotAModel("text")
        return self._file.read(length).decode("utf-8", "replace")

    def _value(self, kind: int) -> Value:
        if kind == TEXT:
            return self._text()
        return self._array() if kind == ARRAY else self._scalar(kind)

    def _array(self) -> Value:
        kind, count = self._count_of(4), self._count()
        items: list[object] = [self._value(kind) for _ in range(count)]
        return items if count <= SHOWN_ITEMS else None

    def _tensor(self) -> Tensor:
        name = self._text()
        shape = tuple(self._count_of(10) for _ in range(self._count_of(4)))
        kind = self._count_of(4)
        self._scalar(10)  # the offset of its weights, which nobody here reads
        return Tensor(name, shape, kind)
