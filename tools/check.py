#!/usr/bin/env python3
"""Everything that `make check` promises, two steps at a time; each says its seconds, and what is wrong where it is.

A file that is generated from code has a script `tools/generate_*.py`, which understands `--check`; it is found by name.
"""

from __future__ import annotations

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
BIN = Path(sys.executable).parent
# A step that cannot be taken on this machine, and says why.
LEFT_OUT = 77


def steps() -> dict[str, list[str]]:
    python = sys.executable
    templates = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "templates").rglob("*.html"))
    found = {
        "types": [python, "-m", "mypy"],
        "format": [python, "-m", "ruff", "format", "--check", "--output-format", "concise", "."],
        "lint": [python, "-m", "ruff", "check", "--output-format", "concise", "."],
        "contracts": [str(BIN / "lint-imports"), "--no-logo"],
        "locks": [python, "tools/lock.py", "--check"],
        "migrations": [python, "manage.py", "makemigrations", "--check", "--dry-run"],
        "deployment": [python, "manage.py", "check", "--fail-level", "WARNING"],
        "translations": [python, "tools/messages.py", "--check"],
        "vendored scripts": [python, "tools/vendor_js.py", "--check"],
        "scripts": [python, "tools/javascript.py", "check"],
    }
    if templates:
        found["templates"] = [str(BIN / "djade"), "--check", "--target-version", "5.2", *templates]
    for script in sorted((ROOT / "tools").glob("generate_*.py")):
        found[script.stem.replace("_", " ")] = [python, str(script.relative_to(ROOT)), "--check"]
    return found


def run(step: tuple[str, list[str]]) -> bool:
    name, command = step
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    verdict = {0: "ok", LEFT_OUT: "left out"}.get(done.returncode, "WRONG")
    print(f"{name:<20} {verdict:<8} {time.monotonic() - began:5.1f} s", flush=True)
    if done.returncode:
        print((done.stdout + done.stderr).rstrip(), flush=True)
    return verdict != "WRONG"


def main() -> int:
    with ThreadPoolExecutor(2) as pool:
        return 0 if all(list(pool.map(run, steps().items()))) else 1


if __name__ == "__main__":
    sys.exit(main())
