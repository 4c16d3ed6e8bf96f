"""LanguageTool's own files: fetched by Maven, each one checked against its fingerprint, kept under ``var``."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Callable
from importlib.resources import as_file, files
from pathlib import Path
from typing import Final

VERSION: Final = "6.6"
# All jars together.
BYTES: Final = 256_341_656
_LOOKED_AT_EVERY_S: Final = 0.3
_MAIN: Final = "org.languagetool.server.HTTPServer"


class FetchFault(Exception):
    """They could not be had; ``code`` says why, ``detail`` in Maven's words or by a file's name."""

    def __init__(self, code: str, detail: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.detail = detail


def folder(var: Path) -> Path:
    return var / "languagetool" / f"jars-{VERSION}"


def fingerprints() -> dict[str, str]:
    """Return the sha256 of every jar, by its name."""
    lines = files(__package__).joinpath("jars.sha256").read_text("ascii").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def wrong_ones(into: Path) -> list[str]:
    """Return the names of jars that are missing, are others than they should be, or should not be there."""
    known = fingerprints()
    strange = [file.name for file in into.glob("*") if file.name not in known]
    return strange + [name for name, digest in known.items() if _sha256(into / name) != digest]


def fetch(into: Path, check: Callable[[], None], show: Callable[[int], None]) -> None:
    """Let Maven fetch all jars into a folder. ``check`` may raise to give up; ``show`` is told how many bytes came."""
    maven = shutil.which("mvn")
    if maven is None:
        raise FetchFault("no_maven")
    parts = into.with_name(f"{into.name}.part")
    came = parts / "came"
    with as_file(files(__package__).joinpath("languagetool.xml")) as project:
        command = [maven, "-B", "-q", "-f", str(project), f"-Dmaven.repo.local={parts / 'repository'}"]
        command += ["dependency:copy-dependencies", f"-DoutputDirectory={came}"]
        _run(command, parts, check, show)
    if wrong := wrong_ones(came):
        shutil.rmtree(parts)
        raise FetchFault("wrong_file", wrong[0])
    shutil.rmtree(into, ignore_errors=True)
    came.rename(into)
    shutil.rmtree(parts)


def _run(command: list[str], parts: Path, check: Callable[[], None], show: Callable[[int], None]) -> None:
    parts.mkdir(parents=True, exist_ok=True)
    said = parts / "maven.log"
    with said.open("wb") as log:
        maven = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)  # noqa: S603
    try:
        while True:
            check()
            show(sum(file.stat().st_size for file in parts.rglob("repository/**/*.jar")))
            try:
                code = maven.wait(_LOOKED_AT_EVERY_S)
                break
            except subprocess.TimeoutExpired:
                continue
    finally:
        maven.kill()
        maven.wait()
    if code:
        raise FetchFault("maven", said.read_text("utf-8", "replace").strip()[-300:])


def start(jars: Path, port: int) -> subprocess.Popen[bytes]:
    """Start the server on this computer's own address. Raises FetchFault where there is no Java."""
    java = shutil.which("java")
    if java is None:
        raise FetchFault("no_java")
    command = [java, "-Xmx2g", "-cp", f"{jars}/*", _MAIN, "--port", str(port)]
    nothing = subprocess.DEVNULL
    return subprocess.Popen(command, stdin=nothing, stdout=nothing, stderr=nothing)  # noqa: S603


def _sha256(file: Path) -> str:
    if not file.is_file():
        return ""
    with file.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
