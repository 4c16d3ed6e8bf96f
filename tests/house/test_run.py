"""What `make run` does before there is a page, and what it says when it can't."""

from __future__ import annotations

import os
import socket
import stat
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
VENV = Path(sys.executable).parent.parent


def run(*command: str | Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command, cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=False, timeout=120
    )


def test_a_port_in_use_is_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        done = run("bin/run", VENV=str(VENV), PORT=str(port), LAN="", MODEL="")
    assert done.returncode == 1
    assert done.stderr.startswith(f"Port {port} is in use")
    assert done.stderr.count("\n") == 1


def test_a_port_that_is_none_is_one_sentence() -> None:
    done = run("bin/run", VENV=str(VENV), PORT="eighty", LAN="", MODEL="")
    assert (done.returncode, done.stderr.count("\n")) == (1, 1)
    assert done.stderr.startswith("PORT=eighty is not a port")


@pytest.mark.parametrize(("said", "meant"), [("1", "true"), ("Yes", "true"), ("0", "false"), ("no", "false"), ("", "")])
def test_only_a_yes_opens_the_house(tmp_path: Path, said: str, meant: str) -> None:
    python = tmp_path / "bin" / "python"
    python.parent.mkdir()
    python.write_text('#!/bin/sh\necho "$3 $POLYGLOTT_LAN"\nexit 1\n')
    python.chmod(0o755)
    done = run("bin/run", VENV=str(tmp_path), LAN=said, MODEL="", PORT="", POLYGLOTT_LAN="")
    assert done.stdout == f"{meant} {meant}\n"


def test_what_is_neither_yes_nor_no_opens_nothing() -> None:
    done = run("bin/run", VENV=str(VENV), LAN="perhaps", MODEL="")
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (1, "", 1)
    assert done.stderr.startswith("LAN=perhaps is neither yes nor no")


def test_without_python_it_says_what_to_install() -> None:
    done = run("/bin/sh", "bin/python-for-venv", PATH="/nowhere", PYTHON="")
    assert done.returncode == 1
    assert "apt-get install python3 python3-venv" in done.stderr


def test_python_without_venv_names_the_package(tmp_path: Path) -> None:
    bare = tmp_path / "python3.11"
    bare.write_text(
        f'#!/bin/sh\ncase "$2" in *ensurepip*) exit 1;; esac\nexec {sys.executable} "$@"\n',
    )
    bare.chmod(0o755)
    done = run("/bin/sh", "bin/python-for-venv", PATH=str(tmp_path), PYTHON="")
    assert done.returncode == 1
    assert "apt-get install python3-venv python3." in done.stderr


@pytest.fixture
def var(tmp_path: Path) -> dict[str, str]:
    return {"POLYGLOTT_VAR_DIR": str(tmp_path)}


@pytest.mark.timeout(160)
def test_the_database_is_copied_before_it_changes(tmp_path: Path, var: dict[str, str]) -> None:
    first = run(sys.executable, "tools/upgrade.py", **var)
    assert first.returncode == 0, first.stderr
    assert not (tmp_path / "backups").exists()
    back = run(sys.executable, "manage.py", "migrate", "conversations", "zero", "--verbosity", "0", **var)
    assert back.returncode == 0, back.stderr
    second = run(sys.executable, "tools/upgrade.py", **var)
    assert second.returncode == 0, second.stderr
    [copy] = (tmp_path / "backups").iterdir()
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    assert copy.stat().st_size > 0
