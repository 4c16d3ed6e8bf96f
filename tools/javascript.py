#!/usr/bin/env python3
"""What Node checks of static/js. Without a Node that can, this says so and is left out; in CI that is wrong.

tools/javascript.py check   types (tsconfig.json) and lint (eslint.config.js), once the packages of the lock are there
tools/javascript.py test    the tests in tests/js, which need no browser and no package

Ends with 0, with 1 where something is wrong, and with 77 where this part was left out.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
INSTALLED = ROOT / "node_modules" / ".installed-from"
LEFT_OUT = 77


def main(arguments: list[str]) -> int:
    missing = lacking()
    if missing:
        print(f"The scripts' {' and '.join(arguments) or 'check'} left out: {missing}")
        return 1 if os.environ.get("NODE_REQUIRED") else LEFT_OUT
    return test() if arguments == ["test"] else check()


def lacking() -> str:
    """What is missing here, in words; nothing if Node is there and new enough."""
    wanted = json.loads((ROOT / "package.json").read_text())["engines"]["node"]
    if shutil.which("node") is None or shutil.which("npm") is None:
        return f"it needs Node.js ({wanted}) and npm, which are not installed."
    found = subprocess.run(["node", "--version"], capture_output=True, text=True, check=True).stdout.strip()
    return "" if serves(found, wanted) else f"it needs Node.js {wanted}, and here is {found}."


def serves(found: str, wanted: str) -> bool:
    """Whether a version like ``v20.19.2`` is in a range like ``^20.19.0 || >=24``."""
    major, minor = (int(number) for number in re.findall(r"\d+", found)[:2])
    for one in wanted.split("||"):
        lowest, least = (int(number) for number in [*re.findall(r"\d+", one), "0"][:2])
        if (major == lowest and minor >= least) or (">=" in one and major > lowest):
            return True
    return False


def check() -> int:
    return install() or run("node_modules/.bin/tsc") or run("node_modules/.bin/eslint", "static/js", "tests/js")


def test() -> int:
    tests = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests/js").rglob("*.test.js"))
    return run("node", "--test", "--test-reporter=spec", *tests)


def install() -> int:
    lock = hashlib.sha256((ROOT / "package-lock.json").read_bytes()).hexdigest()
    if INSTALLED.exists() and INSTALLED.read_text() == lock:
        return 0
    done = run("npm", "ci", "--no-progress", "--loglevel=error", quiet=True)
    if done == 0:
        INSTALLED.write_text(lock)
    return done


def run(*command: str, quiet: bool = False) -> int:
    sink = subprocess.DEVNULL if quiet else None
    return subprocess.run(command, cwd=ROOT, stdout=sink, check=False).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
