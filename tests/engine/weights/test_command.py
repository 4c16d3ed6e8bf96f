"""``manage.py fetch_model`` as a person or a script meets it: a real process, with tiny pins."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import pty
import signal
import subprocess
import sys
import threading
from pathlib import Path

import pytest

from tests.engine.weights import a_server
from tests.engine.weights.a_server import WeightsServer
from tests.engine.weights.conftest import SIZE, wait_for

ROOT = Path(__file__).parents[3]
FACTS = {"parameter_size": "0.5B", "quantization": "Q4_K_M", "licence": "Apache-2.0", "talk": "guided"}
PLACE = {"repository": "Tiny/Tiny-GGUF", "revision": "0123abc"}


@pytest.fixture
def pins(tmp_path: Path, body: bytes) -> Path:
    file = {"name": "tiny.gguf", "bytes": SIZE, "sha256": hashlib.sha256(body).hexdigest(), "wheels": []}
    row = {"name": "tiny:1k", "title": "Tiny", **FACTS, **PLACE, "memory_bytes": 1000, "files": [file]}
    better = row | {"name": "better:1k", "files": [file | {"name": "better.gguf"}], "proposed_from_cores": 10**6}
    path = tmp_path / "pins.json"
    path.write_text(json.dumps({"models": [better, row]}))
    return path


def command(pins: Path, home: str, *words: str) -> tuple[list[str], dict[str, str]]:
    asked = [sys.executable, "-m", "tests.engine.weights.a_manage", str(pins), "fetch_model", *words]
    own = {"HF_ENDPOINT": home, "POLYGLOTT_VAR_DIR": str(pins.parent / "var"), "PIP_NO_INDEX": "1"}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("POLYGLOTT_")}
    return asked, {**kept, **own}


def run(pins: Path, home: str, *words: str) -> subprocess.CompletedProcess[str]:
    asked, environ = command(pins, home, *words)
    return subprocess.run(
        asked, cwd=ROOT, env=environ, capture_output=True, text=True, timeout=50, stdin=subprocess.DEVNULL, check=False
    )


def test_unattended(pins: Path, server: WeightsServer, body: bytes) -> None:
    done = run(pins, server.url, "--yes")
    assert done.returncode == 0, done.stderr
    assert "the publisher's own file" in done.stdout
    assert "tiny:1k is here, checked" in done.stdout
    assert (pins.parent / "var/models/tiny.gguf").read_bytes() == body
    again = run(pins, "http://127.0.0.1:9", "tiny:1k")
    assert again.returncode == 0
    assert "tiny.gguf" in again.stdout
    better = run(pins, server.url, "better:1k", "--yes")
    assert "takes this one at its next start" in better.stdout
    assert "next start" not in done.stdout


def test_nobody_to_ask(pins: Path, server: WeightsServer) -> None:
    done = run(pins, server.url)
    assert done.returncode == 2
    assert "licence Apache-2.0" in done.stdout
    assert "--yes" in done.stderr
    assert server.gets() == []


def test_words_that_lead_nowhere(pins: Path) -> None:
    unknown = run(pins, "http://127.0.0.1:9", "llama:9b", "--yes")
    assert (unknown.returncode, "tiny:1k" in unknown.stderr) == (2, True)
    silent = run(pins, "http://127.0.0.1:9", "--yes")
    assert (silent.returncode, "No source answers" in silent.stderr) == (3, True)


def test_a_fault_is_told_in_words(pins: Path, server: WeightsServer) -> None:
    server.moods = [a_server.wrong_bytes]
    done = run(pins, server.url, "tiny:1k", "--yes")
    assert done.returncode == 1
    assert "not the one that was promised" in done.stderr
    assert "Traceback" not in done.stderr


def read_all(terminal: int, output: list[bytes]) -> None:
    """Everything that is written to this terminal, until its last writer is gone."""
    with contextlib.suppress(OSError):
        while piece := os.read(terminal, 4096):
            output.append(piece)


def test_at_a_terminal_with_ctrl_c(pins: Path, server: WeightsServer) -> None:
    """Asked and answered on a pseudo-terminal; Ctrl-C keeps the part and says how to go on."""
    server.moods = [a_server.stall_after(250_000)]
    asked, environ = command(pins, server.url, "tiny:1k")
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        asked, cwd=ROOT, env=environ, stdin=theirs, stdout=theirs, stderr=theirs, start_new_session=True
    ) as process:
        os.close(theirs)
        output: list[bytes] = []
        # A terminal reads all the time: one that does not would soon hold up whoever draws a bar on it.
        reading = threading.Thread(target=read_all, args=(ours, output))
        reading.start()
        os.write(ours, b"y\n")
        part = pins.parent / "var/models/tiny.gguf.part"
        wait_for(lambda: part.exists() and part.stat().st_size == 250_000)
        process.send_signal(signal.SIGINT)
        process.wait(30)
    reading.join(30)
    os.close(ours)
    assert process.returncode == 130
    assert "[Y/n]" in b"".join(output).decode()
    assert "fetch_model tiny:1k" in b"".join(output).decode()
    assert part.stat().st_size == 250_000
