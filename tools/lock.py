#!/usr/bin/env python3
"""Write the three lock files from pyproject.toml, or check that they are still its image.

tools/lock.py            keep pinned versions where they still fit (needs uv and the package index)
tools/lock.py --upgrade  take the newest that fit
tools/lock.py --check    no network: same dependencies as when locked, every pin hashed, no address inside
"""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
HEADER = "# Made by `make lock` from pyproject.toml; its dependencies then: sha256 {digest}\n"
ADDRESS = re.compile(r"://|--(?:extra-)?index-url|--find-links|--trusted-host")
PIN = re.compile(r"^[a-z0-9][a-z0-9._-]*==\S+", re.MULTILINE)
COMPILE = ["pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes", "--no-header", "--quiet"]
PLAIN = ["--no-emit-index-url", "--no-emit-find-links"]


def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


def wanted(settings: dict[str, Any]) -> dict[str, list[str]]:
    """Each lock file and the requirements it is made from."""
    run = settings["project"]["dependencies"]
    return {
        "requirements.lock": run,
        "requirements-embedded.lock": settings["project"]["optional-dependencies"]["embedded"],
        "requirements-dev.lock": run + settings["dependency-groups"]["dev"],
    }


def digest(requirements: list[str]) -> str:
    return hashlib.sha256(json.dumps(requirements).encode()).hexdigest()


def write(name: str, requirements: list[str], *, upgrade: bool) -> None:
    lock = ROOT / name
    pinned = [] if name == "requirements.lock" else ["--constraint", "requirements.lock"]
    command = [str(Path(sys.executable).parent / "uv"), *COMPILE, *PLAIN, *pinned, "--output-file", name, "-"]
    subprocess.run(
        command + (["--upgrade"] if upgrade else []),
        cwd=ROOT, check=True, text=True, input="\n".join(requirements), stdout=subprocess.DEVNULL,
    )  # fmt: skip
    lock.write_text(HEADER.format(digest=digest(requirements)) + lock.read_text())


def flaws(name: str, requirements: list[str]) -> list[str]:
    lock = ROOT / name
    if not lock.exists():
        return [f"{name} is missing"]
    text = lock.read_text()
    found = []
    if digest(requirements) not in text.partition("\n")[0]:
        found.append(f"{name} is older than pyproject.toml's dependencies: run make lock")
    if ADDRESS.search(text):
        found.append(f"{name} names an address")
    unhashed = [block for block in PIN.split(text)[1:] if "--hash=sha256:" not in block]
    return found + [f"{name} has a pin without a hash"] * len(unhashed)


def main(arguments: list[str]) -> int:
    locks = wanted(project())
    if "--check" not in arguments:
        for name, requirements in locks.items():
            write(name, requirements, upgrade="--upgrade" in arguments)
    problems = [flaw for name, requirements in locks.items() for flaw in flaws(name, requirements)]
    for problem in problems:
        print(problem, file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
