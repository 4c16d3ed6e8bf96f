#!/usr/bin/env python3
"""Every newer Python on this machine runs Polyglott: installed from the lock, migrated, served, answered.

The tests themselves run on the Python of the environment; this says that the product starts on the others too.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OTHERS = ("3.12", "3.13")
START_S = 60.0
PORT = "8397"


def main() -> None:
    for version in OTHERS:
        python = working(version)
        if python is None:
            print(f"Python {version} is not here")
        elif not sys.version.startswith(f"{version}."):
            began = time.monotonic()
            try_out(python)
            print(f"Python {version} ok, {time.monotonic() - began:.0f} s", flush=True)


def working(version: str) -> str | None:
    """A Python of this version that can make environments: on the path, or among pyenv's (whose stubs are none)."""
    kept = sorted(Path.home().glob(f".pyenv/versions/{version}.*/bin/python"))
    for found in filter(None, (shutil.which(f"python{version}"), *map(str, kept))):
        if not subprocess.run([found, "-c", "import ensurepip, sqlite3"], capture_output=True, check=False).returncode:
            return found
    return None


def try_out(python: str) -> None:
    with tempfile.TemporaryDirectory(prefix="polyglott-python-") as folder:
        settings = {"POLYGLOTT_VAR_DIR": f"{folder}/var", "POLYGLOTT_PORT": PORT, "POLYGLOTT_ENGINE": "off"}
        environment = {**os.environ, **settings, "PYTHON": python, "VENV": f"{folder}/venv"}
        subprocess.run(["bin/venv", "run"], cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
        interpreter = f"{folder}/venv/bin/python"
        subprocess.run([interpreter, "tools/upgrade.py"], cwd=ROOT, env=environment, check=True)
        serve = [interpreter, "manage.py", "serve"]
        with subprocess.Popen(serve, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL) as server:
            try:
                wait_for_page()
            finally:
                server.terminate()


def wait_for_page() -> None:
    deadline = time.monotonic() + START_S
    while True:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{PORT}/healthz", timeout=2)
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            if time.monotonic() > deadline:
                sys.exit("no page within a minute")
            time.sleep(0.2)
        else:
            return


if __name__ == "__main__":
    main()
