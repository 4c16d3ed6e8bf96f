"""From a clone to a page: `make run` in a fresh folder, with and without what pip has fetched before."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from tests.bench.ollama import ROOT
from tests.bench.table import RUNS, Figure, middle
from tests.live.house import free_port

PATIENCE_S = 300.0


def starting() -> list[Figure]:
    """A clone each time; then the same folder started again, where everything is installed."""
    cold, warm, again = [], [], []
    for _ in range(RUNS):
        with tempfile.TemporaryDirectory(prefix="polyglott-start-") as folder:
            cold.append(_from_clone_s(Path(folder), {"PIP_CACHE_DIR": f"{folder}/pip"}))
        with tempfile.TemporaryDirectory(prefix="polyglott-start-") as folder:
            warm.append(_from_clone_s(Path(folder), {}))
            again.append(_until_page_s(Path(folder) / "clone", {}))
    return [
        Figure("`make run` to a page, nothing cached", f"fresh clone, {RUNS} runs", "≤ 3 min", f"{middle(cold):.0f} s"),
        Figure(
            "`make run` to a page, warm package cache", f"fresh clone, {RUNS} runs", "≤ 60 s", f"{middle(warm):.0f} s"
        ),
        Figure("`make run` to a page, second start", f"same folder, {RUNS} runs", "", f"{middle(again):.1f} s"),
    ]


def _from_clone_s(folder: Path, environment: dict[str, str]) -> float:
    clone = folder / "clone"
    subprocess.run(["git", "clone", "--quiet", str(ROOT), str(clone)], check=True, timeout=60)
    return _until_page_s(clone, environment)


def _until_page_s(clone: Path, more: dict[str, str]) -> float:
    """Seconds from the command to the first page it answers."""
    port = free_port()
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("POLYGLOTT_", "VENV", "MAKE"))}
    environment = {**kept, "OLLAMA_HOST": "http://127.0.0.1:1", **more}
    began = time.monotonic()
    with (clone / "make-run.log").open("ab") as log:
        command = ["make", "run", f"PORT={port}"]
        running = subprocess.Popen(command, cwd=clone, env=environment, stdout=log, stderr=log, start_new_session=True)
    try:
        _wait_for_page(port, running)
        return time.monotonic() - began
    finally:
        os.killpg(running.pid, signal.SIGTERM)
        running.wait(30)


def _wait_for_page(port: int, running: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            assert running.poll() is None, "make run ended: see make-run.log"
            assert time.monotonic() < deadline, "no page came"
            time.sleep(0.1)
