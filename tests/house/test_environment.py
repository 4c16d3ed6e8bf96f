"""A setting that makes no sense ends the start with its name, and without a traceback."""

from __future__ import annotations

import pytest

from polyglott.env import read


@pytest.mark.parametrize(
    ("variable", "value", "words"),
    [
        ("POLYGLOTT_PUBLIC_URL", "nowhere", "must be a whole address"),
        ("POLYGLOTT_PORT", "eighty", "valid integer"),
        ("POLYGLOTT_ENGINE", "on", "'auto' or 'off'"),
    ],
)
def test_the_variable_is_named(monkeypatch: pytest.MonkeyPatch, variable: str, value: str, words: str) -> None:
    monkeypatch.setenv(variable, value)
    with pytest.raises(SystemExit) as end:
        read()
    assert str(end.value).startswith(f"{variable}: ")
    assert words in str(end.value)
    assert value not in str(end.value)
