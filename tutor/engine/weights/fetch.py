"""One fetch of one model: disk first, sources in order, resumed where it stopped, checked before it counts."""

from __future__ import annotations

import contextlib
import shutil
from collections.abc import Callable, Sequence
from pathlib import Path

from tutor.engine.weights.catalogue import Model, WeightFile
from tutor.engine.weights.checksums import checksum_path, is_whole, reads_right
from tutor.engine.weights.faults import OURS, TRANSIENT, Code, FetchFault, disk_fault
from tutor.engine.weights.partial_file import PartialFile
from tutor.engine.weights.pause_control import Cancelled, PauseControl, Paused
from tutor.engine.weights.progress import Meter, Progress
from tutor.engine.weights.sources import Source, default_sources

MARGIN_BYTES = 64 << 20
"""Left free on the disk, for the database and everything else that lives there."""

_GAIN_BYTES = 1 << 20
_TRIES = 5
_TRIES_WITHOUT_A_BYTE = 2


class Fetch:
    """Run `run` in a thread of your own; everything else may be called from any thread."""

    def __init__(
        self,
        model: Model,
        into: Path,
        sources: Sequence[Source] | None = None,
        on_progress: Callable[[Progress], None] | None = None,
        *,
        retry_wait_s: float = 0.5,
    ) -> None:
        self.model = model
        self._into = into
        self._sources = default_sources() if sources is None else list(sources)
        self._meter = Meter(Progress(model.name, bytes_total=model.bytes), on_progress)
        self._control = PauseControl(self._tick)
        self._retry_wait_s = retry_wait_s
        self._before = 0
        self._part: PartialFile | None = None
        self._keep_part = True
        self._came: list[WeightFile] = []

    @property
    def progress(self) -> Progress:
        """How far it is."""
        return self._meter.picture

    def pause(self) -> None:
        """Close the connection and wait; what is on disk stays."""
        self._control.request("pause")

    def resume(self) -> None:
        """Go on from the last byte."""
        self._control.request("go")

    def cancel(self, *, keep_part: bool = False) -> None:
        """End. What this run has fetched goes too, whole files and the part, unless it is kept for a later run."""
        self._keep_part = keep_part
        self._control.request("cancel")

    def run(self) -> Progress:
        """Fetch everything that is missing; blocks. Ends done, failed (with a code) or cancelled; never raises."""
        try:
            self._into.mkdir(parents=True, exist_ok=True)
            for file in self.model.files:
                self._unpaused(self._control.check)
                self._fetch_file(file)
                self._before += file.bytes
            self._meter.enter("done", bytes_done=self.model.bytes, error=None)
        except Cancelled:
            if not self._keep_part:
                self._throw_away()
            self._meter.enter("cancelled")
        except FetchFault as fault:
            self._meter.enter("failed", error=fault.code)
        except OSError as error:
            self._meter.enter("failed", error=disk_fault(error).code)
        return self.progress

    def _tick(self, ahead_bytes: int) -> None:
        if self._part is not None and self.progress.state == "downloading":
            self._meter.reach(self._before + self._part.length + ahead_bytes)

    def _fetch_file(self, file: WeightFile) -> None:
        self._meter.enter("checking", bytes_done=self._before)
        if is_whole(file, self._into) or self._adopt(file):
            return
        with PartialFile(self._into, file) as part:
            self._part = part
            try:
                self._ask_sources(file, part)
            except Cancelled:
                if not self._keep_part:
                    part.drop()
                raise
            finally:
                if not part.length:
                    part.drop()
                self._part = None
        self._came.append(file)

    def _throw_away(self) -> None:
        """The whole files that came before the cancelled one; those that were there before are not this run's."""
        for file in self._came:
            with contextlib.suppress(OSError):
                (self._into / file.name).unlink(missing_ok=True)
                checksum_path(self._into / file.name).unlink(missing_ok=True)

    def _adopt(self, file: WeightFile) -> bool:
        """A file that somebody put there by hand counts, once it was read."""
        target = self._into / file.name
        if not target.is_file() or target.stat().st_size != file.bytes:
            return False
        return reads_right(file, self._into, self._while_reading)

    def _while_reading(self, read_bytes: int) -> None:
        if self._control.requested == "cancel":
            raise Cancelled
        self._meter.reach(self._before + read_bytes)

    def _ask_sources(self, file: WeightFile, part: PartialFile) -> None:
        last: Code = "no_source"
        for source in self._sources:
            if not source.offers(file):
                continue
            try:
                self._take(source, file, part)
            except FetchFault as fault:
                if fault.code in OURS:
                    raise
                self._meter.note_failure(source.code, fault.code)
                last = fault.code
            else:
                return
        raise FetchFault(last)

    def _take(self, source: Source, file: WeightFile, part: PartialFile) -> None:
        self._check_room(source, file, part)
        self._download(source, file, part)
        self._meter.enter("verifying", bytes_done=self._before)
        try:
            self._unpaused(lambda: part.seal(self._while_sealing))
        except FetchFault as fault:
            if fault.code == "wrong_bytes":
                part.distrust()
            raise

    def _while_sealing(self, read_bytes: int) -> None:
        self._meter.reach(self._before + read_bytes)
        self._control.check()

    def _check_room(self, source: Source, file: WeightFile, part: PartialFile) -> None:
        """Everything that is still to come, what the source needs for itself, and a margin."""
        to_come = self.model.bytes - self._before - part.length
        missing = to_come + source.spare_bytes(file) + MARGIN_BYTES - shutil.disk_usage(self._into).free
        if missing > 0:
            self._meter.enter("checking", bytes_missing=missing)
            raise FetchFault("no_space")

    def _download(self, source: Source, file: WeightFile, part: PartialFile) -> None:
        tries, came = 0, False
        while part.length < file.bytes:
            self._meter.enter("downloading", source=source.code, bytes_done=self._before + part.length)
            before = part.length
            try:
                self._unpaused(lambda: source.pour(file, part, self._control))
            except FetchFault as fault:
                gained = part.length - before
                came = came or gained > 0
                tries = 0 if gained >= _GAIN_BYTES else tries + 1
                if fault.code not in TRANSIENT or tries >= (_TRIES if came else _TRIES_WITHOUT_A_BYTE):
                    raise
                self._rest(tries)

    def _rest(self, tries: int) -> None:
        self._unpaused(lambda: self._control.rest(self._retry_wait_s * 2**tries))

    def _unpaused(self, work: Callable[[], None]) -> None:
        """Do `work`; each time it is interrupted by a pause, wait and do it again."""
        while True:
            try:
                return work()
            except Paused:
                state = self.progress.state
                self._meter.enter("paused")
                self._control.wait_resumed()
                self._meter.enter(state)


def discard(model: Model, folder: Path) -> None:
    """Throw away the parts of files that have not come whole; one that a fetch is just writing stays."""
    for file in model.files:
        with contextlib.suppress(FetchFault), PartialFile(folder, file) as part:
            part.drop()
