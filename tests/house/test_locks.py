"""What is installed: hashed, without addresses, as pyproject.toml asks, and nothing older than a known hole."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = ["requirements.lock", "requirements-dev.lock", "requirements-embedded.lock"]
PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==([0-9][^\s;]*)", re.MULTILINE)

# The first release without a published hole that could reach us. Raise it when the next one is found.
NOT_BEFORE = {
    "autobahn": "20.12.3",
    "certifi": "2024.7.4",
    "cryptography": "44.0.1",
    "daphne": "4.2.2",
    "django": "5.2.19",
    "django-allauth": "65.21",
    "h11": "0.16.0",
    "httpx": "0.28.1",
    "idna": "3.7",
    "markdown-it-py": "4.0.0",
    "nh3": "0.3",
    "pydantic": "2.12",
    "pyopenssl": "24.3.0",
    "requests": "2.32.4",
    "sqlparse": "0.5.4",
    "twisted": "24.7.0",
    "urllib3": "2.6.3",
}


def pins(name: str) -> dict[str, str]:
    return dict(PIN.findall((ROOT / name).read_text()))


def numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version))


@pytest.mark.parametrize("name", LOCKS)
def test_no_version_with_a_known_hole(name: str) -> None:
    old = {
        package: version
        for package, version in pins(name).items()
        if package in NOT_BEFORE and numbers(version) < numbers(NOT_BEFORE[package])
    }
    assert old == {}


def test_the_larger_lock_contains_the_smaller() -> None:
    assert pins("requirements.lock").items() <= pins("requirements-dev.lock").items()


@pytest.mark.parametrize("script", ["lock.py", "vendor_js.py"])
def test_locks_are_kept(script: str) -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools" / script, "--check"], capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
