"""Amounts and times as people say them."""

from __future__ import annotations

import pytest

from tutor.jobs.messages import time_text


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "1 second"),
        (1.2, "2 seconds"),
        (59, "59 seconds"),
        (60, "1 minute"),
        (89, "2 minutes"),
        (120, "2 minutes"),
        (121, "3 minutes"),
    ],
)
def test_a_time_is_never_shorter_than_it_is(seconds: float, text: str) -> None:
    assert time_text(seconds) == text
