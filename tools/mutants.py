"""Every small break of a Python source: a comparison turned, a number one higher, a call left out."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass

_TURNED: dict[type[ast.AST], tuple[str, str]] = {
    ast.Eq: ("==", "!="),
    ast.NotEq: ("!=", "=="),
    ast.Lt: ("<", "<="),
    ast.LtE: ("<=", "<"),
    ast.Gt: (">", ">="),
    ast.GtE: (">=", ">"),
    ast.In: (" in ", " not in "),
    ast.NotIn: (" not in ", " in "),
    ast.Is: (" is ", " is not "),
    ast.IsNot: (" is not ", " is "),
    ast.And: (" and ", " or "),
    ast.Or: (" or ", " and "),
    ast.Add: ("+", "-"),
    ast.Sub: ("-", "+"),
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One break: what stands from ``start`` to ``end`` (marks of the source) becomes ``instead``."""

    path: str
    line: int
    start: int
    end: int
    was: str
    instead: str

    def applied_to(self, source: str) -> str:
        return source[: self.start] + self.instead + source[self.end :]

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {_brief(self.was)} → {_brief(self.instead)}"


def mutants(path: str, source: str) -> list[Mutant]:
    """The breaks of a source, each of which still parses; declarations of types and documentation are left alone."""
    lines = _starts(source)
    found = [
        Mutant(path, source.count("\n", 0, start) + 1, start, end, source[start:end], instead)
        for node in ast.walk(ast.parse(source))
        for start, end, instead in _breaks(node, source, lines)
    ]
    return [one for one in found if _parses(one.applied_to(source))]


def _breaks(node: ast.AST, source: str, lines: list[int]) -> Iterator[tuple[int, int, str]]:
    match node:
        case ast.Compare() | ast.BoolOp() | ast.BinOp():
            yield from _turned(node, source, lines)
        case ast.UnaryOp(op=ast.Not(), operand=operand):
            yield _span(node, source, lines)[0], _span(operand, source, lines)[0], ""
        case ast.Constant(value=bool() as value):
            yield *_span(node, source, lines), str(not value)
        case ast.Constant(value=int() | float() as value):
            yield *_span(node, source, lines), repr(value + 1)
        case ast.Return(value=ast.expr() as value) if not _is_none(value):
            yield *_span(value, source, lines), "None"
        case ast.Expr(value=ast.Call() | ast.Await()):
            yield *_span(node, source, lines), "..."


def _turned(
    node: ast.Compare | ast.BoolOp | ast.BinOp, source: str, lines: list[int]
) -> Iterator[tuple[int, int, str]]:
    match node:
        case ast.Compare(left=left, ops=[op], comparators=[right]):
            sides = left, right
        case ast.BoolOp(op=op, values=[first, second, *_]):
            sides = first, second
        case ast.BinOp(left=left, op=op, right=right):
            sides = left, right
        case _:
            return
    if type(op) in _TURNED:
        yield from _between(*sides, *_TURNED[type(op)], source, lines)


def _between(
    left: ast.expr, right: ast.expr, word: str, instead: str, source: str, lines: list[int]
) -> Iterator[tuple[int, int, str]]:
    """The operator, which the tree gives no place: between its two sides."""
    start, end = _span(left, source, lines)[1], _span(right, source, lines)[0]
    at = source.find(word, start, end)
    if at >= 0:
        yield at, at + len(word), instead


def _span(node: ast.expr | ast.stmt, source: str, lines: list[int]) -> tuple[int, int]:
    """Where a node stands; the tree counts bytes of its line, a source is read in marks."""

    def place(line: int, column: int) -> int:
        start = lines[line - 1]
        return start + len(source[start : start + column].encode()[:column].decode(errors="ignore"))

    return place(node.lineno, node.col_offset), place(node.end_lineno or node.lineno, node.end_col_offset or 0)


def _starts(source: str) -> list[int]:
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    return starts


def _is_none(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is None


def _parses(source: str) -> bool:
    try:
        ast.parse(source)
    except SyntaxError:
        return False
    return True


def _brief(text: str, most: int = 60) -> str:
    shown = " ".join(text.split()) or "(nothing)"
    return shown if len(shown) <= most else f"{shown[: most - 1]}…"
