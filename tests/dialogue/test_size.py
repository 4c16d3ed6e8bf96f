"""Which models talk freely."""

from __future__ import annotations

import pytest

from tutor.dialogue import is_small


@pytest.mark.parametrize("size", ["494.03M", "1.5B", "1.78B", "2B", None, "", "unknown", "137M"])
def test_small_or_unknown(size: str | None) -> None:
    assert is_small(size, ["completion"])


@pytest.mark.parametrize("size", ["3.1B", "3B", "7.6B", "8.0B", "14.8B", "70b", "1T"])
def test_big_enough(size: str) -> None:
    assert not is_small(size, ["completion", "tools"])
    assert not is_small(size, [])


def test_a_model_that_cannot_complete_does_not_talk() -> None:
    assert is_small("7B", ["embedding"])
