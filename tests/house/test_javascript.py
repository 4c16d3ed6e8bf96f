"""Where Node is missing or too old, what it would check is left out and said so; in CI that is a failure."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LEFT_OUT = 77


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """The folder of programs of a machine that has none."""
    return tmp_path


def install(machine: Path, version: str) -> None:
    for name in ("node", "npm"):
        (machine / name).write_text(f"#!/bin/sh\necho {version}\n")
        (machine / name).chmod(0o755)


def run(machine: Path, **variables: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "tools/javascript.py", "test"]
    environment = {"PATH": str(machine)} | variables
    return subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)


def test_without_node_it_is_left_out(machine: Path) -> None:
    done = run(machine)
    assert done.returncode == LEFT_OUT
    assert "left out" in done.stdout
    assert "Node.js" in done.stdout


@pytest.mark.parametrize(("version", "serves"), [
    ("v18.20.4", False), ("v20.18.9", False), ("v20.19.0", True), ("v22.12.0", False), ("v22.13.1", True),
    ("v23.9.0", False), ("v24.0.0", True), ("v30.1.0", True),
])  # fmt: skip
def test_an_old_node_is_named(machine: Path, version: str, serves: bool) -> None:
    install(machine, version)
    done = run(machine)
    assert (done.returncode == 0) == serves
    assert serves or version in done.stdout


def test_in_ci_nothing_is_left_out(machine: Path) -> None:
    assert run(machine, NODE_REQUIRED="1").returncode == 1
    assert "export NODE_REQUIRED=1" in (ROOT / ".ci/run").read_text()


def test_what_npm_installs_is_pinned_by_its_content() -> None:
    wanted: dict[str, str] = json.loads((ROOT / "package.json").read_text())["devDependencies"]
    locked: dict[str, dict[str, object]] = json.loads((ROOT / "package-lock.json").read_text())["packages"]
    assert all(version[0].isdigit() for version in wanted.values())
    assert [
        name for name, one in locked.items() if name and not str(one.get("integrity", "")).startswith("sha512-")
    ] == []
    assert [name for name, one in locked.items() if "resolved" in one or "hasInstallScript" in one] == []
