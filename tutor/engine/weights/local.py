"""A weight file that is already somewhere on this machine: a disk, a stick, a shared folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from tutor.engine.weights.catalogue import WeightFile
from tutor.engine.weights.faults import FetchFault, disk_fault
from tutor.engine.weights.partial_file import PartialFile
from tutor.engine.weights.pause_control import PauseControl

_BLOCK_BYTES = 1 << 20


@dataclass(frozen=True, slots=True)
class LocalSource:
    """A folder that holds files under their own names, or one file, whatever it is called."""

    path: Path
    code: str = "local"

    def offers(self, _file: WeightFile, /) -> bool:
        """A path may hold any file."""
        return True

    def probe(self, file: WeightFile) -> bool:
        """Whether a file of the right size is there."""
        place = self._place(file)
        return place.is_file() and place.stat().st_size == file.bytes

    def spare_bytes(self, _file: WeightFile, /) -> int:
        """Nothing beside the copy."""
        return 0

    def _place(self, file: WeightFile) -> Path:
        return self.path / file.name if self.path.is_dir() else self.path

    def pour(self, file: WeightFile, part: PartialFile, control: PauseControl) -> None:
        """Copy; a link would let a later change of the original through unseen."""
        place = self._place(file)
        if not place.is_file():
            raise FetchFault("source_missing")
        try:
            with place.open("rb") as stream:
                if stream.seek(0, 2) != file.bytes:
                    raise FetchFault("wrong_length")
                stream.seek(part.length)
                while part.length < file.bytes:
                    control.check()
                    block = stream.read(min(_BLOCK_BYTES, file.bytes - part.length))
                    if not block:
                        raise FetchFault("cut_short")
                    part.append(block)
        except OSError as error:
            raise disk_fault(error) from error
