"""Size, names and imports: what no tool on the shelf checks the way this house means it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
SOURCES = sorted(
    path
    for folder in ("polyglott", "tutor")
    for path in (ROOT / folder).rglob("*.py")
    if "migrations" not in path.parts
)
FILE_LINES = 300
FUNCTION_LINES = 40
BANNED = {
    "util",
    "utils",
    "helper",
    "helpers",
    "manager",
    "handler",
    "handlers",
    "data",
    "info",
    "misc",
    "common",
    "core",
}
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


def source_id(path: Path) -> str:
    return str(path.relative_to(ROOT))


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


def test_there_are_sources() -> None:
    assert len(SOURCES) > 10


@pytest.mark.parametrize("path", SOURCES, ids=source_id)
def test_size(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= FILE_LINES
    long = {
        node.name: node.end_lineno - node.lineno + 1
        for node in functions(ast.parse(text))
        if node.end_lineno is not None and node.end_lineno - node.lineno >= FUNCTION_LINES
    }
    assert long == {}


@pytest.mark.parametrize("path", SOURCES, ids=source_id)
def test_names(path: Path) -> None:
    assert not BANNED & {path.stem, path.parent.name}
    classes = [node.name for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.ClassDef)]
    assert [name for name in classes if WORD.findall(name)[-1].lower() in BANNED] == []


def test_the_protocol_is_described_with_pydantic_alone() -> None:
    tree = ast.parse((ROOT / "tutor/chat/protocol.py").read_text())
    allowed = sys.stdlib_module_names | {"pydantic"}
    assert {name for name in imported(tree) if name.partition(".")[0] not in allowed} == set()


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
