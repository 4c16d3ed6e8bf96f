"""How long words are gathered: a moment for a few replies; for a crowd longer, and in step."""

from __future__ import annotations

import math

import pytest

from tutor.live.timing import BEAT_S, FEW, GATHER_MORE_S, GATHER_MOST_S, GATHER_S, gather_s

MOMENTS = [0.0, 0.0123, 5.0, 7.77, 12345.678901]


@pytest.mark.parametrize("now", MOMENTS)
@pytest.mark.parametrize("growing", [0, 1, FEW])
def test_a_few_replies_are_in_no_step(growing: int, now: float) -> None:
    assert gather_s(growing, now) == GATHER_S


@pytest.mark.parametrize("now", MOMENTS)
@pytest.mark.parametrize("growing", [FEW + 1, 50, 100, 1000])
def test_a_crowd_is_gathered_until_the_next_beat(growing: int, now: float) -> None:
    """Never longer than what is said for so many, and less than a beat shorter."""
    longest_s = min(GATHER_MOST_S, GATHER_S + GATHER_MORE_S * (growing - FEW))
    seconds = gather_s(growing, now)
    assert longest_s - BEAT_S - 1e-9 <= seconds <= longest_s + 1e-9
    beats = (now + seconds) / BEAT_S
    assert math.isclose(beats, round(beats), abs_tol=1e-4)


def test_whoever_begins_within_a_beat_ends_with_the_others() -> None:
    assert len({round(now + gather_s(100, now), 6) for now in (3.001, 3.004, 3.0099)}) == 1
