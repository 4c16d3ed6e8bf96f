"""Where a weight file may come from, in the order in which they are asked."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

from tutor.engine.weights.catalogue import WeightFile
from tutor.engine.weights.local import LocalSource
from tutor.engine.weights.packages import PackagesSource
from tutor.engine.weights.partial_file import PartialFile
from tutor.engine.weights.pause_control import PauseControl
from tutor.engine.weights.publisher import PublisherSource


class Source(Protocol):
    """One place that may carry a file. All give the same bytes, so one goes on where another stopped."""

    @property
    def code(self) -> str:
        """``local``, ``publisher`` or ``packages``."""
        ...

    def offers(self, file: WeightFile, /) -> bool:
        """Whether the pins name this source for `file`; asks nobody."""
        ...

    def probe(self, file: WeightFile, /) -> bool:
        """Whether it answers just now and has `file`; takes seconds at most."""
        ...

    def spare_bytes(self, file: WeightFile, /) -> int:
        """Disk it needs for itself while it works, beside the file."""
        ...

    def pour(self, file: WeightFile, part: PartialFile, control: PauseControl, /) -> None:
        """Append to `part` from where it ends, asking `control` between chunks. Raises `FetchFault`."""
        ...


def default_sources(
    environ: Mapping[str, str] = os.environ, *, local: Path | None = None, only: str | None = None
) -> list[Source]:
    """A local file or folder first (`local`, else POLYGLOTT_WEIGHTS_DIR), then the publisher, then packages.

    HF_ENDPOINT names a mirror of the publisher, as in the publisher's own tools. `only` keeps one code.
    """
    folder = local or (Path(named) if (named := environ.get("POLYGLOTT_WEIGHTS_DIR")) else None)
    found: list[Source] = [LocalSource(folder)] if folder else []
    found += [PublisherSource(environ.get("HF_ENDPOINT") or PublisherSource.HOME), PackagesSource()]
    return [source for source in found if only in {None, source.code}]


def first_answering(files: Sequence[WeightFile], sources: Sequence[Source]) -> str | None:
    """The code of the first source that has every file of a model now, or None."""
    for source in sources:
        if all(source.offers(file) for file in files) and source.probe(files[0]):
            return source.code
    return None
