#!/usr/bin/env python3
"""Run the published client's own tests against ours, through the adapter in tests/ollama/adapter.

tools/published_tests.py            fetch the version that is locked, as a source archive, with what its tests need
tools/published_tests.py -k stream  the same, with arguments for pytest

Needs the package index; nothing that is fetched stays. What fails is meant to: see docs/ollama-client.md.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ADAPTER = ROOT / "tests" / "ollama" / "adapter"


def locked_version() -> str:
    found = re.search(r"^ollama==(\S+)", (ROOT / "requirements-dev.lock").read_text(), re.MULTILINE)
    return found[1] if found else ""


def pip(*arguments: str) -> None:
    subprocess.run([sys.executable, "-m", "pip", "--quiet", *arguments], check=True)


def fetched(folder: Path) -> Path:
    """The folder of the tests."""
    version = locked_version()
    pip("download", "--no-deps", "--no-binary", ":all:", "--dest", str(folder), f"ollama=={version}")
    with tarfile.open(folder / f"ollama-{version}.tar.gz") as archive:
        archive.extractall(folder, filter="data")
    pip("install", "--target", str(folder / "needed"), "pytest-httpserver")
    return folder / f"ollama-{version}" / "tests"


def main() -> int:
    with tempfile.TemporaryDirectory() as made:
        folder = Path(made)
        tests = fetched(folder)
        paths = os.pathsep.join(map(str, (ADAPTER, ROOT, folder / "needed")))
        environment = {**os.environ, "PYTHONPATH": paths, "NO_PROXY": "*"}
        command = [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "pytest_httpserver",
            "-p",
            "no:randomly",
            "-p",
            "no:asyncio",
        ]
        run = subprocess.run(
            [*command, "--rootdir", str(tests), str(tests), *sys.argv[1:]], env=environment, check=False
        )
    return run.returncode


if __name__ == "__main__":
    sys.exit(main())
