"""What docs/ollama-client.md says of the client: each difference has a test that is there, and the examples run."""

from __future__ import annotations

import ast
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tutor.ollama.testing import ScriptedOllama

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/ollama-client.md").read_text()
TABLES = PAGE.partition("\n## Ours and the published client\n")[2]
SUITE = ROOT / "tests/ollama"
EXAMPLES = [
    (path, number, block)
    for path in ("docs/ollama-client.md", "README.md")
    for number, block in enumerate(re.findall(r"```python\n(.*?)```", (ROOT / path).read_text(), re.DOTALL), 1)
]


def names_in(path: Path) -> Iterator[str]:
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
            yield f"{path.name}::{node.name}"


NAMED = re.findall(r"`(test_\w+\.py::\w+)`", PAGE)
EXISTING = {name for path in SUITE.glob("test_*.py") for name in names_in(path)}
BY_DIFFERENCE = {name for name in EXISTING if name.startswith("test_differences_")}


def test_every_test_that_is_named_is_there() -> None:
    assert len(NAMED) > 50
    assert [name for name in NAMED if name not in EXISTING] == []


def test_every_test_of_a_difference_is_named() -> None:
    # One only holds what is equal, where a difference is near.
    assert BY_DIFFERENCE - set(NAMED) == {"test_differences_ways.py::test_an_empty_authorization_is_none"}


def test_every_row_names_its_test() -> None:
    differences = TABLES.partition("\n### Bodies of requests\n")[0]
    rows = [row for row in differences.splitlines() if row.startswith("| ")]
    without = [row for row in rows if not re.search(r"\| `test_\w+\.py::\w+` \|$", row)]
    assert len(without) == 4  # the heads of the tables
    assert {row.rpartition("| ")[2] for row in without} == {"test |"}


@pytest.mark.parametrize(("path", "number", "block"), EXAMPLES, ids=[f"{path}-{n}" for path, n, _ in EXAMPLES])
def test_examples_run(path: str, number: int, block: str) -> None:
    with ScriptedOllama.in_thread() as server:
        environment = {**os.environ, "OLLAMA_HOST": server.base_url, "NO_PROXY": "*", "PYTHONUTF8": "1"}
        # Functions of the module keep their connection until the process ends.
        command = [sys.executable, "-W", "error", "-W", "ignore::ResourceWarning", "-c", block]
        run = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert (run.returncode, run.stderr) == (0, ""), (path, number)
