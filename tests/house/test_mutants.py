"""The breaks that the mutation run makes: each is one place, parses, and means something else."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.mutants import mutants

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(
    ("source", "broken"),
    [
        ("x = a <= b", "x = a < b"),
        ("x = 'ñandú' == b", "x = 'ñandú' != b"),
        ("x = a in b", "x = a not in b"),
        ("x = a and b", "x = a or b"),
        ("x = not a", "x = a"),
        ("x = True", "x = False"),
        ("x = 60", "x = 61"),
        ("x = a - b", "x = a + b"),
        ("def f():\n    return a", "def f():\n    return None"),
        ("if a:\n    f()", "if a:\n    ..."),
    ],
)
def test_a_break_is_one_place(source: str, broken: str) -> None:
    assert broken in [one.applied_to(source) for one in mutants("x.py", source)]


def test_documentation_and_bare_returns_are_left_alone() -> None:
    assert mutants("x.py", 'def f() -> None:\n    """Say it twice."""\n    return None\n') == []


def test_every_break_of_the_rights_parses_and_differs() -> None:
    source = (ROOT / "tutor/policy.py").read_text()
    found = mutants("tutor/policy.py", source)
    assert len(found) > 50
    for one in found:
        assert ast.dump(ast.parse(one.applied_to(source))) != ast.dump(ast.parse(source)), one
