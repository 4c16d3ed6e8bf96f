"""Colours as they are in static/css/tokens.css: every text can be read on every ground it may stand on."""

from __future__ import annotations

import re
from itertools import product
from pathlib import Path

import pytest

TOKENS = (Path(__file__).parents[2] / "static/css/tokens.css").read_text()
LEAST = 4.6
GROUNDS = ("paper", "raised", "sunk")
PAIRS = [
    *product(("ink", "soft", "faint", "accent", "accent-deep", "sure", "possible", "good"), GROUNDS),
    *product(("ink", "soft"), ("learner", "accent-soft")),
    *product(("ink",), ("sure-soft", "possible-soft", "good-soft")),
    *((tone, f"{tone}-soft") for tone in ("sure", "possible", "good")),
    ("accent-deep", "accent-soft"),
    ("accent-deep", "learner"),
    ("on-accent", "accent"),
    ("on-accent", "accent-deep"),
]


def colours(scheme: str) -> dict[str, str]:
    light, dark = TOKENS.split("prefers-color-scheme: dark")
    return dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", light if scheme == "light" else dark))


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_can_be_read(scheme: str) -> None:
    known = colours(scheme)
    faint = {pair: contrast(known[pair[0]], known[pair[1]]) for pair in PAIRS}
    assert {pair: round(ratio, 2) for pair, ratio in faint.items() if ratio < LEAST} == {}


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_edges_of_fields_can_be_seen(scheme: str) -> None:
    known = colours(scheme)
    assert min(contrast(known["edge"], known[ground]) for ground in GROUNDS) >= 3
