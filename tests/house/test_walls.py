"""Size, names and imports: what no tool on the shelf checks the way this house means it."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def nodes(path: Path, *kinds: type[ast.AST]) -> Iterator[Any]:
    return (node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, kinds))


def test_there_are_sources() -> None:
    assert len(SOURCES) > 10


def test_no_file_is_too_long() -> None:
    lines = {name_of(path): path.read_text().count("\n") for path in SOURCES}
    assert {name: count for name, count in lines.items() if count > FILE_LINES} == {}


def test_no_function_is_too_long() -> None:
    lines = {
        f"{name_of(path)}:{node.name}": node.end_lineno - node.lineno + 1
        for path in SOURCES
        for node in nodes(path, ast.FunctionDef, ast.AsyncFunctionDef)
    }
    assert len(lines) > 1000
    assert {name: count for name, count in lines.items() if count > FUNCTION_LINES} == {}


def test_no_module_is_called_after_nothing() -> None:
    assert [name_of(path) for path in SOURCES if BANNED & {path.stem, path.parent.name}] == []


def test_no_class_is_called_after_nothing() -> None:
    classes = [(path, node.name) for path in SOURCES for node in nodes(path, ast.ClassDef)]
    assert [f"{name_of(path)}:{name}" for path, name in classes if WORD.findall(name)[-1].lower() in BANNED] == []


def test_the_protocol_is_described_with_pydantic_alone() -> None:
    allowed = sys.stdlib_module_names | {"pydantic"}
    trees = [ast.parse((ROOT / f"tutor/chat/{name}.py").read_text()) for name in ("protocol", "card_parts")]
    names = {name for tree in trees for name in imported(tree)} - {"tutor.chat.card_parts"}
    assert {name for name in names if name.partition(".")[0] not in allowed} == set()


def imported(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield "." * node.level + (node.module or "")
